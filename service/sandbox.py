"""What a query worker gives up before it opens the store: memory beyond a limit, the network, other programs.

SERVICE makes the engine send HTTP requests and no argument turns that off, so the process itself loses the
right to make a socket.  On systems other than Linux only the memory limit holds, and the refusal of SERVICE
rests on `service.scan` alone.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import resource
import signal
import struct
import sys

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET = 0, 4
_X32_BIT = 0x40000000
# machine: (AUDIT_ARCH_*, system calls refused: socket, execve, execveat, io_uring_setup)
_MACHINES = {
    "x86_64": (0xC000003E, (41, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 221, 281, 425)),
}


class _Program(ctypes.Structure):
    """struct sock_fprog of <linux/filter.h>."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def limit_memory(size: int) -> None:
    """No more than `size` bytes of address space; the allocation beyond it ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def die_with_parent() -> None:
    """So that a parent that is killed leaves no endless query behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def no_network() -> bool:
    """Takes away socket(2), execve(2) and the ways around them; False where the system cannot do that."""
    known = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    program = _filter(*known)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    argument = _Program(len(program) // 8, program)
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(argument), 0, 0) == 0)


def _filter(architecture: int, refused: tuple[int, ...]) -> bytes:
    """Classic BPF: (code, jump if true, jump if false, operand), see seccomp(2)."""
    refusal = _ERRNO | errno.EACCES
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE_OFFSET),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, refusal),
        (_LOAD, 0, 0, _NUMBER_OFFSET),
        (_AT_LEAST, len(refused) + 1, 0, _X32_BIT),
        *((_EQUAL, len(refused) - index, 0, number) for index, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, refusal),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)

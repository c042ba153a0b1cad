"""One query worker as the service sees it: a process, and the frames that go to it and come from it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from kg.errors import SnapshotError
from service import frames
from service.frames import Frame

_START_SECONDS = 30
_EXIT_SECONDS = 1
# Bytes that may wait to be taken before no more are read.
_WAITING = 4 * frames.CHUNK
_MEMORY_SIGNS = (b"memory allocation of", b"bad_alloc", b"MemoryError", b"Cannot allocate memory")
# The engine has no one order for numbers and texts together, and gives up while it sorts.
_ORDER_SIGN = b"total order"


class FrameReader(asyncio.Protocol):
    """The frames that have come, in order.  A short answer comes as one message: all of it is there at once."""

    def __init__(self) -> None:
        self.closed = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._rest = bytearray()
        self._whole = deque[Frame]()
        self._waiting: asyncio.Future[None] | None = None
        self._size, self._paused = 0, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None
        if not self.closed.done():
            self.closed.set_result(None)
        self._wake()

    def data_received(self, data: bytes) -> None:
        self._rest += data
        start, head = 0, frames.HEADER.size
        with memoryview(self._rest) as view:
            while len(view) - start >= head:
                kind, length = frames.HEADER.unpack_from(view, start)
                end = start + head + length
                if end > len(view):
                    break
                self._whole.append((kind, bytes(view[start + head : end])))
                self._size += length
                start = end
        del self._rest[:start]
        if self._size > _WAITING and self._transport and not self._paused:
            self._transport.pause_reading()
            self._paused = True
        if self._whole:
            self._wake()

    def _wake(self) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    async def next(self) -> Frame:
        """Raises EOFError if none will come."""
        while not self._whole:
            if self._transport is None:
                raise EOFError
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        frame = self._whole.popleft()
        self._size -= len(frame[1])
        if self._paused and self._size <= _WAITING and self._transport:
            self._transport.resume_reading()
            self._paused = False
        return frame


@dataclass(eq=False, slots=True)
class Worker:
    """One process and the socket to it.  `killed` is true if we killed it, `retired` if it is to be replaced."""

    process: subprocess.Popen[bytes]
    stderr: IO[bytes]
    _transport: asyncio.Transport
    _frames: FrameReader
    killed: bool = False
    retired: bool = False

    @classmethod
    async def start(cls, store: Path, memory: int) -> Worker:
        """Raises OSError."""
        ours, theirs = socket.socketpair()
        # Not closed here: it lives as long as the worker.
        stderr = tempfile.TemporaryFile()  # noqa: SIM115
        command = [sys.executable, "-P", "-m", "service.worker", str(store), str(memory)]
        with theirs:
            # In this thread: the worker dies with the thread that starts it (PR_SET_PDEATHSIG).
            process = subprocess.Popen(  # noqa: S603
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                # Each arena of the C library's allocator reserves 64 MB of the worker's address space.
                env={**os.environ, "MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"},
            )
        ours.setblocking(False)
        try:
            transport, protocol = await asyncio.get_running_loop().create_connection(FrameReader, sock=ours)
        except BaseException:  # cancelled, since the pool stops: nobody knows of this process yet
            ours.close()
            process.kill()
            process.wait()
            stderr.close()
            raise
        return cls(process, stderr, transport, protocol)

    @property
    def usable(self) -> bool:
        return not (self.killed or self.retired) and self.process.poll() is None

    async def ready(self) -> None:
        """Raises SnapshotError if the store cannot be opened."""
        try:
            async with asyncio.timeout(_START_SECONDS):
                kind, _ = await self.receive()
        except (OSError, EOFError, TimeoutError) as error:
            raise SnapshotError(f"the store cannot be opened: {self.last_words()}") from error
        if kind != frames.READY:
            raise SnapshotError("the query worker does not speak as it should")

    def send(self, frame: bytes) -> None:
        """A worker at rest reads all of it, and one that is gone none: there is nothing to wait for."""
        self._transport.write(frame)

    async def receive(self) -> Frame:
        """The next frame.  Raises EOFError if the worker is gone."""
        return await self._frames.next()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.killed = True
            self.process.kill()

    def wait(self) -> int:
        """The exit code; a process that has closed its socket has a second to go by itself.  Blocks."""
        try:
            return self.process.wait(_EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def last_words(self) -> str:
        return self._tail().decode(errors="replace").strip().rpartition("\n")[2]

    def out_of_memory(self) -> bool:
        """Whether a worker that died by itself died for want of memory: its own words, or the kernel's kill."""
        tail = self._tail()
        return any(sign in tail for sign in _MEMORY_SIGNS) or self.process.poll() == -signal.SIGKILL

    def out_of_order(self) -> bool:
        """Whether it died over values that it could not sort."""
        return _ORDER_SIGN in self._tail()

    def _tail(self) -> bytes:
        size = self.stderr.seek(0, 2)
        self.stderr.seek(max(0, size - 4096))
        return self.stderr.read()

    async def end(self) -> None:
        """Kills the process and frees all that it held; may be called twice."""
        self.kill()
        # A process with gigabytes takes half a second to go.
        await asyncio.get_running_loop().run_in_executor(None, self.wait)
        self._transport.abort()
        try:
            # Whoever waits here may be cancelled; the wait itself must not be, for the next call has the same one.
            await asyncio.shield(self._frames.closed)
        finally:
            self.stderr.close()

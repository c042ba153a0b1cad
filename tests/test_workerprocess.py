"""Frames as they come from a worker: whole, in order, however the socket cuts them, and no more than are wanted."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
import uvloop

from service.frames import CHUNK, DATA, END, HEAD, Frame, frame
from service.workerprocess import FrameReader

FRAMES: list[Frame] = [(HEAD, b"{}"), (DATA, b"abc" * 50), (DATA, b""), (END, b'{"retire": false}')]
WIRE = b"".join(frame(kind, payload) for kind, payload in FRAMES)


def connected(steps: Callable[[socket.socket, FrameReader], Awaitable[None]]) -> None:
    """Runs the steps with one end of a socket; the frames that come out of the other are in the reader."""

    async def main() -> None:
        theirs, ours = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            transport, reader = await asyncio.get_running_loop().create_connection(FrameReader, sock=ours)
            try:
                await steps(theirs, reader)
            finally:
                transport.abort()
                await reader.closed

    uvloop.run(main())


@pytest.mark.parametrize("size", [1, 2, 5, 7, 64, len(WIRE)])
def test_frames_are_whole_however_they_are_cut(size: int) -> None:
    async def steps(theirs: socket.socket, reader: FrameReader) -> None:
        for start in range(0, len(WIRE), size):
            theirs.sendall(WIRE[start : start + size])
            await asyncio.sleep(0)
        assert [await reader.next() for _ in FRAMES] == FRAMES

    connected(steps)


def test_who_waits_gets_the_frame_that_comes_later() -> None:
    async def steps(theirs: socket.socket, reader: FrameReader) -> None:
        waiting = asyncio.create_task(reader.next())
        theirs.sendall(WIRE[:3])
        await asyncio.sleep(0.01)
        assert not waiting.done()
        theirs.sendall(WIRE[3:])
        assert await waiting == FRAMES[0]

    connected(steps)


def test_what_came_before_the_end_is_given_and_then_the_end_is_told() -> None:
    async def steps(theirs: socket.socket, reader: FrameReader) -> None:
        theirs.sendall(WIRE + WIRE[:4])
        theirs.close()
        await reader.closed
        assert [await reader.next() for _ in FRAMES] == FRAMES
        with pytest.raises(EOFError):
            await reader.next()

    connected(steps)


def test_a_wait_ends_with_the_worker() -> None:
    async def steps(theirs: socket.socket, reader: FrameReader) -> None:
        waiting = asyncio.create_task(reader.next())
        await asyncio.sleep(0)
        theirs.close()
        with pytest.raises(EOFError):
            await waiting

    connected(steps)


def test_no_more_is_read_than_is_taken() -> None:
    async def steps(theirs: socket.socket, reader: FrameReader) -> None:
        theirs.setblocking(False)
        chunk, sent, left = frame(DATA, b"x" * CHUNK), 0, memoryview(b"")
        for _ in range(2000):
            left = left or memoryview(chunk)
            try:
                written = theirs.send(left)
            except BlockingIOError:
                await asyncio.sleep(0.001)
                continue
            sent, left = sent + written, left[written:]
        # What is read ahead, and what the system holds on the way.
        assert sent < 4 * 1024 * 1024
        taken = 0
        while taken < sent // len(chunk):
            assert await reader.next() == (DATA, b"x" * CHUNK)
            taken += 1

    connected(steps)

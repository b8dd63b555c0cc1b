"""A life of the nursery as its orderer sees it: the same words as `asyncio.subprocess.Process` has."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]


@cache
def nursery() -> tuple["subprocess.Popen[bytes]", socket.socket]:
    """The nursery of this process, and its door; it ends when nobody holds the door any more."""
    door, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with inside:
        command = [sys.executable, "-m", "tests.end_to_end.nursery", str(inside.fileno())]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[inside.fileno()], start_new_session=True
        )
    return process, door


class Life:
    """One process."""

    def __init__(self, pid: int, told: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self._end = asyncio.create_task(_end(told, writer))

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it runs."""
        return self._end.result() if self._end.done() else None

    async def wait(self) -> int:
        """Wait for its end."""
        return await asyncio.shield(self._end)

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it runs."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


async def be_born(
    module: str, words: Sequence[str], folder: Path, environ: Mapping[str, str], *streams: IO[bytes]
) -> Life:
    """Let a process run `python -m module words` in a folder, with these streams as its first three."""
    _, door = nursery()
    here, there = socket.socketpair()
    with there:
        order = {"module": module, "words": words, "folder": str(folder), "environ": dict(environ)}
        fds = [*(stream.fileno() for stream in streams), there.fileno()]
        await asyncio.to_thread(socket.send_fds, door, [json.dumps(order).encode()], fds)
    told, writer = await asyncio.open_connection(sock=here)
    return Life(int(await told.readline()), told, writer)


async def _end(told: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
    try:
        return int(await told.readline())
    finally:
        writer.close()
        await writer.wait_closed()

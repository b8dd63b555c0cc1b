"""A process at the far end that counts what has arrived and tells it ten times a second, as seen by who started it."""

import asyncio
import json
import subprocess
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Self

EVERY_S = 0.1


class FarEnd:
    """Reads its lines of JSON: the first says that it is ready, the others are counts; `curve` is (when, how many)."""

    def __init__(self, process: asyncio.subprocess.Process, ready: Mapping[str, Any]) -> None:
        self.pid = process.pid
        self.ready = ready
        self.count = 0
        self.curve: list[tuple[float, int]] = []
        self._process = process
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def run(cls, *command: str) -> Self:
        """Start it, on the cores of the caller, and wait until it is ready."""
        process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout is not None
        return cls(process, json.loads(await process.stdout.readline()))

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.take(json.loads(line))

    def take(self, now: Mapping[str, Any]) -> None:
        """Take over what a line says."""
        self.count = now["count"]
        self.curve.append((now["t"], now["count"]))

    async def reach(self, count: int, timeout_s: float) -> bool:
        """Wait until so many arrived; False where they do not."""
        return await self.until(lambda: self.count >= count, timeout_s)

    async def until(self, condition: Callable[[], bool], timeout_s: float) -> bool:
        """Wait for a condition; False where it does not come true."""
        deadline_s = monotonic() + timeout_s
        while not condition():
            if monotonic() > deadline_s:
                return False
            await asyncio.sleep(EVERY_S / 2)
        return True

    def reached_s(self, count: int) -> float:
        """When so many had arrived; now where they have not."""
        return next((at_s for at_s, arrived in self.curve if arrived >= count), monotonic())

    async def stop(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading

"""A pass over the archive in a process of its own that kills itself at a chosen step: SIGKILL, nothing is tidied up."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from protocols.times import DAY_S
from storage import archiving, parquet_parts
from storage.writer import Unit, Writer
from tests.storage.archive_box import T0, archive_box

YEAR_S = 366 * DAY_S


class Steps:
    """Counts what reaches the disk: each file, name, transaction and removal. After one is before the next."""

    def __init__(self, last: int) -> None:
        self._left = last

    def passed(self) -> None:
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*given: Any, **named: Any) -> Any:
            done = real(*given, **named)
            self.passed()
            return done

        return stepped

    def around_settle(self, real: Callable[[Writer, Unit], Awaitable[None]]) -> Callable[[Writer, Unit], Any]:
        async def stepped(writer: Writer, unit: Unit) -> None:
            await real(writer, unit)
            self.passed()

        return stepped


def die_at(folder: str, step: int) -> None:
    """Archive two days and let them expire a year later, up to a step; end well where there are fewer."""
    steps = Steps(step)
    archiving.BATCH = 50
    parquet_parts.sync = steps.around(parquet_parts.sync)
    Path.rename = steps.around(Path.rename)  # type: ignore[method-assign]
    Path.unlink = steps.around(Path.unlink)  # type: ignore[method-assign]
    Writer.settle = steps.around_settle(Writer.settle)  # type: ignore[assignment, method-assign]
    asyncio.run(whole_pass(Path(folder)))


async def whole_pass(folder: Path) -> None:
    """What the night does, once now and once a year later."""
    async with archive_box(f"sqlite://{folder}/trambox.db", folder) as box:
        await box.move(2)
        await box.expiry.waypoints(365, (T0 + YEAR_S + 2 * DAY_S) * 1000, "night")

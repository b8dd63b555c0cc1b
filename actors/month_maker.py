"""Makes the months of vehicles once they are over; days that change later bring their month along themselves.

Invariant: from `BEGUN` on days keep their month up, and only then the vehicles' months are made, so none is missed:
a day written before stands when its month is made.
"""

from collections.abc import Callable
from functools import partial

import trio

from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.rounds import rested
from protocols.times import day_number
from storage.database import Database
from storage.traffic_months import BEGUN, MADE, first_month, month_of, month_unit, vehicle_spans
from storage.writer import Unit, Writer


class MonthMaker:
    """A part of the service `clock:traffic`.

    Args:
        counted: the stored value of a mark.
    """

    def __init__(self, now: Now, host: Host, writer: Writer, database: Database, counted: Callable[[str], int]) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._database = database
        self.made = counted(MADE)

    async def look(self) -> None:
        """Make what is over and was not made."""
        last = month_of(day_number(int(self._now()))) - 1
        if last <= self.made:
            return
        first = await self._host(partial(self._begin, last))
        for month in range(first, last + 1):
            for span in await self._host(vehicle_spans):
                begun_s = trio.current_time()
                await self._host(partial(self._writer.store, month_unit(month, *span)))
                await rested(begun_s)
        await self._host(partial(self._mark, MADE, last))
        self.made = last

    async def _begin(self, last: int) -> int:
        """Let days keep the months up from now on; gives the first one to make."""
        await self._mark(BEGUN, last)
        if self.made:
            return self.made + 1
        first = await first_month(self._database)
        return last + 1 if first is None else first

    async def _mark(self, name: str, month: int) -> None:
        unit = Unit()
        unit.mark(name, month)
        await self._writer.store(unit)

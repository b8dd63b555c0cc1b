"""Wires the sums behind the reports on vehicles: the marks, and the clock that counts and writes."""

from collections.abc import Callable

from actors.day_marks import DayMarks
from actors.kernel.actor import ChildSpec
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.traffic_clock import TrafficClock
from actors.world import World
from storage.database import Database
from storage.ids import Ids
from storage.writer import Writer


class Traffic:
    """The parts of this wing."""

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        database: Database,
        ids: Ids,
        world: World,
        version: Callable[[], int],
        counted: Callable[[str], int],
    ) -> None:
        self.marks = DayMarks(ids)
        self.clock = TrafficClock(now, host, writer, database, self.marks, world.vehicles, version, counted)
        self.clock.moving = world.vehicles.moving

    def spec(self) -> ChildSpec:
        """The child spec."""
        return ChildSpec("clock:traffic", "sums of vehicles", self.clock.run, self.clock.statistics)

"""Wires the judging of vehicles: the numbers that hold today, and the clock for tracks and drivers' hours."""

from collections.abc import Callable

from actors.driving_clock import DrivingClock
from actors.hours_desk import HoursDesk
from actors.kernel.actor import ChildSpec
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.messages import DroveStretch
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.world import World
from conf.settings import VehicleSettings
from storage.ids import Ids
from storage.waypoints import WaypointJournal
from storage.writer import Writer

QCVN_31_S = 20
"""Seconds that a speed violation lasts longer than, where the receiver judges by QCVN 31:2014/BGTVT."""


class Driving:
    """The parts of this wing."""

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        journal: WaypointJournal,
        world: World,
        book: LimitBook,
        counted: Callable[[str], int],
    ) -> None:
        self.clock = DrivingClock(now, host, writer, ids, journal, world.vehicles, book, counted)
        self._now = now
        self.book = book
        """The numbers of every day, with their articles."""

    def desk(self, stretch: Callable[[str], DroveStretch | None]) -> HoursDesk:
        """Who answers about drivers' hours; `stretch` tells who drove a source last."""
        return HoursDesk(self._now, self.book, stretch)

    def spec(self) -> ChildSpec:
        """The child spec."""
        return ChildSpec("clock:driving", "driving hours", self.clock.run, self.clock.statistics)


def book_of(settings: VehicleSettings) -> LimitBook:
    """The rows of the law with the options that were chosen."""
    choices: set[str] = set()
    if settings.overspeed_s == QCVN_31_S:
        choices.add("qcvn_31_2014")
    if settings.weekly_hours:
        choices.add("weekly_hours")
    return LimitBook(load_limits(), choices)

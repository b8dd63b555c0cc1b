"""Wires the exceedances: what watches the values, the clock that looks for exceedances, and whom they are told to."""

from collections.abc import Callable, Sequence

from actors.events import Events
from actors.exceedance_clock import ExceedanceChanged, ExceedanceClock
from actors.exceedance_watch import ExceedanceWatch
from actors.exceeding import GoingOn
from actors.kernel.actor import ChildSpec
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.rules.limits import Averaging
from actors.world import World
from protocols.times import iso
from storage.ids import Ids
from storage.writer import Writer

MEANS = (Averaging.HOUR, Averaging.EIGHT_HOURS, Averaging.DAY)

Told = Callable[[Sequence[ExceedanceChanged]], None]


class Exceedances:
    """The watch and its clock. `told` may be added to by whoever sends notices."""

    def __init__(self, now: Now, host: Host, writer: Writer, ids: Ids, world: World, events: Events) -> None:
        self._world = world
        self._events = events
        self.watch = ExceedanceWatch(ids, world.profiles.get)
        self.clock = ExceedanceClock(now, host, writer, ids, world.profiles.get, self.watch, self._changed)
        self.told: list[Told] = [self._push]

    def spec(self) -> ChildSpec:
        """The service."""
        return ChildSpec("clock:exceedances", "exceedances", self.clock.run, self.clock.statistics)

    def going_on(self, station_id: int) -> GoingOn:
        """What cannot be read off a station's last values: its means, and which values have a tendency."""
        return GoingOn(self.clock.level(station_id, *MEANS), self.clock.tending(station_id))

    def means_beyond(self, station_id: int) -> dict[str, list[Averaging]]:
        """The parameters whose newest means are beyond their limits."""
        return self.clock.beyond(station_id, *MEANS)

    def _changed(self, changes: Sequence[ExceedanceChanged]) -> None:
        for tell in self.told:
            tell(changes)

    def _push(self, changes: Sequence[ExceedanceChanged]) -> None:
        for change in changes:
            profile = self._world.profiles.get(change.station_id)
            self._events.push(
                "exceedance",
                {
                    "station": profile.code if profile else str(change.station_id),
                    "parameter": change.parameter,
                    "averaging": str(change.averaging),
                    "level": str(change.level),
                    "state": str(change.state),
                    "start": iso(change.start_s),
                    "worst": change.worst,
                    "cmax": change.cmax,
                    "unit": change.unit,
                },
            )

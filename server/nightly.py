"""Wires what is judged once a day: the nightly clock, its tasks, and the desks that show and change their results."""

from collections.abc import Callable, Iterable, Sequence

from actors.calibrator import Calibrator
from actors.drift_desk import LOOKED_AT, DriftDesk
from actors.drift_judge import DriftJudge
from actors.kernel.actor import ChildSpec
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.late_judge import SEEN, LateJudge
from actors.messages import Effect
from actors.nightly import LAST_NIGHT, NightlyClock, NightTask
from actors.rules.defaults import Element
from actors.station_profile import StationProfile
from conf.settings import NightlySettings
from storage.database import Database
from storage.ids import Ids
from storage.writer import Unit, Writer

Watch = Callable[[Unit, Sequence[Effect]], None]


class Night:
    """The nightly service and its parts."""

    def __init__(
        self,
        settings: NightlySettings,
        database: Database,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        counted: Callable[[str], int],
        elements: Iterable[Element],
        profiles: Callable[[int], StationProfile | None],
        touched: Callable[[], None],
        more: Sequence[NightTask] = (),
    ) -> None:
        elements = tuple(elements)
        self.drift = DriftDesk(DriftJudge(now, writer, ids), writer, elements, lambda: counted(LOOKED_AT))
        late = self.late = LateJudge(now, writer, ids, profiles, lambda: counted(SEEN), touched)
        tasks = [
            NightTask("late_revised", late.night),
            NightTask("drift_days", self.drift.night),
            NightTask("proposals", Calibrator(database, elements, now).night),
            NightTask("drift_confirmed", self.drift.week, weekly=True),
            *more,
        ]
        at_s = seconds_of(settings.at)
        self.clock = NightlyClock(now, host, writer, at_s, lambda: counted(LAST_NIGHT), tasks)

    def spec(self) -> ChildSpec:
        """The child spec."""
        return ChildSpec("clock:nightly", "nightly", self.clock.run, self.clock.statistics)


def seconds_of(time: str) -> int:
    """Read hh:mm."""
    hours, minutes = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def both(first: Watch, second: Watch) -> Watch:
    """Let two parts add to the unit of a round."""

    def watch(unit: Unit, effects: Sequence[Effect]) -> None:
        first(unit, effects)
        second(unit, effects)

    return watch

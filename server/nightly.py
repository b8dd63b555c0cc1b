"""Wires what is judged once a day: the nightly clock, its tasks, and the desks that show and change their results."""

from collections.abc import Callable, Iterable

from actors.drift_desk import LOOKED_AT, DriftDesk
from actors.drift_judge import DriftJudge
from actors.kernel.actor import ChildSpec
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.nightly import LAST_NIGHT, NightlyClock, NightTask
from actors.rules.defaults import Element
from conf.settings import NightlySettings
from storage.ids import Ids
from storage.writer import Writer


class Night:
    """The nightly service and its parts."""

    def __init__(
        self,
        settings: NightlySettings,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        counted: Callable[[str], int],
        elements: Iterable[Element],
    ) -> None:
        self.drift = DriftDesk(DriftJudge(now, writer, ids), writer, elements, lambda: counted(LOOKED_AT))
        tasks = [
            NightTask("drift_days", self.drift.night),
            NightTask("drift_confirmed", self.drift.week, weekly=True),
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

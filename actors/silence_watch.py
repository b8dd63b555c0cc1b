"""The watchdog of Q2: a station that is silent for over three intervals and two minutes lacks data ("thiếu dữ liệu").

Each silence is one episode of the review queue about the whole station (test `completeness`, no parameter, flag
MISSING), from the last sign of life; the next record ends it, whatever state it stands in. Freshness goes by cadence
and grace and is another matter.
Invariant: what is open is read from the store at every look, so a kill between two looks repeats nothing.
"""

from collections.abc import Callable, Iterable
from functools import partial

import structlog

from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.rounds import go_rounds
from actors.rules.freshness import watchdog_at
from actors.rules.timetable import missing_beats
from actors.station import StationActor
from protocols.vocabulary import ActorState, EpisodeState, Flag
from storage.ids import Ids
from storage.models import EpisodeRow
from storage.review import SILENCE, silences_to_do
from storage.writer import Unit, Writer

log = structlog.get_logger()

LOOK_S = 10.0
RETURNED = (
    "UPDATE episodes SET state = ?, decision = 'cleared', last_s = ?, count = ?, version = version + 1, "
    "due_ms = NULL, changed_ms = ? WHERE id = ? AND state <> ?"
)


class SilenceWatch:
    """The service `clock:silences`.

    Args:
        stations: every station's actor.
    """

    def __init__(
        self, now: Now, host: Host, writer: Writer, ids: Ids, stations: Callable[[], Iterable[StationActor]]
    ) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._ids = ids
        self._stations = stations
        self._since_s = now()
        self.standing = 0

    async def run(self, ready: Callable[[], None]) -> None:
        """Look, for ever."""
        ready()
        await go_rounds(
            partial(self._host, self.look),
            lambda reason: log.warning("silences_wait", reason=reason),
            LOOK_S,
        )

    def lacks_data(self, actor: StationActor) -> bool:
        """Whether a station's silence has lasted too long; while the box itself was down nobody could speak."""
        if not actor.last_seen_ms or actor.state is ActorState.STOPPED:
            return False
        timetable, now_s = actor.timetable, self._now()
        heard_s = timetable.after(self._since_s, 1.0)
        return now_s > watchdog_at(max(actor.due_s, heard_s), timetable)

    async def look(self) -> None:
        """Open an episode for each silence that has none, end those of stations that speak."""
        open_rows = {row.station_id: row for row in await silences_to_do()}
        unit, now_ms, standing = Unit(), int(self._now() * 1000), 0
        for actor in self._stations():
            row, seen_s = open_rows.get(actor.profile.station_id), actor.last_seen_ms // 1000
            if row is not None and seen_s > row.first_s:
                self._end(unit, actor, row, seen_s, now_ms)
                row = None
            if row is not None:
                standing += 1
            elif self.lacks_data(actor):
                standing += 1
                self._begin(unit, actor, seen_s, now_ms)
        if unit.rows or unit.updates:
            await self._writer.store(unit)
        self.standing = standing

    def _begin(self, unit: Unit, actor: StationActor, seen_s: int, now_ms: int) -> None:
        missing = missing_beats(actor.timetable.beats(seen_s, now_ms / 1000))
        what = (self._ids.take("episodes"), actor.profile.station_id, "", SILENCE)
        span = (seen_s, now_ms // 1000, missing, int(Flag.MISSING))
        unit.add("episodes", (*what, *span, str(EpisodeState.OPEN), 1, now_ms, now_ms, "", "", None, False))

    def _end(self, unit: Unit, actor: StationActor, row: EpisodeRow, seen_s: int, now_ms: int) -> None:
        missing = missing_beats(actor.timetable.beats(row.first_s, seen_s))
        done = str(EpisodeState.DONE)
        unit.updates.append((RETURNED, (done, seen_s, missing, now_ms, row.id, done)))

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        return {"silent": self.standing}

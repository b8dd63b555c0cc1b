"""The service `clock:exceedances`: looks for exceedances wherever values changed, at once, and keeps what goes on.

The worklist is durable: it is written with the values (actors/exceedance_watch.py) and taken away with the exceedances.
Invariant: state is the open ones, one number for each series, and marks; everything else is read from the store.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import NamedTuple

import structlog

from actors.exceedance_making import SOURCES, Found, Looked, find, row_of, says_the_same
from actors.exceedance_marks import Marks
from actors.exceedance_watch import ExceedanceWatch
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.rules.exceedance import SILENCE_STEPS, SURENESS, Run, is_beyond
from actors.rules.limits import Averaging
from actors.station_profile import StationProfile
from actors.worklist import Worklist
from protocols.vocabulary import ExceedanceLevel, ExceedanceState
from storage.exceedances import open_exceedances, reaches, waiting_work
from storage.ids import Ids
from storage.models import ExceedanceWorkRow
from storage.writer import Unit, Writer

log = structlog.get_logger()

TOGETHER = 16
"""Stations of one transaction."""
DONE = "DELETE FROM exceedance_work WHERE id = ?"
WITHDRAW = "UPDATE exceedances SET state = ?, end_s = last_s, updated_ms = ? WHERE id = ?"


class ExceedanceChanged(NamedTuple):
    """An exceedance began, changed its state, ended or was withdrawn, and is stored so."""

    station_id: int
    parameter: str
    averaging: Averaging
    level: ExceedanceLevel
    state: ExceedanceState
    was: str
    start_s: int
    end_s: int | None
    worst: float
    cmax: float | None
    unit: str


class ExceedanceClock:
    """Keeps the exceedances.

    Args:
        changed: told what changed its state, after the commit.
    """

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        profiles: Callable[[int], StationProfile | None],
        watch: ExceedanceWatch,
        changed: Callable[[Sequence[ExceedanceChanged]], None],
    ) -> None:
        self._now = now
        self._writer = writer
        self._ids = ids
        self._profiles = profiles
        self._watch = watch
        self._changed = changed
        self._marks = Marks()
        self._work = Worklist(host, self.look, lambda reason: log.warning("exceedances_wait", reason=reason))
        self._open: dict[int, dict[tuple[str, str, int], ExceedanceLevel]] = defaultdict(dict)
        self.looked = 0

    def touched(self) -> None:
        """Work was stored."""
        self._work.touched()

    def level(self, station_id: int, *averagings: Averaging) -> ExceedanceLevel:
        """The worst of what goes on at a station."""
        levels = [
            level for (_, averaging, _), level in self._open.get(station_id, {}).items()
            if not averagings or averaging in averagings
        ]  # fmt: skip
        return max(levels, key=SURENESS.index, default=ExceedanceLevel.WITHIN)

    def tending(self, station_id: int) -> frozenset[str]:
        """The parameters whose single values have a tendency to pass their limit."""
        going_on = self._open.get(station_id, {}).items()
        return frozenset(
            parameter for (parameter, averaging, _), level in going_on
            if averaging == Averaging.INSTANT and level is ExceedanceLevel.TENDENCY
        )  # fmt: skip

    def beyond(self, station_id: int, *averagings: Averaging) -> dict[str, list[Averaging]]:
        """The parameters that are beyond a limit now in these averagings, each with them in order."""
        found: dict[str, list[Averaging]] = {}
        for (parameter, averaging, _), level in sorted(self._open.get(station_id, {}).items()):
            if averaging in averagings and is_beyond(level):
                found.setdefault(parameter, []).append(Averaging(averaging))
        return {parameter: sorted(own, key=averagings.index) for parameter, own in found.items()}

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        return {"looked": self.looked, "open": sum(map(len, self._open.values()))}

    async def run(self, ready: Callable[[], None]) -> None:
        """Look wherever there is work, for ever."""
        ready()
        await self._work.run()

    async def load(self) -> None:
        """Know again what goes on and how far each series' exceedances reach; before anything is judged."""
        for (station_id, parameter), (newest_s, is_open) in (await reaches()).items():
            self._watch.reach[station_id, parameter] = inf if is_open else newest_s + self._silence_s(station_id)
        self._open.clear()
        for row in await open_exceedances():
            self._open[row.station_id][row.parameter, row.averaging, row.start_s] = ExceedanceLevel(row.level)

    def _silence_s(self, station_id: int) -> int:
        profile = self._profiles(station_id)
        return SILENCE_STEPS * profile.cadence_s if profile is not None else 0

    def _reach(self, station_id: int, found: Found, looked_to_s: int) -> None:
        """Note up to when a value of the series may change what was found."""
        symbol = found.series.symbol
        known_s = self._watch.reach.get((station_id, symbol), -inf)
        goes_on = any(run.end_s is None for run in found.runs) or any(
            (parameter, averaging) == (symbol, Averaging.INSTANT)
            for parameter, averaging, _ in self._open.get(station_id, ())
        )
        newest_s = max((run.end_s or run.last_s for run in found.runs), default=looked_to_s)
        reach_s = max(newest_s, looked_to_s) + self._silence_s(station_id)
        self._watch.reach[station_id, symbol] = inf if goes_on else max(reach_s, known_s if known_s < inf else -inf)

    async def look(self) -> int:
        """Do what waits; returns how much that was."""
        work = await waiting_work()
        groups: dict[tuple[int, str], list[ExceedanceWorkRow]] = defaultdict(list)
        for row in work:
            groups[row.station_id, row.averaging].append(row)
        waiting = list(groups.items())
        for at in range(0, len(waiting), TOGETHER):
            unit, changes, looked = (
                Unit(),
                list[ExceedanceChanged](),
                list[tuple[StationProfile, Averaging, Looked, int]](),
            )
            for (station_id, word), rows in waiting[at : at + TOGETHER]:
                unit.updates += [(DONE, (row.id,)) for row in rows]
                averaging, ends = Averaging(word), [row.end_s for row in rows]
                profile, source = self._profiles(station_id), SOURCES.get(averaging)
                if profile is None or source is None:
                    continue
                seen = await find(profile, averaging, min(ends) - source.span_s, max(ends), self._marks)
                for found in seen.found:
                    changes += self._write(unit, station_id, averaging, found)
                looked.append((profile, averaging, seen, max(ends)))
            await self._writer.store(unit)
            self.looked += len(unit.updates)
            self._tell(changes)
            for place in looked:
                self._know(*place)
        return len(work)

    def _know(self, profile: StationProfile, averaging: Averaging, looked: Looked, looked_to_s: int) -> None:
        """Keep in memory what was stored."""
        if looked.marks is None:
            self._marks.forget(profile, averaging)
        else:
            self._marks.keep(profile, averaging, looked.marks)
        if averaging is Averaging.INSTANT:
            for found in looked.found:
                self._reach(profile.station_id, found, looked_to_s)

    def _write(self, unit: Unit, station_id: int, averaging: Averaging, found: Found) -> Iterable[ExceedanceChanged]:
        symbol, now_ms = found.series.symbol, int(self._now() * 1000)
        place = station_id, symbol, averaging
        for gone in found.gone:
            unit.updates.append((WITHDRAW, (str(ExceedanceState.WITHDRAWN), now_ms, gone.id)))
            yield ExceedanceChanged(
                *place, ExceedanceLevel(gone.level), ExceedanceState.WITHDRAWN, gone.state, gone.start_s, gone.last_s,
                gone.worst, gone.high, gone.unit,
            )  # fmt: skip
        for run in found.runs:
            row = found.stored.get(run.start_s)
            if row is not None and says_the_same(row, run):
                continue
            values = row_of(run)
            key = (self._ids.take("exceedances"), station_id, symbol, str(averaging))
            unit.add("exceedances", (*key, *values, found.series.unit or "", run.count, now_ms, now_ms))
            if row is None or row.state != values[4]:
                yield _changed(place, run, "" if row is None else row.state, found.series.unit or "")

    def _tell(self, changes: Sequence[ExceedanceChanged]) -> None:
        for change in changes:
            own = self._open[change.station_id]
            own.pop((change.parameter, change.averaging, change.start_s), None)
            if change.end_s is None:
                own[change.parameter, change.averaging, change.start_s] = change.level
            log.info(
                "exceedance_changed", station=change.station_id, parameter=change.parameter,
                averaging=str(change.averaging), level=str(change.level), now=str(change.state), worst=change.worst,
            )  # fmt: skip
        if changes:
            self._changed(changes)


def _changed(place: tuple[int, str, Averaging], run: Run, was: str, unit: str) -> ExceedanceChanged:
    cmax = row_of(run)[7]
    state = ExceedanceState.ENDED if run.end_s is not None else ExceedanceState(run.level.value)
    assert cmax is None or isinstance(cmax, float)
    return ExceedanceChanged(
        *place, run.level, state, was, run.start_s, run.end_s, run.worst.value, cmax, unit,
    )  # fmt: skip

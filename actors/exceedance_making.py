"""Makes the exceedances of one stretch of a station anew: reads its values, finds the runs, says what differs.

The stretch grows to the ends of every exceedance that it touches, so that a late value in the middle of one is seen
with all that follows from it; it begins at a mark before it where there is one (actors/exceedance_marks.py).
Invariant: what comes out is what a batch over all values would say of that stretch.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite

from actors.exceedance_marks import Mark, Marks, fold_marked, mark_times
from actors.rules.exceedance import SILENCE_STEPS, Fold, Held, Run, hold, with_tendency
from actors.rules.limits import Averaging, Limit, limit_at
from actors.rules.oxygen import Oxygen, is_oxygen
from actors.station_profile import SeriesProfile, StationProfile
from protocols.times import DAY_S, HOUR_S
from protocols.vocabulary import ExceedanceState
from storage.exceedances import (
    Point,
    Points,
    days,
    exceedances_touching,
    has_later_day,
    has_later_eight_hours,
    has_later_hour,
    has_later_instant,
    hours,
    instants,
    running_eight_hours,
)
from storage.models import ExceedanceRow


@dataclass(frozen=True, slots=True)
class Source:
    """Where the values of one averaging come from; `span_s` is how far back a piece of work reaches."""

    read: Callable[[int, int, int], Awaitable[Points]]
    has_later: Callable[[int, str, int], Awaitable[bool]]
    span_s: int
    step_s: Callable[[StationProfile], int]


SOURCES: Mapping[Averaging, Source] = {
    Averaging.INSTANT: Source(instants, has_later_instant, HOUR_S, lambda profile: profile.cadence_s),
    Averaging.HOUR: Source(hours, has_later_hour, 1, lambda profile: HOUR_S),
    Averaging.EIGHT_HOURS: Source(running_eight_hours, has_later_eight_hours, 1, lambda profile: HOUR_S),
    Averaging.DAY: Source(days, has_later_day, 1, lambda profile: DAY_S),
}


@dataclass(frozen=True, slots=True)
class Found:
    """The runs of one series in a stretch, and the stored ones that are no more."""

    series: SeriesProfile
    runs: Sequence[Run]
    stored: Mapping[int, ExceedanceRow]
    gone: Sequence[ExceedanceRow]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a stretch came to, and where its runs stood in between; no marks where nothing will be read again."""

    found: Sequence[Found]
    marks: Sequence[Mark] | None


def limited(profile: StationProfile, averaging: Averaging) -> list[SeriesProfile]:
    """The parameters whose limit is held against values of that averaging."""
    return [series for series in profile.series if any(averaging in limit.averaging for limit in series.limits)]


async def find(profile: StationProfile, averaging: Averaging, from_s: int, to_s: int, marks: Marks) -> Looked:
    """Find what (from_s, to_s] and all that it touches come to, for each parameter with a limit."""
    source, station_id = SOURCES[averaging], profile.station_id
    step_s = source.step_s(profile)
    gap_s, tends_s = SILENCE_STEPS * step_s, tendency_s(profile)
    to_s += tends_s
    mark = marks.before(profile, averaging, from_s)
    while True:
        touched_s = from_s - gap_s if mark is None else min(from_s - gap_s, *_known_to(mark))
        rows = await exceedances_touching(station_id, averaging, touched_s, to_s + gap_s)
        wider = (
            min([from_s, *(row.start_s - 1 for row in rows if mark is None)]),
            max([to_s, *(max(row.last_s, row.end_s or 0) for row in rows)]),
        )
        if wider == (from_s, to_s):
            break
        from_s, to_s = wider
    after_s = from_s - gap_s if mark is None else mark.time_s
    points = await source.read(station_id, after_s - tends_s, to_s + gap_s)
    concerned = rows if mark is None else [row for row in rows if _may_change(row, mark)]
    times = mark_times(point.time_s for of_one in points.values() for point in of_one)
    times = [time_s for time_s in times if time_s > after_s]
    stood: dict[str, list[Run | None]] = {}
    found: list[Found] = []
    for series in limited(profile, averaging):
        fold = Fold(step_s, None if mark is None else mark.runs.get(series.symbol))
        held = held_values(series.limits, averaging, points, series.symbol, after_s)
        stood[series.symbol] = fold_marked(fold, held, times)
        runs = [run for run in fold.runs if run.start_s <= to_s]
        if (
            runs
            and runs[-1].end_s is None
            and await source.has_later(station_id, series.symbol, max(to_s + gap_s, runs[-1].last_s))
        ):
            runs[-1] = replace(runs[-1], end_s=runs[-1].last_s)
        stored = {row.start_s: row for row in concerned if row.parameter == series.symbol}
        starts = {run.start_s for run in runs}
        gone = [row for start_s, row in stored.items() if start_s not in starts]
        found.append(Found(series, runs, stored, gone))
    orphans = [row for row in concerned if row.parameter not in stood]
    found += [Found(profile.unknown_series(row.parameter), (), {}, (row,)) for row in orphans]
    goes_on = rows or any(each.runs for each in found)
    return Looked(found, _marks(times, stood) if goes_on else None)


def _known_to(mark: Mark) -> Iterable[int]:
    """Where rows of what went on at a mark are found."""
    return [mark.time_s, *(run.last_s for run in mark.runs.values())]


def _may_change(row: ExceedanceRow, mark: Mark) -> bool:
    """Whether values after a mark have a say in a stored exceedance."""
    run = mark.runs.get(row.parameter)
    return row.start_s > mark.time_s or (run is not None and run.start_s == row.start_s)


def _marks(times: Sequence[int], stood: Mapping[str, Sequence[Run | None]]) -> list[Mark]:
    return [
        Mark(time_s, {symbol: run for symbol, runs in stood.items() if (run := runs[at]) is not None})
        for at, time_s in enumerate(times)
    ]


def held_values(
    limits: Sequence[Limit], averaging: Averaging, points: Points, symbol: str, after_s: float = -inf
) -> Iterable[Held]:
    """Hold a series' values against the limit of their time; what is not after `after_s` counts for tendencies only."""
    oxygen = oxygen_of(points)
    back_s = 0 if averaging is Averaging.INSTANT else 1  # a mean that ends at midnight is of the day before
    held = (
        hold(
            point.time_s, point.value, point.flag, point.status,
            limit_at(limits, averaging, point.time_s - back_s), oxygen.get(point.time_s),
        )
        for point in points.get(symbol, ())
    )  # fmt: skip
    return (each for each in with_tendency(filter(None, held)) if each.time_s > after_s)


def oxygen_of(points: Mapping[str, Sequence[Point]]) -> dict[int, Oxygen]:
    """The station's O2 by instant."""
    return {
        point.time_s: Oxygen(point.value, point.flag)
        for symbol, series in points.items()
        if is_oxygen(symbol)
        for point in series
    }


def tendency_s(profile: StationProfile) -> int:
    """How far a value reaches into the tendencies of those after it."""
    spans = [limit.tendency_s for series in profile.series for limit in series.limits if limit.tendency_s is not None]
    return int(max(spans, default=0))


def row_of(run: Run) -> tuple[object, ...]:
    """A run as the columns from `start_s` to `low` of its row."""
    limit = run.worst.limit
    state = ExceedanceState.ENDED if run.end_s is not None else ExceedanceState(run.level.value)
    cmax = limit.cmax if isfinite(limit.cmax) else None
    return (
        run.start_s, run.last_s, run.end_s, str(run.level), str(state), run.worst.value, run.worst.time_s, cmax,
        limit.low,
    )  # fmt: skip


def says_the_same(row: ExceedanceRow, run: Run) -> bool:
    """Whether a stored row says what a run says."""
    kept = (
        row.start_s, row.last_s, row.end_s, row.level, row.state, row.worst, row.worst_s, row.high, row.low, row.count,
    )  # fmt: skip
    return kept == (*row_of(run), run.count)

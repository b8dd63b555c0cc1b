"""Which values an act is about, and what each of them becomes.

Invariant: nothing is written here; what cannot be computed is refused with the reason, for all values or for none.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from actors.review_acts import Act, NotThere, ReviewRefused
from actors.rules.interpolation import METHOD, Filled, Point, interpolate
from protocols.times import iso
from protocols.vocabulary import Flag, ReviewAction
from storage.layers import NOBODY, Effective, effective_span
from storage.models import EpisodeRow
from storage.review import Record, questioned
from storage.review_cases import Case
from storage.review_writes import cadence_of, decided_times

MARKABLE = (Flag.NOT_EVALUATED, Flag.SUSPECT, Flag.FAIL)
HOLES = ("gap", "completeness")
"""Tests that question what is not there."""
MOST = 20_000
FLAGS = {
    ReviewAction.APPROVE: Flag.GOOD,
    ReviewAction.REJECT: Flag.FAIL,
    ReviewAction.CORRECT: Flag.GOOD,
    ReviewAction.INTERPOLATE: Flag.GOOD,
    ReviewAction.MARK: Flag.SUSPECT,
    ReviewAction.CONFIRM_ABNORMAL: Flag.GOOD,
    ReviewAction.PROMOTE: Flag.GOOD,
}


class Change(NamedTuple):
    """What one instant becomes."""

    time_s: int
    reading_id: int
    flag: int | None
    value: float | None = None
    unit: str = ""
    method: str = ""


async def targets(row: EpisodeRow, case: Case, act: Act, found: Sequence[Record]) -> list[int]:
    """The instants an act is about, ascending; raises ReviewRefused."""
    if act.action is ReviewAction.PROMOTE:
        record = next((one for one in found if one.id == act.reading_id), None)
        if record is None:
            raise NotThere(
                "no_record", f"no record {act.reading_id} in this episode", "reading", id=str(act.reading_id)
            )
        if sum(one.time_s == record.time_s for one in found) < 2:
            raise ReviewRefused(
                "only_record", "it is the only record of its instant; there is nothing to choose", "reading"
            )
        return [record.time_s]
    if act.action is ReviewAction.REOPEN:
        return sorted(await _decided(case))
    if act.action is ReviewAction.INTERPOLATE and row.test in HOLES and not act.times_s:
        return await _holes(row)
    times = sorted(act.times_s or act.values or await _undecided(case, found))
    if act.action is not ReviewAction.INTERPOLATE:
        known = {record.time_s for record in found}
        if unknown := [time_s for time_s in times if time_s not in known]:
            raise NotThere(
                "no_reading", f"no reading of {iso(unknown[0])} in this episode", "times", time=_clock(unknown[0])
            )
    if len(times) > MOST:
        raise _too_many(len(times))
    return times


async def _decided(case: Case) -> set[int]:
    """What is decided of any of the episodes."""
    return set().union(*[await decided_times(row) for row in case.episodes])


async def _undecided(case: Case, found: Sequence[Record]) -> set[int]:
    """What is questioned and nobody has decided, or all of it where everything is decided."""
    every = {record.time_s for record in questioned(found, *case.tests)}
    return every - await _decided(case) or every


async def _holes(row: EpisodeRow) -> list[int]:
    """The instants that the station should have sent and did not, before each value that came after a hole."""
    cadence_s = await cadence_of(row.station_id)
    layer = (await effective_span([row.station_id], row.first_s - MOST * 60, row.last_s, row.parameter)).get(
        row.station_id
    )
    times = [] if layer is None else [one.time_s for one in layer.readings.get(row.parameter, [])]
    holes = [
        time_s
        for before_s, after_s in pairwise(times)
        if after_s >= row.first_s
        for time_s in range(before_s + cadence_s, after_s - cadence_s // 2, cadence_s)
    ]
    if not holes:
        raise ReviewRefused("nothing_missing", "nothing is missing before these values", "times")
    if len(holes) > MOST:
        raise _too_many(len(holes))
    return holes


async def changes(row: EpisodeRow, act: Act, found: Sequence[Record], chosen: Sequence[int]) -> list[Change]:
    """What the chosen instants become; raises ReviewRefused."""
    if act.action is ReviewAction.REOPEN:
        return [Change(time_s, NOBODY, None) for time_s in chosen]
    if not chosen:
        raise ReviewRefused("nothing_questioned", "the episode questions no value any more", "times")
    flag = act.flag if act.flag is not None else FLAGS[act.action]
    if act.action is ReviewAction.MARK and flag not in MARKABLE:
        raise ReviewRefused("no_mark", "a mark is 2, 3 or 4; a value is made good by approving it", "flag")
    if act.action is ReviewAction.PROMOTE:
        return [Change(chosen[0], act.reading_id, flag)]
    max_gap_s = act.max_gap_s or 0
    reach_s = max_gap_s if act.action is ReviewAction.INTERPOLATE else 1
    layer = (await effective_span([row.station_id], chosen[0] - reach_s - 1, chosen[-1] + reach_s, row.parameter)).get(
        row.station_id
    )
    series = [] if layer is None else layer.readings.get(row.parameter, [])
    active = {one.time_s: one for one in series}
    if act.action is ReviewAction.INTERPOLATE:
        return _interpolated(max_gap_s, series, active, chosen, flag)
    if act.action is ReviewAction.CORRECT:
        return [_corrected(act, active[time_s], flag, is_only=len(chosen) == 1) for time_s in chosen]
    return [Change(time_s, active[time_s].reading_id, flag) for time_s in chosen]


def _corrected(act: Act, one: Effective, flag: int, *, is_only: bool) -> Change:
    """A number for this instant, or the same line (factor and offset) through what was sent."""
    if one.time_s in act.values:
        value: float | None = act.values[one.time_s]
    elif act.value is not None:
        if not is_only:
            detail = "one value for many instants; give values by time, or factor and offset"
            raise ReviewRefused("one_for_many", detail, "value")
        value = act.value
    elif (act.factor, act.offset) != (1.0, 0.0):
        if one.value is None:
            detail = f"{iso(one.time_s)} has no number to correct; interpolate it"
            raise ReviewRefused("no_number", detail, "times", time=_clock(one.time_s))
        value = one.value * act.factor + act.offset
    else:
        raise ReviewRefused("correct_with_what", "correct needs value, values, or factor and offset", "value")
    method = act.method or ("by hand" if act.value is not None or act.values else "factor and offset")
    return Change(one.time_s, one.reading_id, flag, value, one.unit, method)


def _interpolated(
    max_gap_s: int, series: Sequence[Effective], active: dict[int, Effective], chosen: Sequence[int], flag: int
) -> list[Change]:
    wanted = set(chosen)
    accepted = [
        Point(one.time_s, one.value)
        for one in series
        if one.flag == Flag.GOOD and one.value is not None and one.time_s not in wanted
    ]
    unit = series[0].unit if series else ""
    made = []
    for time_s in chosen:
        filled = interpolate(accepted, time_s, max_gap_s)
        if filled.value is None:
            detail = f"{iso(time_s)} cannot be interpolated: {filled.reason}"
            raise ReviewRefused(
                f"gap_{filled.code}", detail, "times", time=_clock(time_s), **_minutes(filled, max_gap_s)
            )
        one = active.get(time_s)
        reading_id = NOBODY if one is None else one.reading_id
        made.append(Change(time_s, reading_id, flag, filled.value, unit, f"{METHOD}, gap ≤ {max_gap_s} s"))
    return made


def _too_many(count: int) -> ReviewRefused:
    detail = f"{count} values at once are more than {MOST}; name a part of them"
    return ReviewRefused("too_many", detail, "times", count=str(count), most=str(MOST))


def _minutes(filled: Filled, max_gap_s: int) -> dict[str, str]:
    """How far apart the neighbours are, and how far they may be; nothing where one is missing."""
    if filled.before is None or filled.after is None:
        return {}
    gap_s = filled.after.time_s - filled.before.time_s
    return {"minutes": f"{gap_s / 60:g}", "most_minutes": f"{max_gap_s / 60:g}"}


def _clock(time_s: int) -> str:
    """A time as a page says it."""
    text = iso(time_s)
    return f"{text[11:16]} {text[8:10]}/{text[5:7]}/{text[:4]}"

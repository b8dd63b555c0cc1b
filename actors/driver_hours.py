"""A licence's hours at the wheel, from its stretches in all vehicles: what is too long, closed or provisional.

A rest of 14 hours begins everything anew: what changed later cannot change what lies before it.

Invariant: the same stretches give the same cases, in whatever order they came and however often they were told.
Source: TT 09/2015/TT-BGTVT Điều 5 khoản 3 and 4; Luật 36/2024/QH15 Điều 64.
"""

from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple

from actors.messages import DroveStretch, ViolationFound
from actors.rules.driver_clock import Block, ContinuousDriving, evaluate, join_blocks
from actors.rules.driving_time import DrivingLimits
from actors.rules.limit_book import LimitBook
from protocols.times import DAY_S, midnight_s
from protocols.vocabulary import ViolationKind

OF_THE_DRIVER = (ViolationKind.CONTINUOUS_DRIVING, ViolationKind.DAILY_DRIVING, ViolationKind.WEEKLY_DRIVING)
NEAR_S = 3 * DAY_S
"""So far before a change stretches are read at first: most drivers rested within it."""
WIDE_S = 35 * DAY_S
"""So far, if they show no rest: who never rests is judged from there on."""
KEPT_S = 90 * DAY_S
"""Stretches that did not change for so long are let go: what was judged from them stands in the violations."""
WEEK_S = 7 * DAY_S
MONDAY_S = midnight_s(4 * DAY_S)
"""The first Monday of 1970 at midnight in Vietnam."""
LATE_S = 900
"""A case is closed so long after nothing but a backlog could change it."""


def window_s(limits: DrivingLimits) -> int:
    """How far before a change stretches are read at first."""
    return NEAR_S if limits.week_driving_s is None else WEEK_S + NEAR_S


def shortest_s(limits: DrivingLimits) -> float:
    """How long a working day must have lasted before any of its hours can be too many; weeks have no such bound."""
    if limits.week_driving_s is not None:
        return 0.0
    return min((most_s for most_s in (limits.continuous_s, limits.day_driving_s) if most_s is not None), default=inf)


def week_of(time_s: int) -> int:
    """The Monday on which the week of an instant begins."""
    return time_s - (time_s - MONDAY_S) % WEEK_S


def since_of(limits: DrivingLimits, begin_s: int, changed_s: int) -> dict[ViolationKind, int]:
    """From which start on the cases of each kind are judged."""
    week_s = begin_s if limits.week_driving_s is None else week_of(changed_s)
    return dict.fromkeys(OF_THE_DRIVER, begin_s) | {ViolationKind.WEEKLY_DRIVING: week_s}


def begin_of_hours(
    stretches: Sequence[DroveStretch], limits: DrivingLimits, changed_s: int, *, widest: bool = False
) -> int | None:
    """Where hours must be judged from; None where these stretches, in order of their start, do not show it.

    Args:
        widest: no others will be read: the first of these begins a day.
    """
    begin_s: int | None = stretches[0].start_s if widest and stretches else None
    end_s: int | None = None
    latest_s = changed_s if limits.week_driving_s is None else min(changed_s, week_of(changed_s))
    for one in stretches:
        if one.start_s > latest_s:
            break
        if end_s is not None and one.start_s - end_s >= limits.day_rest_s:
            begin_s = one.start_s
        end_s = one.end_s if end_s is None else max(end_s, one.end_s)
    return begin_s if begin_s is None else min(begin_s, changed_s)


class Hours(NamedTuple):
    """Cases of a licence, and the start of the last working day that begins with a block of its own."""

    cases: list[ViolationFound]
    day_s: int | None


def hours_of(
    driver: str, stretches: Sequence[DroveStretch], limits: DrivingLimits, begin_s: int, now_s: float
) -> Hours:
    """Judge the stretches of one licence that began at a time or after it; what may still grow is provisional."""
    own = [one for one in stretches if one.start_s >= begin_s]
    spans = [(one.start_s, one.end_s) for one in own]
    blocks = join_blocks(spans, limits.stop_s)
    starts = {block.start_s for block in blocks}
    cases: list[ViolationFound] = []
    day_s = None
    for found in evaluate(spans, limits):
        span = found.start_s, found.end_s
        if isinstance(found, ContinuousDriving):
            closed = found.closed or found.end_s + limits.stop_s + LATE_S <= now_s
            cases.append(_case(ViolationKind.CONTINUOUS_DRIVING, driver, span, closed, found.duration_s, own))
            continue
        if found.start_s in starts:
            day_s = found.start_s
        if found.violation:
            over_s = min(found.end_s + limits.day_rest_s, found.start_s + limits.day_s)
            closed = found.closed or over_s + LATE_S <= now_s
            cases.append(_case(ViolationKind.DAILY_DRIVING, driver, span, closed, found.driving_s, own))
    most_s = limits.week_driving_s
    for week_s, driving_s in _weeks(blocks).items():
        if most_s is not None and driving_s > most_s:
            end_s = week_s + WEEK_S
            closed = end_s + LATE_S <= now_s
            cases.append(_case(ViolationKind.WEEKLY_DRIVING, driver, (week_s, end_s), closed, driving_s, own))
    return Hours(cases, day_s)


def hours_by(driver: str, stretches: Sequence[DroveStretch], book: LimitBook, begin_s: int, now_s: float) -> Hours:
    """Judge as `hours_of` does, each case by the numbers of the day on which it began."""
    edges = {at_s for one in stretches if one.start_s >= begin_s for at_s in (one.start_s, one.end_s)}
    newest = book.on(max(edges, default=begin_s)).driving
    laws = dict.fromkeys(book.on(at_s).driving for edge in edges for at_s in (edge, week_of(edge)))
    if len(laws) <= 1:
        return hours_of(driver, stretches, newest, begin_s, now_s)
    found = {limits: hours_of(driver, stretches, limits, begin_s, now_s) for limits in laws}
    cases = [case for limits, hours in found.items() for case in hours.cases if book.on(case.start_s).driving == limits]
    return Hours(sorted(cases, key=lambda case: (case.start_s, case.kind)), found[newest].day_s)


def _weeks(blocks: Iterable[Block]) -> dict[int, int]:
    """Seconds at the wheel by weeks from Monday on: an assumption of the option, which is off until chosen."""
    weeks: dict[int, int] = {}
    for start_s, end_s in blocks:
        at_s = start_s
        while at_s < end_s:
            week_s = week_of(at_s)
            until_s = min(end_s, week_s + WEEK_S)
            weeks[week_s] = weeks.get(week_s, 0) + until_s - at_s
            at_s = until_s
    return weeks


def _case(
    kind: ViolationKind,
    driver: str,
    span: tuple[int, int],
    closed: bool,
    driving_s: int,
    stretches: Sequence[DroveStretch],
) -> ViolationFound:
    """A case is entered with the vehicle that was driven last in it, and names them all."""
    start_s, end_s = span
    within = [one for one in stretches if one.start_s < end_s and one.end_s > start_s]
    last = max(within, key=lambda one: (min(one.end_s, end_s), one.start_s))
    vehicle_ids = sorted({one.vehicle_id for one in within})
    detail: dict[str, object] = {"driver": driver, "driving_s": driving_s, "vehicle_ids": vehicle_ids}
    return ViolationFound(last.vehicle_id, kind, start_s, end_s, closed, detail, driver)

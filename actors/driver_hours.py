"""A licence's hours at the wheel, from its stretches in all vehicles: what is too long, closed or provisional.

Invariant: the same stretches give the same cases, in whatever order they came and however often they were told.
Source: TT 09/2015/TT-BGTVT Điều 5 khoản 3 and 4; Luật 36/2024/QH15 Điều 64.
"""

from collections.abc import Iterator, Sequence

from actors.messages import DroveStretch, ViolationFound
from actors.rules.driver_clock import ContinuousDriving, evaluate, join_blocks
from actors.rules.driving_time import DrivingLimits
from protocols.times import DAY_S
from protocols.vocabulary import ViolationKind

OF_THE_DRIVER = (ViolationKind.CONTINUOUS_DRIVING, ViolationKind.DAILY_DRIVING, ViolationKind.WEEKLY_DRIVING)
LOOK_BACK_S = 35 * DAY_S
"""So far before a change the chain of working days is followed; the first rest of 14 hours starts it anew."""
REVISED_S = 15 * DAY_S
"""What began this long before the newest stretch may be revised; a late waypoint reaches back 8 days."""
WEEK_S = 7 * DAY_S
MONDAY_S = 4 * DAY_S - 7 * 3600
"""The first Monday of 1970 at midnight in Vietnam."""


def hours_of(driver: str, stretches: Sequence[DroveStretch], limits: DrivingLimits) -> list[ViolationFound]:
    """Judge all stretches of one licence; what the newest of them still may change is provisional."""
    spans = [(one.start_s, one.end_s) for one in stretches]
    cases: list[ViolationFound] = []
    for found in evaluate(spans, limits):
        detail: dict[str, object] = {"driver": driver}
        if isinstance(found, ContinuousDriving):
            kind, driving_s = ViolationKind.CONTINUOUS_DRIVING, found.duration_s
        elif found.violation:
            kind, driving_s = ViolationKind.DAILY_DRIVING, found.driving_s
        else:
            continue
        cases.append(_case(kind, found.start_s, found.end_s, found.closed, detail, driving_s, stretches))
    cases += _weeks(driver, spans, stretches, limits)
    return cases


def _weeks(
    driver: str, spans: Sequence[tuple[int, int]], stretches: Sequence[DroveStretch], limits: DrivingLimits
) -> Iterator[ViolationFound]:
    if limits.week_driving_s is None:
        return
    weeks: dict[int, int] = {}
    blocks = join_blocks(spans, limits.stop_s)
    for block in blocks:
        at_s = block.start_s
        while at_s < block.end_s:
            week_s = at_s - (at_s - MONDAY_S) % WEEK_S
            until_s = min(block.end_s, week_s + WEEK_S)
            weeks[week_s] = weeks.get(week_s, 0) + until_s - at_s
            at_s = until_s
    for week_s, driving_s in weeks.items():
        if driving_s > limits.week_driving_s:
            closed = blocks[-1].end_s > week_s + WEEK_S
            end_s = week_s + WEEK_S
            detail: dict[str, object] = {"driver": driver}
            yield _case(ViolationKind.WEEKLY_DRIVING, week_s, end_s, closed, detail, driving_s, stretches)


def _case(
    kind: ViolationKind,
    start_s: int,
    end_s: int,
    closed: bool,
    detail: dict[str, object],
    driving_s: int,
    stretches: Sequence[DroveStretch],
) -> ViolationFound:
    """A case is entered with the vehicle that was driven last in it, and names them all."""
    within = [one for one in stretches if one.start_s < end_s and one.end_s > start_s]
    last = max(within, key=lambda one: (min(one.end_s, end_s), one.start_s))
    detail |= {"driving_s": driving_s, "vehicle_ids": sorted({one.vehicle_id for one in within})}
    return ViolationFound(last.vehicle_id, kind, start_s, end_s, closed, detail, last.driver)

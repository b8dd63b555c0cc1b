"""Hours of a licence: all vehicles are one clock, and what lies before a rest of 14 hours is never judged again."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from actors.driver_hours import LATE_S, MONDAY_S, WEEK_S, begin_of_hours, hours_by, hours_of, since_of, week_of
from actors.messages import DroveStretch, ViolationFound
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from protocols.times import DAY_S, HOUR_S, iso, parse_iso
from protocols.vocabulary import ViolationKind

DRIVING = LimitBook(load_limits()).on(parse_iso("2026-03-02")).driving
T0 = parse_iso("2026-03-02T08:00:00")
LONG_AFTER_S = T0 + 90 * DAY_S


def stretch(start_s: int, end_s: int, vehicle_id: int = 1) -> DroveStretch:
    return DroveStretch(vehicle_id, "D1", T0 + start_s, T0 + end_s)


def judged(*stretches: DroveStretch, now_s: float = LONG_AFTER_S) -> list[ViolationFound]:
    begin_s = min(one.start_s for one in stretches)
    return hours_of("D1", stretches, DRIVING, begin_s, now_s).cases


def told(cases: list[ViolationFound]) -> list[tuple[str, int, int | None]]:
    return [(str(case.kind), case.start_s - T0, None if case.end_s is None else case.end_s - T0) for case in cases]


def test_two_vehicles_are_one_clock() -> None:
    """Source: TT 09/2015/TT-BGTVT Điều 5 khoản 3: the rule speaks of the driver."""
    (case,) = judged(stretch(0, 7200), stretch(7300, 14400, 2), stretch(0, 7200))
    assert told([case]) == [("continuous_driving", 0, 14400)]
    assert (case.vehicle_id, case.detail["vehicle_ids"], case.driver) == (2, [1, 2], "D1")


def test_two_vehicles_driven_at_the_same_time_count_once() -> None:
    assert judged(stretch(0, 9000), stretch(1000, 14399, 2)) == []


@pytest.mark.parametrize(("pause_s", "cases"), [(899, 1), (900, 0)])
def test_only_a_pause_of_15_minutes_ends_continuous_driving(pause_s: int, cases: int) -> None:
    assert len(judged(stretch(0, 7200), stretch(7200 + pause_s, 14400 + pause_s))) == cases


@pytest.mark.parametrize(("more_s", "cases"), [(0, []), (1, [("daily_driving", 0, 5 * 10800 - 3600 + 1)])])
def test_ten_hours_exactly_are_allowed(more_s: int, cases: list[tuple[str, int, int]]) -> None:
    drives = [stretch(n * 10800, n * 10800 + 7200) for n in range(4)]
    assert told(judged(*drives, stretch(4 * 10800, 4 * 10800 + 7200 + more_s))) == cases


def test_a_working_day_goes_on_over_midnight() -> None:
    """24 hours begin with the first driving, not with the calendar."""
    evening = parse_iso("2026-03-02T15:00:00") - T0
    drives = [stretch(evening + n * 3 * HOUR_S, evening + n * 3 * HOUR_S + 2 * HOUR_S + 300) for n in range(5)]
    (case,) = judged(*drives)
    assert (case.kind, iso(case.start_s), iso(case.end_s or 0)) == (
        ViolationKind.DAILY_DRIVING, "2026-03-02T15:00:00+07:00", "2026-03-03T05:05:00+07:00",
    )  # fmt: skip
    assert case.detail["driving_s"] == 5 * (2 * HOUR_S + 300)


def test_a_case_is_provisional_until_nothing_but_a_backlog_could_change_it() -> None:
    over_s = T0 + 14400 + 900 + LATE_S
    assert [judged(stretch(0, 14400), now_s=now_s)[0].closed for now_s in (over_s - 1, over_s)] == [False, True]


def test_hours_judged_from_a_rest_on_are_those_judged_from_the_beginning_on() -> None:
    random = Random(5)
    for _ in range(200):
        at_s, drives = 0, list[DroveStretch]()
        for _ in range(random.randint(1, 25)):
            start_s = at_s + random.choice([300, 899, 900, 3600, 36000, 50399, 50400, 60000])
            at_s = start_s + random.choice([600, 7200, 14399, 14400, 20000, 40000])
            drives.append(stretch(start_s, at_s, random.randint(1, 2)))
        changed_s = random.choice(drives).start_s
        begin_s = begin_of_hours(drives, DRIVING, changed_s, widest=True)
        assert begin_s is not None
        whole = hours_of("D1", drives, DRIVING, drives[0].start_s, LONG_AFTER_S)
        part = hours_of("D1", drives, DRIVING, begin_s, LONG_AFTER_S)
        assert part.cases == [case for case in whole.cases if case.start_s >= begin_s]
        assert whole.day_s is not None
        again = hours_of("D1", drives, DRIVING, whole.day_s, LONG_AFTER_S)
        assert again.cases == [case for case in whole.cases if case.start_s >= whole.day_s]


def test_a_beginning_that_was_not_read_is_not_known() -> None:
    drives = [stretch(0, 7200), stretch(9000, 12000)]
    assert begin_of_hours(drives, DRIVING, T0 + 9000) is None
    assert begin_of_hours(drives, DRIVING, T0 + 9000, widest=True) == T0


def test_a_week_of_more_than_48_hours_is_told_where_that_was_chosen() -> None:
    """Source: Luật 36/2024/QH15 Điều 64. A week from Monday on is an assumption of the option."""
    monday_s = week_of(T0) - T0
    assert iso(week_of(T0)) == "2026-03-02T00:00:00+07:00"
    drives = [stretch(monday_s + n * DAY_S + k * 5 * HOUR_S, monday_s + n * DAY_S + k * 5 * HOUR_S + 3 * HOUR_S)
              for n in range(6) for k in range(3)]  # fmt: skip
    weekly = replace(DRIVING, week_driving_s=48 * HOUR_S)
    kinds = [case.kind for case in hours_of("D1", drives, weekly, drives[0].start_s, LONG_AFTER_S).cases]
    assert kinds == [ViolationKind.WEEKLY_DRIVING]
    assert judged(*drives) == []
    changed_s = drives[-1].start_s
    begin_s = begin_of_hours(drives, weekly, changed_s, widest=True)
    assert begin_s is not None and begin_s == drives[0].start_s
    assert since_of(weekly, begin_s, changed_s)[ViolationKind.WEEKLY_DRIVING] == week_of(T0)
    assert (week_of(T0) - MONDAY_S) % WEEK_S == 0


def test_each_case_is_judged_by_the_law_of_the_day_on_which_it_began() -> None:
    """No text of 2026 is meant: 4 hours become 3, and the 10 hours of a day fall, on the second day."""
    day = date(2026, 3, 3)
    before = [
        replace(row, valid_to=day) if row.name in ("driving.continuous_s", "driving.day_driving_s") else row
        for row in load_limits()
        if row.valid_to is None
    ]
    after = [replace(row, valid_from=day, valid_to=None, value=10_800) for row in before if "continuous" in row.name]
    book = LimitBook((*before, *after))
    drives = [stretch(at, at + 11_000) for at in (0, 12_000, 24_000, 36_000, DAY_S, DAY_S + 12_000)]
    cases = hours_by("D1", drives, book, T0, LONG_AFTER_S).cases
    assert told(cases) == [
        ("daily_driving", 0, DAY_S), ("continuous_driving", DAY_S, DAY_S + 11_000),
        ("continuous_driving", DAY_S + 12_000, DAY_S + 23_000),
    ]  # fmt: skip
    assert told(hours_by("D1", drives[:4], book, T0, LONG_AFTER_S).cases)[:1] == [("daily_driving", 0, 47_000)]

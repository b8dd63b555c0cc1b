"""Running counts of a day."""

from actors.day_counts import DayCounts
from actors.messages import DayCounted
from actors.rules.timetable import Timetable
from protocols.times import DAY_S, parse_iso
from protocols.vocabulary import Flag

MIDNIGHT = parse_iso("2026-03-02T00:00:00+07:00")


def test_midnight_belongs_to_the_day_it_ends() -> None:
    counts = DayCounts(Timetable(300), 120, (MIDNIGHT + 310) * 1000)
    counts.add(MIDNIGHT, Flag.GOOD)
    counts.add(MIDNIGHT + 300, Flag.FAIL)
    assert counts.effects(7) == [
        DayCounted(7, MIDNIGHT - DAY_S, 1, 1, 0, 0),
        DayCounted(7, MIDNIGHT, 1, 0, 0, 1),
    ]


def test_over_twenty_minutes_is_a_backfill_unless_the_schedule_allows_it() -> None:
    strict, port = DayCounts(Timetable(300), 120, 2000_000), DayCounts(Timetable(21600), 1800, 2000_000)
    for counts in (strict, port):
        counts.add(700, Flag.GOOD)
    assert [each[2:] for each in strict.effects(1) + port.effects(1)] == [(1, 0, 1, 0), (1, 0, 0, 0)]

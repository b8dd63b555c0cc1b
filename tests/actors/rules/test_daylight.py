"""Night and day."""

import pytest

from actors.rules.daylight import is_night, sun_height
from protocols.times import parse_iso

HANOI = (21.03, 105.85)


@pytest.mark.parametrize(
    ("stamp", "night"),
    [
        ("2026-06-21T05:30:00+07:00", False),
        ("2026-06-21T05:00:00+07:00", True),
        ("2026-06-21T18:30:00+07:00", False),
        ("2026-12-21T06:15:00+07:00", True),
        ("2026-12-21T17:05:00+07:00", False),
        ("2026-12-21T17:45:00+07:00", True),
    ],
)
def test_the_sun_of_hanoi_rises_and_sets_as_the_almanac_says(stamp: str, night: bool) -> None:
    assert is_night(parse_iso(stamp), *HANOI) is night


def test_the_sun_stands_overhead_where_it_must() -> None:
    assert sun_height(parse_iso("2026-06-21T12:00:00+07:00"), 23.4, 105) == pytest.approx(90, abs=1)


def test_a_station_nobody_placed_goes_by_the_clock() -> None:
    assert [is_night(parse_iso(f"2026-01-01T{hour}:00:00+07:00"), None, None) for hour in ("05", "06", "18")] == [
        True,
        False,
        True,
    ]

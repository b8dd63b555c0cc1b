"""Which rows of the law the configuration chooses."""

import pytest

from conf.settings import VehicleSettings
from protocols.times import parse_iso
from server.driving import book_of

AT = parse_iso("2026-03-02")


@pytest.mark.parametrize(("seconds", "expected"), [(30, 30), (20, 20)])
def test_the_receiver_s_duration_is_a_setting(seconds: int, expected: int) -> None:
    """Source: TT 09/2015/TT-BGTVT Phụ lục 2: 30 seconds, or 20 by QCVN 31:2014/BGTVT."""
    assert book_of(VehicleSettings(overspeed_s=seconds)).on(AT).overspeed.min_duration_s == expected


def test_weekly_hours_are_judged_only_where_that_was_chosen() -> None:
    assert book_of(VehicleSettings()).on(AT).driving.week_driving_s is None
    assert book_of(VehicleSettings(weekly_hours=True)).on(AT).driving.week_driving_s == 48 * 3600

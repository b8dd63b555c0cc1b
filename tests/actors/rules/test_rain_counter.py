"""A rain counter and its resets."""

import pytest

from actors.rules.rain_counter import RainCounterTest, RainCounterThresholds
from protocols.times import parse_iso
from protocols.vocabulary import Flag

DAY = "2026-08-01T"


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [("18:50", "19:00", True), ("19:00", "19:10", False), ("23:50", "00:00", False), ("12:00", "12:10", False)],
)
def test_a_reset_is_due_at_its_hour_and_not_after_it(before: str, after: str, due: bool) -> None:
    limits = RainCounterThresholds((19,))
    assert limits.reset_due(parse_iso(f"{DAY}{before}:00+07:00"), parse_iso(f"{DAY}{after}:00+07:00")) is due


def test_a_fall_is_suspect_and_an_unusable_value_is_no_reference() -> None:
    test = RainCounterTest(RainCounterThresholds())
    noon_s = parse_iso(f"{DAY}12:00:00+07:00")
    pushed = [(0, 3.0, True), (600, 900.0, False), (1200, 3.2, True), (1800, 1.0, True)]
    flags = [test.push(noon_s + at_s, value, usable) for at_s, value, usable in pushed]
    assert flags == [Flag.NOT_EVALUATED, Flag.NOT_EVALUATED, Flag.GOOD, Flag.SUSPECT]


def test_it_goes_on_where_its_state_was_taken() -> None:
    test = RainCounterTest(RainCounterThresholds())
    test.push(0, 3.0, True)
    assert RainCounterTest.from_state(RainCounterThresholds(), test.state()).push(600, 2.0, True) is Flag.SUSPECT

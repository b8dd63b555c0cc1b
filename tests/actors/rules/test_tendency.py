"""Values within their limit that move towards it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.rules.exceedance import hold, runs_of, with_tendency
from actors.rules.limits import Limit
from actors.rules.tendency import FEWEST, line_through, tends_beyond
from protocols.vocabulary import ExceedanceLevel, Flag

STEP_S, HOUR_S = 300, 3600
LIMIT = Limit(100, tendency_s=HOUR_S)


def rising(by: float, count: int = 12, last: float = 80.0) -> list[tuple[int, float]]:
    """Values five minutes apart that end at `last`, each so much over the one before."""
    return [(at * STEP_S, last - by * (count - 1 - at)) for at in range(count)]


def test_a_rise_that_passes_the_limit_within_the_hour_is_a_tendency() -> None:
    assert tends_beyond(rising(1.8), LIMIT)
    assert not tends_beyond(rising(1.6), LIMIT)
    assert not tends_beyond(rising(-3), LIMIT)
    assert not tends_beyond(rising(0), LIMIT)


def test_exactly_at_the_limit_then_is_no_tendency() -> None:
    """qc.md 0.4: a value exactly at a limit passes."""
    assert not tends_beyond(rising(20 / 12), LIMIT)


def test_one_stray_value_does_not_bend_the_line() -> None:
    flat = rising(0)
    for at in range(len(flat)):
        assert not tends_beyond([*flat[:at], (flat[at][0], 99.0), *flat[at + 1 :]], LIMIT)
    stray = [*rising(1.8)[:5], (5 * STEP_S, 0.0), *rising(1.8)[6:]]
    assert tends_beyond(stray, LIMIT)


def test_too_few_values_or_no_setting_is_no_tendency() -> None:
    assert tends_beyond(rising(6, FEWEST), LIMIT)
    assert not tends_beyond(rising(6, FEWEST - 1), LIMIT)
    assert not tends_beyond(rising(6), Limit(100))


@pytest.mark.parametrize(("by", "last", "tends"), [(-0.05, 6.5, True), (0.05, 8.5, True), (0.0, 7.5, False)])
def test_both_ends_of_a_span_are_watched(by: float, last: float, *, tends: bool) -> None:
    span = Limit(9, scaled=False, low=6, tendency_s=HOUR_S)
    assert tends_beyond(rising(by, last=last), span) is tends


def test_a_line_that_is_beyond_already_is_none() -> None:
    """A value that fell back within after a stay beyond the limit moves away from it, not towards it."""
    assert not tends_beyond([*rising(2, 11, 130), (11 * STEP_S, 80.0)], LIMIT)


@given(slope=st.integers(-50, 50), start=st.integers(-100, 100), count=st.integers(2, 20))
def test_the_line_through_values_on_a_line_is_that_line(slope: int, start: int, count: int) -> None:
    line = line_through([(at * STEP_S, start + slope * at) for at in range(count)])
    assert line.at(0) == pytest.approx(start, abs=1e-9)
    assert line.at(STEP_S * 100) == pytest.approx(start + slope * 100, abs=1e-6)


def test_a_tendency_opens_a_run_that_becomes_an_approach() -> None:
    values = [(at * STEP_S, 50.0 + 4 * at) for at in range(12)]
    held = [each for time_s, value in values if (each := hold(time_s, value, Flag.GOOD, "00", LIMIT)) is not None]
    levels = [each.level for each in with_tendency(held)]
    assert levels[:3] == [ExceedanceLevel.WITHIN] * 3
    assert levels[3:11] == [ExceedanceLevel.TENDENCY] * 8
    assert levels[11] is ExceedanceLevel.APPROACHING
    (run,) = runs_of(with_tendency(held), STEP_S)
    assert (run.start_s, run.level, run.worst.value) == (3 * STEP_S, ExceedanceLevel.APPROACHING, 94.0)


def test_a_failed_value_is_no_part_of_a_tendency() -> None:
    values = [(at * STEP_S, 50.0 + 4 * at, Flag.FAIL if at % 2 else Flag.GOOD) for at in range(7)]
    held = [each for *value, flag in values if (each := hold(int(value[0]), value[1], flag, "00", LIMIT)) is not None]
    assert [each.level for each in with_tendency(held)] == [ExceedanceLevel.WITHIN] * 3 + [ExceedanceLevel.TENDENCY]

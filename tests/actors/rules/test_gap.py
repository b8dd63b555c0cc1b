"""Q9, gap."""

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.gap import GapTest, GapThresholds, judge_gaps
from actors.rules.timetable import Raised, Timetable
from protocols.vocabulary import Flag
from tests.actors.rules.series_strategies import steps_s
from tests.actors.rules.vector_files import Case, cases, seconds

LIMITS = GapThresholds(interval_s=600, fail_s=3600)


@cases("gap")
def test_flags_equal_the_vector(case: Case) -> None:
    assert judge_gaps(seconds(case["input"]["times"]), GapThresholds.from_table(case["params"])) == case["expected"]


@given(st.lists(steps_s, max_size=20), st.integers(0, 20))
def test_a_restart_in_the_middle_changes_no_flag(distances_s: list[int], cut: int) -> None:
    times_s = [sum(distances_s[: index + 1]) for index in range(len(distances_s))]
    first = GapTest(LIMITS)
    flags = [first.push(time_s) for time_s in times_s[:cut]]
    second = GapTest.from_state(LIMITS, first.state())
    assert flags + [second.push(time_s) for time_s in times_s[cut:]] == judge_gaps(times_s, LIMITS)


def test_without_a_fail_tier_no_gap_fails() -> None:
    assert judge_gaps([0, 10**6], GapThresholds(interval_s=600, fail_s=None)) == [Flag.NOT_EVALUATED, Flag.SUSPECT]


def test_increased_frequency_shortens_the_interval_while_it_lasts() -> None:
    test = GapTest(LIMITS)
    test.pace = Timetable(600).with_raised([Raised(6000, 12000, 60)])
    flags = [test.push(time_s) for time_s in (0, 600, 6000, 6090, 6200, 12600, 13500)]
    assert flags[1:] == [Flag.GOOD, Flag.FAIL, Flag.GOOD, Flag.SUSPECT, Flag.FAIL, Flag.GOOD]
    own = GapTest(GapThresholds(interval_s=300))
    own.pace = test.pace
    assert [own.push(6000), own.push(6300)][1] is Flag.GOOD, "an interval of the parameter's own stays"

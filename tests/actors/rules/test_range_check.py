"""Q3, range."""

from hypothesis import given
from hypothesis import strategies as st

from actors.rules.range_check import RangeThresholds, judge_range
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases


@cases("range")
def test_range_equals_the_vector(case: Case) -> None:
    limits = RangeThresholds.from_table(case["params"])
    assert [judge_range(value, limits) for value in case["input"]["values"]] == case["expected"]


@given(st.floats())
def test_infinity_and_nan_are_missing_and_all_else_is_judged(value: float) -> None:
    flag = judge_range(value, RangeThresholds(fail_lo=-1, fail_hi=1))
    is_number = value - value == 0
    assert (flag is Flag.MISSING) is not is_number


def test_an_absent_bound_is_no_bound() -> None:
    assert judge_range(-1e300, RangeThresholds(fail_hi=1)) is Flag.GOOD

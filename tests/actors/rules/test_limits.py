"""Q17, limit values."""

import pytest

from actors.rules.limits import Alarm, Limit, judge_limit
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Case, cases


@cases("limit")
def test_the_limit_equals_the_vector(case: Case) -> None:
    params = case["params"]
    limit = Limit(params["C"], params["Kq"], params["Kf"], params["scaled"])
    found = judge_limit(case["input"]["value"], Flag.GOOD, limit)
    assert abs(found.cmax - case["expected"]["cmax"]) <= 1e-9
    assert found.exceeds is case["expected"]["exceed"]


@pytest.mark.parametrize(
    ("flag", "alarm"),
    [
        (Flag.GOOD, Alarm.RAISED),
        (Flag.NOT_EVALUATED, Alarm.RAISED),
        (Flag.SUSPECT, Alarm.AWAITING_VERIFICATION),
        (Flag.FAIL, Alarm.NONE),
        (Flag.MISSING, Alarm.NONE),
    ],
)
def test_what_an_exceedance_means_depends_on_the_flag(flag: Flag, alarm: Alarm) -> None:
    assert judge_limit(108.1, flag, Limit(75, 1.2, 1.2)).alarm is alarm


def test_the_lower_end_of_a_span_is_a_limit_too() -> None:
    span = Limit(9, 1.2, 1.2, scaled=False, low=5.5)
    assert [judge_limit(value, Flag.GOOD, span).exceeds for value in (5.4, 5.5, 9.0, 9.1)] == [True, False, False, True]


def test_stack_factors_multiply_like_those_of_water() -> None:
    """QCVN 19:2009/BTNMT: Cmax = C x Kp x Kv."""
    assert Limit(500, kp=0.8, kv=1.2).cmax == pytest.approx(480)

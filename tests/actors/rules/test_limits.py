"""Q17, limit values."""

import pytest

from actors.rules.limits import Alarm, Averaging, Limit, judge_limit, limit_at
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


@pytest.mark.parametrize(
    ("limit", "near", "far"),
    [
        (Limit(100), [90.1, 100], [90, 0, -5]),
        (Limit(100, approach=0.8), [80.1], [80]),
        (Limit(9, scaled=False, low=6), [6.29, 8.71], [6.31, 8.69]),
        (Limit(low=4.5), [4.9], [5.1]),
    ],
)
def test_the_last_part_of_the_way_approaches_the_limit(limit: Limit, near: list[float], far: list[float]) -> None:
    assert all(limit.is_approached_by(value) for value in near)
    assert not any(limit.is_approached_by(value) for value in far)


def test_of_several_limits_in_force_the_last_one_counts() -> None:
    limits = (Limit(100), Limit(75, valid_from_s=1000), Limit(50, averaging=(Averaging.DAY,), valid_to_s=2000))
    asked = [(Averaging.HOUR, 999), (Averaging.HOUR, 1000), (Averaging.DAY, 1999), (Averaging.DAY, 2000)]
    assert [limit_at(limits, averaging, at_s) for averaging, at_s in asked] == [*limits[:2], limits[2], limits[1]]
    assert limit_at(limits, Averaging.EIGHT_HOURS, 0) is None

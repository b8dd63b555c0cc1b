"""Runs of values beyond a limit or near it."""

import pytest

from actors.rules.exceedance import Held, hold, runs_of
from actors.rules.limits import Limit
from protocols.vocabulary import ExceedanceLevel, Flag

LIMIT = Limit(100)
STEP_S = 300
WITHIN, TENDING, NEAR, UNSURE, BEYOND = ExceedanceLevel
Said = tuple[int, int | None, str, float]


def held(*values: tuple[int, float] | tuple[int, float, Flag]) -> list[Held]:
    found = [hold(value[0] * STEP_S, value[1], value[2] if len(value) > 2 else Flag.GOOD, "00", LIMIT)
             for value in values]  # fmt: skip
    return [each for each in found if each is not None]


def told(*values: tuple[int, float] | tuple[int, float, Flag]) -> list[Said]:
    return [
        (run.start_s // STEP_S, None if run.end_s is None else run.end_s // STEP_S, str(run.level), run.worst.value)
        for run in runs_of(held(*values), STEP_S)
    ]


def test_a_run_lasts_from_the_first_value_beyond_to_the_first_within() -> None:
    assert told((0, 50), (1, 101), (2, 130), (3, 105), (4, 80)) == [(1, 4, BEYOND, 130)]


def test_a_limit_is_approached_before_and_after_it_is_passed() -> None:
    assert told((0, 95), (1, 101), (2, 98), (3, 99)) == [(0, 1, NEAR, 95), (1, 2, BEYOND, 101), (2, None, NEAR, 99)]


def test_exactly_at_the_limit_nothing_is_passed() -> None:
    assert told((0, 100)) == [(0, None, NEAR, 100)]


def test_a_suspect_value_awaits_verification_until_a_good_one_confirms_it() -> None:
    """qc.md Q17: only values with aggregate 1 or 2 alarm, 3 as "chờ xác minh"."""
    assert told((0, 140, Flag.SUSPECT)) == [(0, None, UNSURE, 140)]
    assert told((0, 140, Flag.SUSPECT), (1, 110, Flag.NOT_EVALUATED), (2, 150, Flag.SUSPECT)) == [
        (0, None, BEYOND, 110)
    ]


@pytest.mark.parametrize(
    ("flag", "status"), [(Flag.FAIL, "00"), (Flag.MISSING, "00"), (Flag.GOOD, "01"), (Flag.GOOD, "02")]
)
def test_a_failed_value_or_one_not_measured_neither_begins_nor_ends_a_run(flag: Flag, status: str) -> None:
    assert hold(0, 500, flag, status, LIMIT) is None
    assert hold(0, 1, flag, status, LIMIT) is None
    assert hold(0, None, Flag.GOOD, "00", LIMIT) is None
    assert hold(0, 500, Flag.GOOD, "00", None) is None


def test_silence_of_more_than_three_steps_ends_a_run_at_its_last_value() -> None:
    assert told((0, 120), (3, 121), (7, 122)) == [(0, 3, BEYOND, 121), (7, None, BEYOND, 122)]


def test_the_worst_of_a_span_is_the_furthest_from_either_end() -> None:
    span = Limit(9, scaled=False, low=6)
    values = [hold(at, value, Flag.GOOD, "", span) for at, value in ((0, 9.5), (1, 4.0), (2, 9.9))]
    (run,) = runs_of([each for each in values if each is not None], 1)
    assert run.worst.value == 4.0

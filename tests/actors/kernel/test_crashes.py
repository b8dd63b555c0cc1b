"""What is remembered of a crash."""

import pytest

from actors.kernel.actor import Intensity
from actors.kernel.crashes import KEPT_REASONS, Record, describe


def crashed(depth: int) -> Exception:
    try:
        if depth:
            raise ValueError("deep") from crashed(depth - 1)
        raise KeyError("root")
    except (ValueError, KeyError) as error:
        return error


def test_a_crash_tells_its_cause_its_place_and_the_message() -> None:
    crash = describe("station:TB", crashed(1), 12.5, 7, {"cod": 16.25})
    assert (crash.actor, crash.at_s, crash.seq, crash.reason) == ("station:TB", 12.5, 7, "ValueError: deep")
    assert "KeyError: 'root'" in crash.traceback
    assert crash.message == "{'cod': 16.25}"


def test_a_crash_is_bounded_whatever_crashed() -> None:
    crash = describe("station:TB", ValueError("x" * 10_000), 0.0, 1, "y" * 10_000)
    assert len(crash.reason) == 300
    assert len(crash.traceback) <= 8000
    assert len(crash.message) == 2000


def test_only_the_newest_crashes_are_kept() -> None:
    record = Record()
    for number in range(100):
        record.crashes.append(describe("a", ValueError(str(number)), number, 0, None))
    assert [crash.at_s for crash in record.crashes] == list(range(100 - KEPT_REASONS, 100))


@pytest.mark.parametrize(("apart_s", "spent"), [(6.0, True), (6.1, False)])
def test_the_budget_is_five_restarts_within_half_a_minute(apart_s: float, spent: bool) -> None:
    record = Record()
    over = [record.over_budget(Intensity(), number * apart_s) for number in range(6)]
    assert over == [False] * 5 + [spent]


def test_restarts_are_counted_for_ever_though_the_budget_forgets() -> None:
    record = Record()
    for number in range(50):
        record.over_budget(Intensity(), number * 100.0)
    assert (record.total_restarts, len(record.restarts)) == (50, 1)

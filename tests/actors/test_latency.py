"""The histogram of delivery times."""

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.latency import EDGES_S, KEEP_S, STEPS, Latency
from protocols.times import DAY_S, day_start
from storage.latencies import kept_latencies
from storage.writer import Unit
from tests.storage.stores import opened

NOON_S = 1_774_000_800.0
MIDNIGHT_S = day_start(int(NOON_S)) + DAY_S


def shown(latency: Latency, now_s: float = NOON_S) -> list[float | None]:
    return [latency.percentile(share, now_s) for share in (0.5, 0.99)]


async def keep(latency: Latency, now_s: float, store: Callable[[Unit], Awaitable[None]]) -> None:
    unit = Unit()
    latency.keep(unit, now_s, at_once=True)
    await store(unit)


def test_nothing_counted_has_no_percentile() -> None:
    assert shown(Latency(120)) == [None, None]


@given(st.lists(st.floats(0.001, 3600), min_size=1, max_size=200), st.floats(0.01, 1.0))
def test_a_percentile_is_at_most_a_quarter_above_the_truth_and_never_below(times_s: list[float], share: float) -> None:
    latency = Latency(120)
    for time_s in times_s:
        latency.add(time_s, 1, NOON_S)
    truth_s = sorted(times_s)[max(0, -int(-share * len(times_s) // 1) - 1)]
    told_s = latency.percentile(share, NOON_S)
    assert told_s is not None
    assert truth_s <= told_s * (1 + 1e-9)
    assert told_s <= max(truth_s * 1.2501, EDGES_S[0])


def test_only_today_counts() -> None:
    latency = Latency(120)
    latency.add(100.0, 10, NOON_S)
    assert shown(latency, MIDNIGHT_S - 1) != [None, None] == shown(latency, MIDNIGHT_S)
    latency.add(0.01, 1, MIDNIGHT_S)
    told_s = latency.percentile(0.99, MIDNIGHT_S)
    assert told_s is not None
    assert told_s < 0.02


def test_a_clock_that_was_days_ahead_is_forgotten_as_it_is_set_back() -> None:
    latency = Latency(120, "csgt")
    for after_s, latency_s in ((0.0, 100.0), (30 * DAY_S, 100.0), (60.0, 0.01)):
        latency.add(latency_s, 10, NOON_S + after_s)
    told_s = latency.percentile(0.99, NOON_S + 60)
    assert told_s is not None and told_s < 0.02
    assert shown(latency, NOON_S + DAY_S) == [None, None]


def test_a_clock_set_back_holds_up_no_writing() -> None:
    latency = Latency(120, "csgt")
    written = []
    for now_s in (NOON_S + 3600, NOON_S):
        latency.add(0.01, 1, now_s)
        unit = Unit()
        latency.keep(unit, now_s)
        written.append(bool(unit.updates))
    assert written == [True, True]


@pytest.mark.parametrize(("latency_s", "late"), [(120.0, 0), (120.1, 7)])
def test_a_delivery_over_the_deadline_is_late(latency_s: float, late: int) -> None:
    assert Latency(120).add(latency_s, 7, NOON_S) == late


def test_what_changed_is_written_once_in_some_seconds() -> None:
    latency = Latency(120, "csgt")
    written = []
    for after_s in (0.0, 1.0, KEEP_S, KEEP_S + 1, 3 * KEEP_S):
        if after_s < 3 * KEEP_S:
            latency.add(0.01, 1, NOON_S + after_s)
        unit = Unit()
        latency.keep(unit, NOON_S + after_s)
        written.append(len(unit.updates))
    assert written == [2, 0, 1, 0, 1]


@pytest.mark.asyncio
async def test_a_restart_shows_what_stood_before_it_and_nothing_of_yesterday(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        before = Latency(120, "csgt")
        for latency_s in (0.01, 0.02, 3.0):
            before.add(latency_s, 5, NOON_S)
        await keep(before, NOON_S, writer.store)
        again = Latency(120, "csgt", await kept_latencies("csgt", STEPS))
        assert shown(again) == shown(before) != [None, None]
        assert shown(Latency(120, "bo", await kept_latencies("bo", STEPS))) == [None, None]
        assert shown(again, MIDNIGHT_S) == [None, None]
        again.add(50.0, 1, MIDNIGHT_S)
        await keep(again, MIDNIGHT_S, writer.store)
        next_day = Latency(120, "csgt", await kept_latencies("csgt", STEPS))
        assert shown(next_day, MIDNIGHT_S) == shown(again, MIDNIGHT_S)
        assert next_day.percentile(0.01, MIDNIGHT_S) == next_day.percentile(0.99, MIDNIGHT_S)

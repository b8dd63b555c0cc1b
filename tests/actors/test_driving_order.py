"""The driving clock leaves out days that are too short: whatever comes when, what stands is what all of it says."""

from collections.abc import Iterator
from itertools import count
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from actors.driver_hours import OF_THE_DRIVER, hours_of
from actors.driving_clock import DrivingClock
from actors.messages import DroveStretch
from actors.rules.vehicle_rules import GROWTH_S
from protocols.times import DAY_S
from storage.models import ViolationRow
from storage.writer import Unit
from tests.actors.host_loop import HostLoop
from tests.actors.station_kit import NOON_S
from tests.actors.test_driving_clock import BOOK
from tests.actors.yard import Yard, open_yard

STEP_S = 600
LIMITS = BOOK.on(NOON_S).driving
Span = tuple[int, int, int, int]
"""Vehicle, licence, steps from noon on to its start, steps at the wheel."""
SPANS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2 * DAY_S // STEP_S), st.integers(1, 30)),
    min_size=1,
    max_size=12,
)
EXAMPLES = count(1)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HostLoop, Yard]]:
    """One store for all examples: each has vehicles and licences of its own."""
    host, opened = HostLoop(), open_yard(tmp_path_factory.mktemp("yard"))
    yield host, host.run(opened.__aenter__)
    host.run(lambda: opened.__aexit__(None, None, None))
    host.close()


def as_told(spans: list[Span], number: int) -> list[list[DroveStretch]]:
    """Stretches, none over another of its vehicle, each as it is told: when it begins, while it grows, when it ends."""
    free_s: dict[int, int] = {}
    found: list[list[DroveStretch]] = []
    for vehicle, licence, start, steps in sorted(spans, key=lambda span: span[2]):
        start_s = max(NOON_S + start * STEP_S, free_s.get(vehicle, 0))
        end_s = free_s[vehicle] = start_s + steps * STEP_S
        ends_s = [*range(start_s + STEP_S, end_s, GROWTH_S), end_s]
        found.append([DroveStretch(number * 10 + vehicle, f"{number}L{licence}", start_s, at_s) for at_s in ends_s])
    return found


async def clock_of(yard: Yard, now_s: list[float]) -> DrivingClock:
    clock = DrivingClock(
        lambda: now_s[0], yard.bridge.host, yard.writer, yard.ids, yard.waypoints, yard.world.vehicles, BOOK,
        yard.counters.get,
    )  # fmt: skip
    await yard.writer.flush()
    assert await clock.begin()
    return clock


async def live(yard: Yard, stretches: list[list[DroveStretch]], chance: Random) -> float:
    """Tell the stretches of all vehicles in any order, look now and then, begin a process anew now and then."""
    now_s = [float(NOON_S)]
    clock = await clock_of(yard, now_s)
    waiting = [list(reversed(one)) for one in stretches]
    while waiting:
        one = chance.choice(waiting) if chance.random() < 0.5 else min(waiting, key=lambda left: left[-1].end_s)
        told = one.pop()
        unit = Unit()
        unit.add("stretches", (yard.ids.take("stretches"), *told))
        yard.writer.add(unit)
        now_s[0] = max(now_s[0], told.end_s)
        if not one:
            waiting.remove(one)
        if chance.random() < 0.4:
            await yard.writer.flush()
            await clock.look()
        if chance.random() < 0.05:
            clock = await clock_of(yard, now_s)
    await yard.writer.flush()
    await clock.look()
    now_s[0] += 2 * DAY_S
    await clock.look()
    await yard.writer.flush()
    return now_s[0]


@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(spans=SPANS, chance=st.randoms(use_true_random=False))
def test_in_whatever_order_stretches_come_the_violations_are_those_of_all(
    stage: tuple[HostLoop, Yard], spans: list[Span], chance: Random
) -> None:
    host, yard = stage
    stretches = as_told(spans, next(EXAMPLES))
    now_s = host.run(lambda: live(yard, stretches, chance))
    whole = [told[-1] for told in stretches]
    for driver in {one.driver for one in whole}:

        async def stored(driver: str = driver) -> list[ViolationRow]:
            return await ViolationRow.filter(driver=driver, kind__in=OF_THE_DRIVER).order_by("start_s", "kind")

        own = [one for one in whole if one.driver == driver]
        cases = sorted(hours_of(driver, own, LIMITS, 0, now_s).cases, key=lambda case: (case.start_s, case.kind))
        assert [
            (row.vehicle_id, row.kind, row.start_s, row.end_s, row.closed, row.detail) for row in host.run(stored)
        ] == [(case.vehicle_id, case.kind, case.start_s, case.end_s, case.closed, case.detail) for case in cases]

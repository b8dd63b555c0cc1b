"""Exceedances as they are kept: at once, in any order of arrival, over restarts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.rules.exceedance import hold, runs_of
from actors.rules.limits import Averaging, Limit
from protocols.vocabulary import ExceedanceLevel, Flag
from storage.models import ExceedanceRow, ExceedanceWorkRow, HourlyRow, ReadingRow
from storage.writer import Unit
from tests.actors.exceedance_kit import Desk, judged, limited_profile, minutes, open_desk, revised, series
from tests.actors.station_kit import CADENCE_S, NOON_S

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk


async def test_a_run_opens_with_its_first_value_and_ends_with_the_first_within(desk: Desk) -> None:
    await desk.take(judged(0, 120.0))
    assert await desk.said() == [(0, None, "exceeding", "exceeding", 120.0)]
    assert desk.clock.level(1) is ExceedanceLevel.EXCEEDING
    await desk.take(judged(5, 130.0), judged(10, 50.0))
    assert await desk.said() == [(0, 10, "exceeding", "ended", 130.0)]
    assert desk.clock.level(1) is ExceedanceLevel.WITHIN
    assert [(change.was, str(change.state)) for change in desk.changes] == [("", "exceeding"), ("exceeding", "ended")]


async def test_a_value_within_its_limit_makes_no_work(desk: Desk) -> None:
    await desk.store(series([50.0, 60.0, 70.0]))
    assert await ExceedanceWorkRow.all().count() == 0
    await desk.store([judged(15, 95.0)])
    assert await ExceedanceWorkRow.all().count() == 1


async def test_a_late_value_within_splits_the_run_it_falls_into(desk: Desk) -> None:
    await desk.take(judged(0, 120.0), judged(10, 130.0), judged(15, 50.0))
    await desk.take(judged(5, 60.0))
    assert await desk.said() == [(0, 5, "exceeding", "ended", 120.0), (10, 15, "exceeding", "ended", 130.0)]


async def test_a_value_that_fails_afterwards_takes_its_exceedance_back(desk: Desk) -> None:
    await desk.take(judged(0, 500.0), judged(5, 50.0))
    await desk.take(revised(0, Flag.FAIL))
    assert await desk.said() == []
    (row,) = await ExceedanceRow.all()
    assert (row.state, str(desk.changes[-1].state)) == ("withdrawn", "withdrawn")
    await desk.take(revised(0, Flag.GOOD))
    assert await desk.said() == [(0, 5, "exceeding", "ended", 500.0)]


async def test_a_failed_value_that_turns_out_good_is_an_exceedance(desk: Desk) -> None:
    await desk.take(judged(0, 500.0, Flag.FAIL), judged(5, 50.0))
    assert await desk.said() == []
    await desk.take(revised(0, Flag.GOOD))
    assert await desk.said() == [(0, 5, "exceeding", "ended", 500.0)]


async def test_a_suspect_value_awaits_verification(desk: Desk) -> None:
    await desk.take(judged(0, 120.0, Flag.SUSPECT))
    assert await desk.said() == [(0, None, "awaiting_verification", "awaiting_verification", 120.0)]
    await desk.take(revised(0, Flag.GOOD))
    assert await desk.said() == [(0, None, "exceeding", "exceeding", 120.0)]


async def test_a_device_that_calibrates_or_fails_exceeds_nothing(desk: Desk) -> None:
    await desk.take(judged(0, 500.0, status="01"), judged(5, 500.0, status="02"))
    assert await desk.said() == []


async def test_what_was_stored_before_a_kill_is_looked_at_after_it(desk: Desk) -> None:
    """The work is written with the values: a kill between the two commits loses nothing."""
    await desk.store(series([50.0, 120.0, 130.0]))
    await desk.clock.load()
    await desk.look()
    assert await desk.said() == [(5, None, "exceeding", "exceeding", 130.0)]


async def test_after_a_restart_an_open_run_goes_on_and_ends(desk: Desk) -> None:
    await desk.take(*series([120.0, 130.0]))
    desk.watch.reach.clear()
    await desk.clock.load()
    assert desk.clock.level(1) is ExceedanceLevel.EXCEEDING
    await desk.take(judged(10, 20.0))
    assert await desk.said() == [(0, 10, "exceeding", "ended", 130.0)]


async def test_a_work_on_the_past_leaves_what_goes_on_now_alone(desk: Desk) -> None:
    await desk.take(*series([120.0, 130.0], 600))
    await desk.take(judged(0, 150.0), judged(5, 20.0))
    assert desk.clock.level(1) is ExceedanceLevel.EXCEEDING
    await desk.take(judged(610, 20.0))
    assert [run[:2] for run in await desk.said()] == [(0, 5), (600, 610)]


async def test_a_limit_that_is_taken_away_takes_its_exceedance_back(desk: Desk) -> None:
    await desk.take(*series([120.0, 130.0]))
    desk.profile = limited_profile(COD=None)
    await desk.take(judged(10, 140.0))
    assert await desk.said() == []
    assert desk.clock.level(1) is ExceedanceLevel.WITHIN


async def test_a_stacks_value_is_held_against_its_limit_at_the_reference_oxygen(tmp_path: Path) -> None:
    profile = limited_profile(SO2={"value": 100.0, "o2_ref": 7.0}, O2=None)
    async with open_desk(tmp_path, profile) as desk:
        await desk.take(judged(0, 60.0, parameter="SO2"), judged(0, 13.9, parameter="O2"))
        await desk.take(judged(5, 60.0, parameter="SO2"), judged(5, 20.5, parameter="O2"))
        await desk.take(judged(10, 60.0, parameter="SO2"), judged(10, 7.0, parameter="O2"))
        ((start, end, level, _, worst),) = await desk.said(parameter="SO2")
    assert (start, end, level) == (0, 10, "exceeding")
    assert worst == pytest.approx(60 * 13.9 / 7)


async def test_oxygen_that_comes_or_changes_later_is_looked_at_like_the_value_itself(tmp_path: Path) -> None:
    profile = limited_profile(SO2={"value": 100.0, "o2_ref": 7.0}, O2=None)
    async with open_desk(tmp_path, profile) as desk:
        await desk.take(judged(0, 60.0, parameter="SO2"))
        assert await desk.said(parameter="SO2") == []
        await desk.take(judged(0, 13.9, parameter="O2"))
        assert [run[:3] for run in await desk.said(parameter="SO2")] == [(0, None, "exceeding")]
        await desk.take(revised(0, Flag.FAIL, "O2"))
        assert await desk.said(parameter="SO2") == []


async def test_a_decision_and_a_test_beyond_the_station_are_looked_at_at_once(desk: Desk) -> None:
    """Neither waits for the hour to be made, nor for a mean to change."""
    await desk.take(judged(0, 500.0), judged(5, 50.0))
    await ReadingRow.filter(time_s=NOON_S).update(outer_flags=3)
    unit = Unit()
    desk.watch.turned(unit, {(1, NOON_S)})
    await desk.writer.store(unit)
    await desk.look()
    assert await desk.said() == [(0, 5, "awaiting_verification", "ended", 500.0)]
    await desk.decide(0, 80.0)
    assert await desk.said() == []
    await desk.decide(5, 120.0)
    assert await desk.said() == [(5, None, "exceeding", "exceeding", 120.0)]


async def test_a_tendency_is_told_where_the_limit_asks_for_it(tmp_path: Path) -> None:
    limits = {"COD": {"value": 100.0}, "TSS": {"value": 100.0, "tendency_s": 3600}}
    async with open_desk(tmp_path, limited_profile(**limits)) as desk:
        for at, value in enumerate((60.0, 65.0, 70.0, 75.0)):
            await desk.take(judged(5 * at, value), judged(5 * at, value, parameter="TSS"))
        assert await desk.said() == []
        assert await desk.said(parameter="TSS") == [(15, None, "tendency", "tendency", 75.0)]
        assert desk.clock.tending(1) == {"TSS"}
        await desk.take(judged(12, 40.0, parameter="TSS"))
        assert await desk.said(parameter="TSS") == [(15, None, "tendency", "tendency", 75.0)]
        await desk.take(judged(17, 30.0, parameter="TSS"))
        assert [run[:3] for run in await desk.said(parameter="TSS")] == [(15, 17, "tendency")]
        assert desk.clock.tending(1) == frozenset()


async def test_from_which_oxygen_on_nothing_is_corrected_is_a_limits_own(tmp_path: Path) -> None:
    limit = {"value": 100.0, "o2_ref": 7.0}
    profile = limited_profile(SO2=limit, NOx={**limit, "o2_refused_from": 20.8}, O2=None)
    async with open_desk(tmp_path, profile) as desk:
        every = (("SO2", 60.0), ("NOx", 60.0), ("O2", 20.5))
        await desk.take(*(judged(0, value, parameter=symbol) for symbol, value in every))
        assert await desk.said(parameter="SO2") == []
        assert [run[:3] for run in await desk.said(parameter="NOx")] == [(0, None, "exceeding")]


async def test_an_hours_mean_is_held_against_the_limit_in_its_newest_version(desk: Desk) -> None:
    for at, (hour, version, value) in enumerate([(1, 1, 120.0), (2, 1, 90.5), (1, 2, 99.0)], 1):
        await HourlyRow.create(
            id=at, station_id=1, parameter="COD", hour_s=NOON_S + 3600 * hour, version=version, value=value,
            unit="mg/L", flag=1, count=12, expected=12, made_ms=0,
        )  # fmt: skip
        await ExceedanceWorkRow.create(id=at, station_id=1, averaging="hour", end_s=NOON_S + 3600 * hour)
        await desk.look()
        if at == 2:
            assert await desk.said("hour") == [
                (60, 120, "exceeding", "ended", 120.0), (120, None, "approaching", "approaching", 90.5),
            ]  # fmt: skip
        went_on = {"COD": [Averaging.HOUR]} if at == 1 else {}
        assert desk.clock.beyond(1, Averaging.DAY, Averaging.HOUR) == went_on
        await ExceedanceWorkRow.all().delete()
    assert await desk.said("hour") == [(60, None, "approaching", "approaching", 99.0)]


VALUES = st.lists(
    st.tuples(st.sampled_from([20.0, 95.0, 101.0, 140.0]), st.sampled_from([Flag.GOOD, Flag.SUSPECT, Flag.FAIL])),
    min_size=1,
    max_size=20,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=VALUES, data=st.data())
async def test_any_order_of_arrival_gives_what_a_batch_gives(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[float, Flag]], data: st.DataObject
) -> None:
    steps = data.draw(st.lists(st.sampled_from([5, 10, 25]), min_size=len(values), max_size=len(values)))
    at = [sum(steps[:index]) for index in range(len(values))]
    order = data.draw(st.permutations(range(len(values))))
    limit = Limit(100)
    held = [hold(NOON_S + 60 * at[i], value, flag, "00", limit) for i, (value, flag) in enumerate(values)]
    batch = runs_of([each for each in held if each is not None], CADENCE_S)
    async with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        for index in order:
            await desk.take(judged(at[index], *values[index]))
        said = await desk.said()
    expected = [
        (minutes(run.start_s), None if run.end_s is None else minutes(run.end_s), str(run.level), run.worst.value)
        for run in batch
    ]
    assert [(start, end, level, worst) for start, end, level, _, worst in said] == expected

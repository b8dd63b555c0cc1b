"""The effective layer: which record speaks, what outer tests and people lay over it, and that nothing is written."""

from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.connection import get_connection

from protocols.verdict import ARRIVAL_SHIFT, pack
from protocols.vocabulary import Flag, ReviewAction
from storage.corrections import keep_corrections
from storage.database import Database
from storage.ids import load_ids
from storage.layers import Decision, Effective, Stored, active_record, effective_hours, lay_over
from storage.models import CorrectionRow, DirtyHourRow
from storage.writer import Unit
from tests.storage.stores import opened

HOUR = 1_763_600_400
STATION = 7
SPATIAL_FAILED = 4 << 40


def stored(number: int, value: float | None, time_s: int = HOUR, **changes: Any) -> Stored:
    return Stored(number, STATION, "COD", time_s, value, 1, 0, "mg/L", "00")._replace(**changes)


def decision(number: int, action: ReviewAction, reading_id: int = 1, **changes: Any) -> Decision:
    return Decision(number, STATION, "COD", HOUR, reading_id, action, None, None, "", number * 10)._replace(**changes)


def laid(readings: list[Stored], *decisions: Decision) -> list[Effective]:
    layer = lay_over(readings, decisions).get(STATION)
    return [] if layer is None else layer.readings.get("COD", [])


def test_the_first_record_of_an_instant_speaks_and_one_from_the_future_does_not() -> None:
    future = stored(1, 9.0, flag=4, verdict=pack({"syntax": 1, "order": 4}) | 5 << ARRIVAL_SHIFT)
    failed = stored(1, 9.0, flag=4, verdict=pack({"order": 1, "range": 4}) | 1 << ARRIVAL_SHIFT)
    second, third = stored(2, 5.0, flag=3), stored(3, 6.0, flag=3)
    assert active_record([future, second, third]) is second
    assert active_record([failed, second]) is failed
    assert active_record([future]) is future
    assert active_record([failed, second, third], named_id=3) is third


def test_what_the_outer_tests_said_is_in_the_flag() -> None:
    (value,) = laid([stored(1, 5.0, outer_flags=SPATIAL_FAILED)])
    assert (value.flag, value.value, value.decided) == (Flag.FAIL, 5.0, "")


@pytest.mark.parametrize(
    ("decided", "value", "flag", "is_corrected"),
    [
        (decision(1, ReviewAction.APPROVE, flag=1), 5.0, Flag.GOOD, False),
        (decision(1, ReviewAction.REJECT, flag=4), 5.0, Flag.FAIL, False),
        (decision(1, ReviewAction.CORRECT, flag=1, value=4.5), 4.5, Flag.GOOD, True),
        (decision(1, ReviewAction.CONFIRM_ABNORMAL, flag=1), 5.0, Flag.GOOD, False),
        (decision(1, ReviewAction.NOTE), 5.0, Flag.SUSPECT, False),
    ],
)
def test_the_decision_of_a_person_is_laid_over(decided: Decision, value: float, flag: Flag, is_corrected: bool) -> None:
    (found,) = laid([stored(1, 5.0, flag=3)], decided)
    assert (found.value, found.flag, found.is_corrected) == (value, flag, is_corrected)


def test_the_latest_decision_wins_and_one_that_was_taken_back_leaves_the_value_as_sent() -> None:
    rejected, approved = decision(1, ReviewAction.REJECT, flag=4), decision(2, ReviewAction.APPROVE, flag=1)
    (found,) = laid([stored(1, 5.0, flag=3)], approved, rejected)
    assert found.flag is Flag.GOOD
    (found,) = laid([stored(1, 5.0, flag=3)], rejected, approved, decision(3, ReviewAction.REOPEN))
    assert (found.flag, found.decided) == (Flag.SUSPECT, "")


def test_a_promoted_record_speaks_until_the_instant_is_reopened() -> None:
    records = [stored(1, 5.0, flag=3), stored(2, 8.0, flag=3)]
    promoted = decision(1, ReviewAction.PROMOTE, 2, flag=1)
    assert [found.value for found in laid(records, promoted)] == [8.0]
    assert [found.value for found in laid(records, promoted, decision(2, ReviewAction.REOPEN, 1))] == [5.0]


def test_a_value_that_a_person_filled_in_stands_only_while_the_station_sent_none() -> None:
    filled = decision(1, ReviewAction.INTERPOLATE, 0, flag=1, value=4.0, unit="mg/L")
    (found,) = laid([], filled)
    assert (found.value, found.flag, found.is_corrected, found.reading_id) == (4.0, Flag.GOOD, True, 0)
    (found,) = laid([stored(1, 5.0)], filled)
    assert (found.value, found.is_corrected) == (5.0, False)
    assert laid([], filled, decision(2, ReviewAction.REOPEN, 0)) == []


def test_when_a_person_last_decided_is_told_even_where_it_was_taken_back() -> None:
    layer = lay_over([stored(1, 5.0)], [decision(1, ReviewAction.REJECT), decision(2, ReviewAction.REOPEN)])[STATION]
    assert layer.corrected_ms == {"COD": 20}


ACTS = st.sampled_from(list(ReviewAction))


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([1, 3, 4]), st.floats(-5, 5)), max_size=8),
    st.lists(st.tuples(st.integers(0, 3), ACTS, st.integers(0, 8), st.none() | st.floats(-5, 5)), max_size=8),
    st.randoms(use_true_random=False),
)
def test_any_order_of_the_rows_gives_the_same_layer(
    records: list[tuple[int, int, float]], acts: list[tuple[int, ReviewAction, int, float | None]], random: Any
) -> None:
    readings = [stored(number, value, HOUR + at, flag=flag) for number, (at, flag, value) in enumerate(records, 1)]
    decisions = [
        decision(number, act, reading_id, time_s=HOUR + at, value=value)
        for number, (at, act, reading_id, value) in enumerate(acts, 1)
    ]
    expected = lay_over(readings, decisions)
    random.shuffle(readings)
    random.shuffle(decisions)
    assert lay_over(readings, decisions) == expected


def reading_row(number: int, station_id: int, time_s: int, flag: int = 3) -> tuple[Any, ...]:
    return (number, station_id, "COD", time_s, 5.0 + number, "5.0", "mg/L", "00", flag, 0, 1, number, 0, 0, "", 0)


@pytest.mark.asyncio
async def test_many_stations_of_one_hour_are_read_at_once(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        numbers = count(1)
        rows = [reading_row(next(numbers), station, HOUR - at) for station in (1, 2, 3) for at in (0, 300, 3600)]
        await writer.store(Unit(rows={"readings": rows}))
        async with database.writing():
            row = CorrectionRow(station_id=2, parameter="COD", time_s=HOUR, reading_id=4, action="reject", flag=4,
                                who="an", at_ms=5)  # fmt: skip
            await keep_corrections(await load_ids(database), [row], 5)
        layers = await effective_hours([1, 2], HOUR)
        assert {station: [one.time_s - HOUR for one in layer.readings["COD"]] for station, layer in layers.items()} == {
            1: [-300, 0], 2: [-300, 0],
        }  # fmt: skip
        assert [one.flag for one in layers[2].readings["COD"]] == [Flag.SUSPECT, Flag.FAIL]
        assert layers[2].corrected_ms == {"COD": 5} and layers[1].corrected_ms == {}
        assert await effective_hours([], HOUR) == {}


async def raw_rows(database: Database) -> list[dict[str, Any]]:
    return await database.connection().execute_query_dict("SELECT * FROM readings ORDER BY id")


@pytest.mark.asyncio
async def test_a_reading_is_bit_for_bit_the_same_after_any_sequence_of_acts(store_url: str) -> None:
    """Every act on every record, and each after each other one."""
    async with opened(store_url) as (database, writer):
        await writer.store(Unit(rows={"readings": [reading_row(n, STATION, HOUR + n // 2) for n in range(1, 5)]}))
        ids = await load_ids(database)
        before = await raw_rows(database)
        for first in ReviewAction:
            for second in ReviewAction:
                rows = [
                    CorrectionRow(station_id=STATION, parameter="COD", time_s=HOUR + number // 2, reading_id=number,
                                  action=action, flag=2, value=-1.0, unit="x", who="an", at_ms=1)
                    for number in range(5) for action in (first, second)
                ]  # fmt: skip
                async with database.writing():
                    await keep_corrections(ids, rows, 1)
        assert await raw_rows(database) == before
        assert await CorrectionRow.all().count() == 10 * len(ReviewAction) ** 2
        assert {row.hour_s for row in await DirtyHourRow.all()} == {HOUR, HOUR + 3600}


@pytest.mark.asyncio
async def test_a_decision_and_its_dirty_hour_are_one_transaction(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        ids = await load_ids(database)
        row = CorrectionRow(station_id=1, parameter="COD", time_s=HOUR, action="reject", who="an", at_ms=1)
        with pytest.raises(ZeroDivisionError):
            async with database.writing():
                await keep_corrections(ids, [row], 1)
                _ = 1 / 0
        counted = await get_connection("default").execute_query_dict(
            "SELECT (SELECT COUNT(*) FROM corrections) + (SELECT COUNT(*) FROM dirty_hours) AS found"
        )
        assert counted[0]["found"] == 0

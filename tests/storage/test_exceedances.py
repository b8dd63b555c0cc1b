"""Exceedances and their worklist, on both engines."""

import pytest

from protocols.vocabulary import Flag
from storage.exceedances import (
    TOUCHING,
    all_exceedances,
    exceedances_touching,
    has_later_hour,
    has_later_instant,
    hours,
    instants,
    open_exceedances,
    reaches,
    station_codes,
    station_exceedances,
    waiting_work,
)
from storage.models import ExceedanceWorkRow, HourlyRow, ReadingRow, StationRow
from storage.writer import Unit
from tests.storage.stores import opened

STATION, AT = 7, 1_774_000_800


def run(
    number: int, start_s: int, end_s: int | None, state: str = "ended", worst: float = 120.0, averaging: str = "instant"
) -> tuple[object, ...]:
    last_s = start_s if end_s is None else end_s - 300
    level = "exceeding"
    return (
        number, STATION, "COD", averaging, start_s, last_s, end_s, level, state, worst, start_s, 100.0, None, "mg/L", 1,
        number, number,
    )  # fmt: skip


@pytest.mark.asyncio
async def test_the_same_run_told_again_keeps_its_number_and_when_it_was_noticed(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(rows={"exceedances": [run(1, AT, None, "exceeding")]}))
        await writer.store(Unit(rows={"exceedances": [run(2, AT, AT + 600, worst=140.0)]}))
        (row,) = await station_exceedances(STATION, AT, AT)
        assert (row.id, row.noticed_ms, row.updated_ms, row.worst, row.state) == (1, 1, 2, 140.0, "ended")
        assert await open_exceedances() == []


@pytest.mark.asyncio
async def test_what_touches_a_stretch_is_found_and_what_was_withdrawn_is_not(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        rows = [
            run(1, AT, AT + 600), run(2, AT + 3000, AT + 3600), run(3, AT + 5000, None, "exceeding"),
            run(4, AT + 300, AT + 600, "withdrawn"), run(5, AT, AT + 600, averaging="hour"),
        ]  # fmt: skip
        await writer.store(Unit(rows={"exceedances": rows}))
        found = await exceedances_touching(STATION, "instant", AT + 600, AT + 3000)
        assert [row.id for row in found] == [1, 2]
        assert [row.id for row in await exceedances_touching(STATION, "instant", AT + 9000, AT + 9999)] == [3]
        assert await reaches() == {(STATION, "COD"): (AT + 5000, True)}
        assert [row.id for row in await open_exceedances("instant")] == [3]
        newest, count = await all_exceedances("", 10, 0)
        assert ([row.id for row in newest], count) == ([3], 1)
        assert (await all_exceedances("ended", 1, 1))[1] == 3


@pytest.mark.asyncio
async def test_what_ended_long_ago_is_not_looked_at(store_url: str) -> None:
    """Both engines find what touches a stretch by its end."""
    async with opened(store_url) as (database, writer):
        rows = [run(at, AT + at * 900, AT + at * 900 + 600) for at in range(1, 500)]
        await writer.store(Unit(rows={"exceedances": rows}))
        given = {"station_id": STATION, "averaging": "instant", "to_s": AT, "withdrawn": "withdrawn"}
        sql = TOUCHING.format(**given, ends=f"end_s >= {AT}")
        async with database.connection()._in_transaction() as connection:
            if store_url.startswith("sqlite"):
                plan = await connection.execute_query_dict(f"EXPLAIN QUERY PLAN {sql}")
                assert "(station_id=? AND averaging=? AND end_s>?)" in plan[0]["detail"]
            else:
                await connection.execute_script("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
                plan = await connection.execute_query_dict(f"EXPLAIN {sql}")
                conditions = [row["QUERY PLAN"] for row in plan if "Index Cond" in row["QUERY PLAN"]]
                assert any("end_s >=" in condition and "station_id" in condition for condition in conditions)
        found = await exceedances_touching(STATION, "instant", AT + 899 * 400, AT + 901 * 400)
        assert [row.id for row in found] == [
            at for at in range(1, 500) if at * 900 <= 901 * 400 and at * 900 + 600 >= 899 * 400
        ]


@pytest.mark.asyncio
async def test_work_that_is_wanted_twice_waits_once_and_the_newest_comes_first(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        for number, end_s in enumerate((AT, AT + 3600, AT), 1):
            await writer.store(Unit(rows={"exceedance_work": [(number, STATION, "instant", end_s)]}))
        assert [(row.id, row.end_s) for row in await waiting_work()] == [(2, AT + 3600), (3, AT)]
        assert await ExceedanceWorkRow.all().count() == 2


@pytest.mark.asyncio
async def test_values_are_read_in_their_order_and_means_in_their_newest_version(store_url: str) -> None:
    async with opened(store_url):
        for at, (time_s, value, flag) in enumerate([(AT + 300, 5.0, 1), (AT, 4.0, 3), (AT + 900, 9.0, 4)], 1):
            await ReadingRow.create(
                id=at, station_id=STATION, parameter="COD", time_s=time_s, value=value, raw_text="", unit="mg/L",
                device_status="00", flag=flag, file_id=1, line=at,
            )  # fmt: skip
        for version, value in ((1, 4.0), (2, 5.0)):
            await HourlyRow.create(
                id=version, station_id=STATION, parameter="COD", hour_s=AT, version=version, value=value, unit="mg/L",
                flag=1, count=12, expected=12, made_ms=0,
            )  # fmt: skip
        found = (await instants(STATION, AT - 1, AT + 300))["COD"]
        assert [(point.time_s, point.value, point.flag, point.status) for point in found] == [
            (AT, 4.0, Flag.SUSPECT, "00"), (AT + 300, 5.0, Flag.GOOD, "00"),
        ]  # fmt: skip
        assert await instants(99, AT, AT + 300) == {}
        assert [(point.value, point.flag) for point in (await hours(STATION, AT - 1, AT))["COD"]] == [(5.0, Flag.GOOD)]
        assert [await has_later_instant(STATION, "COD", at_s) for at_s in (AT, AT + 300)] == [True, False]
        assert [await has_later_hour(STATION, "COD", at_s) for at_s in (AT - 1, AT)] == [True, False]


@pytest.mark.asyncio
async def test_stations_are_named_by_their_codes(store_url: str) -> None:
    async with opened(store_url):
        await StationRow.create(id=STATION, code="TB_A", kind="air")
        assert await station_codes({STATION, 99}) == {STATION: "TB_A"}
        assert await station_codes(set()) == {}

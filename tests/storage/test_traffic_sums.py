"""Sums of vehicles' days, on both engines: by vehicle, by day, for whom they were then."""

from typing import Any

import pytest

from actors.rules.counted_day import CountedDay
from storage.models import TrafficDayRow
from storage.traffic_days import COUNTS, row_id
from storage.traffic_months import SUMS
from storage.traffic_sums import TRANSMISSION, Asked, TrafficSums
from storage.writer import Unit
from tests.storage.fleet import DAY, counted, driven, register, store_month
from tests.storage.stores import opened

JANUARY = Asked(DAY, DAY + 30)


async def sums_of(sums: TrafficSums, asked: Asked) -> dict[int, dict[str, Any]]:
    return {row["vehicle_id"]: row async for rows in sums.vehicles(asked, SUMS, named=True) for row in rows}


@pytest.mark.asyncio
async def test_the_days_of_a_period_are_summed_by_vehicle_and_one_without_data_has_zeros(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        await register(database, writer)
        await store_month(writer)
        found = await sums_of(TrafficSums(database), JANUARY)
    assert set(found) == {1, 2, 3, 4, -1}
    first = found[1]
    assert (first["plate"], first["company"], first["way_m"], first["moving_s"]) == (
        "29A00001", "Sông Hồng", 500_000.0, 30_000,
    )  # fmt: skip
    assert [first[name] for name in ("under_5", "over_10", "over_35", "over_m", "over_s", "worst_kmh")] == [
        1, 2, 1, 5_000.0, 180, 41.0,
    ]  # fmt: skip
    assert (first["active_days"], first["driving_days"]) == (2, 1)
    assert (found[2]["way_m"], found[2]["active_days"], found[2]["worst_kmh"]) == (0, 0, 0)
    assert (found[4]["way_m"], found[4]["silences"], found[-1]["department"]) == (0, 1, "")


@pytest.mark.asyncio
async def test_a_question_is_narrowed_and_read_in_slices(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.traffic_sums.SLICE", 62)
    async with opened(store_url) as (database, writer):
        await register(database, writer)
        await store_month(writer)
        sums = TrafficSums(database)
        assert len(await sums_of(sums, JANUARY)) == 5
        hanoi = (("department", "Hà Nội"),)
        assert set(await sums_of(sums, Asked(DAY, DAY, hanoi))) == {1, 2, 3}
        assert set(await sums_of(sums, Asked(DAY, DAY, (*hanoi, ("business", "Hợp đồng"))))) == {2, 3}
        assert set(await sums_of(sums, Asked(DAY, DAY, (("terminal", "Giáp Bát"),), "29A00002"))) == {2}
        assert (await sums_of(sums, Asked(DAY, DAY)))[1]["way_m"] == 200_000.0


@pytest.mark.asyncio
async def test_a_half_of_a_row_that_is_written_again_replaces_itself_alone(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        for way_m in (10.0, 12.5):
            unit = Unit()
            driven(unit, 1, DAY, way_m, 60)
            await writer.store(unit)
        unit = Unit()
        counted(unit, 1, DAY, rare=3)
        driven(unit, 1, DAY + 1, 1.0, 1)
        await writer.store(unit)
        row = await TrafficDayRow.get(id=row_id(1, DAY))
        assert (row.way_m, row.moving_s, row.rare, await TrafficDayRow.all().count()) == (12.5, 60, 3, 2)


def test_the_counted_columns_are_those_of_the_rule() -> None:
    assert CountedDay.__slots__ == COUNTS


@pytest.mark.asyncio
async def test_single_days_are_listed_by_plate_and_day(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        await register(database, writer)
        await store_month(writer)
        sums = TrafficSums(database)
        days, count = await sums.days(JANUARY, f"{TRANSMISSION} > 0", 10, 0)
        second, all_days = await sums.days(JANUARY, "d.way_m > 0", 1, 1)
    assert (count, days[0]["plate"], days[0]["day"], days[0]["lacking"]) == (1, "89B00004", DAY + 1, 5)
    assert (all_days, second[0]["plate"], second[0]["day"]) == (4, "29A00001", DAY + 1)

"""Reads of the daily look at drift, on both engines."""

import pytest

from protocols.times import HOUR_S
from storage.drift import drift_tickets, first_hour, hours_made, newest_hourly_id, touched_since, values_by_hour
from storage.models import HourlyRow, ReadingRow
from storage.writer import Unit
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio


async def keep(number: int, hour_s: int, value: float | None, flag: int, version: int = 1, station_id: int = 1) -> None:
    await HourlyRow.create(
        id=number, station_id=station_id, parameter="COD", hour_s=hour_s, version=version, value=value, unit="mg/L",
        flag=flag, count=12, expected=12, made_ms=0,
    )  # fmt: skip


async def test_an_hour_counts_in_its_newest_version_and_only_with_a_number(store_url: str) -> None:
    async with opened(store_url):
        await keep(1, HOUR_S, 1.0, 1)
        await keep(2, HOUR_S, 2.0, 3, version=2)
        await keep(3, 2 * HOUR_S, None, 9)
        await keep(4, HOUR_S, 7.0, 1, station_id=2)
        assert await hours_made([1, 2], "COD", 0, 2 * HOUR_S) == {1: {HOUR_S: 2.0}, 2: {HOUR_S: 7.0}}
        assert await hours_made([1], "COD", HOUR_S, 2 * HOUR_S) == {}
        assert (await first_hour(1, "COD"), await first_hour(1, "pH")) == (HOUR_S, None)


async def test_what_was_made_since_is_told_by_its_earliest_hour(store_url: str) -> None:
    async with opened(store_url):
        assert await newest_hourly_id() == 0
        await keep(1, HOUR_S, 1.0, 1)
        await keep(2, 9 * HOUR_S, 1.0, 1)
        await keep(3, 5 * HOUR_S, 1.0, 1)
        assert await touched_since(1) == {(1, "COD"): 5 * HOUR_S}
        assert await touched_since(0, [2]) == {} and await newest_hourly_id() == 3


async def test_readings_are_gathered_by_hour_without_those_that_failed(store_url: str) -> None:
    async with opened(store_url):
        for number, (time_s, value, flag) in enumerate([(1, 5.0, 1), (HOUR_S, 6.0, 3), (HOUR_S + 1, 9.0, 4)], 1):
            await ReadingRow.create(
                id=number, station_id=1, parameter="COD", time_s=time_s, value=value, raw_text="", unit="mg/L",
                device_status="00", flag=flag, file_id=1, line=number,
            )  # fmt: skip
        found = await values_by_hour([1], "COD", 0, 2 * HOUR_S)
    assert {station_id: dict(hours) for station_id, hours in found.items()} == {1: {HOUR_S: [5.0, 6.0]}}


async def test_an_alarm_that_comes_back_after_it_was_withdrawn_is_open_again(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        for number, state in ((1, "withdrawn"), (2, "open")):
            row = (number, 1, "COD", 86400, "up", 0, 5, state, None)
            await writer.store(Unit(rows={"drift_tickets": [row]}))
        (ticket,) = await drift_tickets(1)
    assert ticket.state == "open"

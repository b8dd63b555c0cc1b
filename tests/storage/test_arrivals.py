"""What came of a station, and when; the running counts of a day."""

import pytest

from actors.ledger import FAILURES_CHANGED
from protocols.vocabulary import Flag
from storage.arrivals import arrivals, count_failed, day_rows, disasters_of, first_time, recent_parameters
from storage.models import AreaRow, DisasterRow, FileRow
from storage.writer import Unit
from tests.storage.reading_rows import reading_row
from tests.storage.stores import opened

T = 1_774_000_800


def reading(number: int, time_s: int, flag: int = 1, parameter: str = "COD") -> tuple[object, ...]:
    return reading_row(id=number, station_id=7, parameter=parameter, time_s=time_s, flag=flag)


@pytest.mark.asyncio
async def test_the_counts_of_a_day_add_up_until_a_verdict_changes(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(rows={"station_days": [(1, 7, T, 2, 1, 0, 1), (2, 7, T, 3, 0, 1, 0)]}))
        (row,) = await day_rows(7, T, T)
        assert (row.received, row.late, row.backfilled, row.failed) == (5, 1, 1, 1)
        await writer.store(Unit(updates=[(FAILURES_CHANGED, (7, T))]))
        await writer.store(Unit(rows={"station_days": [(3, 7, T, 1, 0, 0, 1)]}))
        (row,) = await day_rows(7, T, T)
        assert (row.received, row.failed) == (6, -1)


@pytest.mark.asyncio
async def test_arrivals_know_when_their_file_came_and_leave_out_the_future(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await FileRow.create(
            id=1, station_id=7, account="a", protocol="ftp", address="", name="f", size=1, sha256="", fate="stored",
            received_ms=(T + 60) * 1000,
        )  # fmt: skip
        rows = [reading(1, T), reading(2, T + 30, 4), reading(3, T + 3600, 4), reading(4, T, parameter="pH")]
        await writer.store(Unit(rows={"readings": rows}))
        found = await arrivals(7, T, T + 7200)
        assert [(row.parameter, row.time_s, row.received_ms) for row in found] == [
            ("COD", T, (T + 60) * 1000), ("COD", T + 30, (T + 60) * 1000), ("pH", T, (T + 60) * 1000)
        ]  # fmt: skip
        assert [row.parameter for row in await arrivals(7, T, T, "pH")] == ["pH"]
        assert await count_failed(7, T, T + 60, Flag.FAIL) == 1
        assert await first_time(7) == T
        assert await first_time(8) is None
        assert await recent_parameters(7) == {"COD", "pH"}


@pytest.mark.asyncio
async def test_a_station_has_the_disasters_of_all_its_areas(store_url: str) -> None:
    async with opened(store_url):
        await AreaRow.create(name="coast", stations=["A", "B"])
        await AreaRow.create(name="hills", stations=["C"])
        await DisasterRow.create(id=1, area="coast", from_s=T, to_s=None, cadence_s=600)
        assert [row.id for row in await disasters_of("A")] == [1]
        assert await disasters_of("C") == []

"""The queue as it is read: order, filters, outer tests, what is around; on both engines."""

from typing import Any

import pytest

from protocols.verdict import pack
from protocols.vocabulary import EpisodeState
from storage.models import EpisodeRow, ReadingRow, StationRow
from storage.review import Asked, counts, newest_runs, questioned, queue, records, stations_near
from tests.storage.stores import opened

T0 = 1_763_600_400
NOW_MS = (T0 + 7200) * 1000


async def put(number: int, **changes: Any) -> None:
    fields: dict[str, Any] = {
        "id": number, "station_id": 1, "parameter": "COD", "test": "range", "first_s": T0 + number,
        "last_s": T0 + number, "count": 1, "flag": 3, "opened_ms": 1, "changed_ms": 1,
    }  # fmt: skip
    await EpisodeRow.create(**{**fields, **changes})


async def put_station(number: int, code: str, name: str = "", lat: float | None = None) -> None:
    await StationRow.create(id=number, code=code, name=name, kind="air", lat=lat, lon=None if lat is None else 106.0)


async def asked_for(asked: Asked, urgent: tuple[int, ...] = ()) -> list[int]:
    rows, count = await queue(asked, NOW_MS, urgent, 50, 0)
    assert count == len(rows)
    return [row.id for row in rows]


@pytest.mark.asyncio
async def test_the_most_urgent_is_on_top(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await put(1)
            await put(2, flag=4)
            await put(3, station_id=9)
            await put(4, state="verifying", due_ms=NOW_MS - 1)
            await put(5, state="verifying", due_ms=NOW_MS + 1)
            await put(6, state="done", flag=4)
        assert await asked_for(Asked(), urgent=(9,)) == [4, 3, 2, 1, 5]
        page, count = await queue(Asked(), NOW_MS, (9,), 2, 1)
        assert ([row.id for row in page], count) == ([3, 2], 5)


@pytest.mark.asyncio
async def test_every_filter_narrows_the_queue(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await put_station(1, "TB_A", "Sông Luộc")
            await put_station(2, "TB_B")
            await put(1)
            await put(2, station_id=2, parameter="pH", test="spike", flag=4, state="escalated")
            await put(3, state="done", first_s=T0 + 500, last_s=T0 + 600)
        assert await asked_for(Asked(station="TB_B")) == [2]
        assert await asked_for(Asked(station="TB_NO")) == []
        assert await asked_for(Asked(q="luộc")) == [1] or not store_url.startswith("postgres")
        assert await asked_for(Asked(q="Sông")) == [1]
        assert await asked_for(Asked(parameter="pH")) == await asked_for(Asked(test="spike")) == [2]
        assert await asked_for(Asked(flag=3)) == [1]
        assert await asked_for(Asked(state="done")) == [3]
        assert await asked_for(Asked(state="", from_s=T0 + 550)) == [3]
        assert await asked_for(Asked(state="", to_s=T0 + 1)) == [1]
        assert await counts(Asked()) == {"open": 1, "verifying": 0, "escalated": 1, "done": 1}


@pytest.mark.asyncio
async def test_a_record_tells_the_outer_tests_too(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            for number, (parameter, outer) in enumerate((("COD", 3 << 40 | 3 << 44 | 4 << 52), ("pH", 0)), 1):
                await ReadingRow.create(
                    id=number, station_id=1, parameter=parameter, time_s=T0, value=1.0, raw_text="1", unit="",
                    line=1, device_status="00", flag=1, verdict=pack({"range": 1, "consistency": 1}), file_id=1,
                    outer_flags=outer,
                )  # fmt: skip
        (found,) = await records(1, "COD", T0, T0)
        assert found.tests == {"range": 1, "consistency": 1, "spatial": 3, "works": 4, "outer_11": 3}
        assert questioned([found], "spatial") == [found] and questioned([found], "range") == []


@pytest.mark.asyncio
async def test_a_restart_goes_on_with_what_is_recent_or_stale(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            await put(1, last_s=T0 - 10)
            await put(2, last_s=T0 - 10, stale=True)
            await put(3, last_s=T0 + 10)
        assert {row.id for row in await newest_runs(T0)} == {2, 3}


@pytest.mark.asyncio
async def test_the_way_to_a_neighbour_is_within_the_box(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        async with database.writing():
            for number, lat in enumerate((20.0, 20.1, 21.0, None), 1):
                await put_station(number, f"TB_{number}", lat=lat)
        first, last = await StationRow.get(id=1), await StationRow.get(id=4)
        assert [row.id for row in await stations_near(first, 0.5)] == [2]
        assert await stations_near(last, 90) == []


def test_the_states_to_do_are_all_but_one() -> None:
    assert {str(state) for state in EpisodeState} - {"done"} == {"open", "verifying", "escalated"}

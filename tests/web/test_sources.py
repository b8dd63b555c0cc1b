"""What the board shows, over HTTP."""

import pytest

from tests.web.house import House


@pytest.mark.asyncio
async def test_sources_come_worst_first_with_times_in_vietnam(house: House) -> None:
    async with house.client() as client:
        rows = (await client.get("/api/v1/sources", params={"kind": "station"})).json()
    assert [row["freshness"] for row in rows][:2] == ["silent", "late"]
    assert rows[0]["last_time"] == "2025-11-20T09:24:12+07:00" and rows[0]["worst_flag"] == 1


@pytest.mark.asyncio
async def test_a_page_of_sources_tells_how_many_there_are(house: House) -> None:
    async with house.client() as client:
        answer = await client.get("/api/v1/sources?kind=vehicle&limit=2&offset=3")
    assert [row["id"] for row in answer.json()] == ["vehicle:29B00004", "vehicle:29B00005"]
    assert answer.headers["x-total-count"] == "8"


@pytest.mark.asyncio
@pytest.mark.parametrize("query", ["limit=0", "limit=x", "offset=-1", "limit=100001"])
async def test_a_page_that_cannot_be_read_is_refused_by_its_field(house: House, query: str) -> None:
    async with house.client() as client:
        answer = await client.get(f"/api/v1/sources?{query}")
    assert answer.status_code == 400 and answer.json()["field"] == query.partition("=")[0]


@pytest.mark.asyncio
async def test_one_source_comes_with_counters_values_and_crashes(house: House) -> None:
    async with house.client() as client:
        shown = (await client.get("/api/v1/sources/station:TB_COFF_NUOCTH")).json()
    assert shown["counters"] == {"received": 7} and shown["last_values"][0]["time"] == "2025-11-20T10:56:12+07:00"
    assert shown["crashes"][0]["at"] == "1970-01-01T07:00:01.000+07:00"


@pytest.mark.asyncio
async def test_an_unknown_source_is_named_in_the_refusal(house: House) -> None:
    async with house.client() as client:
        answer = await client.get("/api/v1/sources/station:NOWHERE")
    assert answer.status_code == 404 and "station:NOWHERE" in answer.json()["detail"]


@pytest.mark.asyncio
async def test_the_balance_adds_up_per_destination(house: House) -> None:
    async with house.client() as client:
        audit, forwards = (await client.get("/api/v1/audit")).json(), (await client.get("/api/v1/forwards")).json()
    assert audit["balanced"] and audit["destinations"]["csgt"]["waiting"] == forwards[0]["waiting"] == 6

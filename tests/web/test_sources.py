"""What the board shows, over HTTP."""

import pytest

from actors.board import Concern
from storage.models import UserRow
from tests.web.house import PASSWORDS, House


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


@pytest.mark.asyncio
async def test_what_somebody_must_look_at_is_told_but_not_to_a_person_with_a_scope(house: House) -> None:
    house.board.concerns_now = [Concern("archive_damaged", "1-9.parquet", {"day": "2025-11-01", "rows": 9})]
    PASSWORDS.setdefault("song", "song-word")
    await UserRow.create(
        name="song", role="viewer", password_hash="plain:song-word", created_ms=1, scope_kind="company",
        scope_name="Vận tải Sông Hồng",
    )  # fmt: skip
    async with house.client() as client:
        told = (await client.get("/api/v1/summary")).json()["concerns"]
        metrics = (await client.get("/metrics")).text
        page = (await client.get("/destinations")).text
    async with house.client("song") as client:
        assert (await client.get("/api/v1/summary")).json()["concerns"] == []
    assert told == [{"kind": "archive_damaged", "about": "1-9.parquet", "day": "2025-11-01", "rows": 9}]
    assert 'trambox_concerns{about="1-9.parquet",kind="archive_damaged"} 1.0' in metrics
    assert 'trambox_destination_p50_seconds{destination="csgt"} 0.4' in metrics
    assert "p50 <b>0.4 s</b> · p99 <b>1.3 s</b> · hạn 120 s" in page

"""A destination's files over HTTP, and another try for a refused one."""

import pytest

from storage.models import AuditRow, DestinationRow, OutFileRow
from tests.web.house import House
from tests.web.stored import T0

LATE = "late or revised readings"
FILES = "/api/v1/forwards/bo/files"


async def keep() -> None:
    await DestinationRow.create(id=5, name="bo", kind="files", url="ftp://127.0.0.1/")
    for number, (hour_s, version, state) in enumerate(
        [(T0, 1, "forwarded"), (T0, 2, "refused"), (T0 - 86400, 1, "waiting")], 1
    ):
        await OutFileRow.create(
            id=number, destination_id=5, station_id=1, hour_s=hour_s, version=version, name=f"f{number}.txt",
            body=b"COD\t5", made_ms=hour_s * 1000, state=state, reason=LATE if version > 1 else "",
        )  # fmt: skip


@pytest.mark.asyncio
async def test_a_destinations_files_tell_version_reason_and_state(house: House) -> None:
    await keep()
    async with house.client() as client:
        answer = await client.get(FILES)
        refused = (await client.get(FILES, params={"state": "refused"})).json()
        one_day = (await client.get(FILES, params={"day": "2025-11-20"})).json()
        wrong = await client.get(FILES, params={"state": "lost"})
    assert answer.headers["X-Total-Count"] == "3"
    assert [(row["name"], row["version"], row["state"]) for row in answer.json()] == [
        ("f2.txt", 2, "refused"), ("f1.txt", 1, "forwarded"), ("f3.txt", 1, "waiting"),
    ]  # fmt: skip
    assert [(row["id"], row["reason"], row["station"]) for row in refused] == [
        ("2", "late or revised readings", "TB_COFF_NUOCTH")
    ]
    assert {row["id"] for row in one_day} == {"1", "2"}
    assert (wrong.status_code, wrong.json()["field"]) == (400, "state")


@pytest.mark.asyncio
async def test_the_bytes_are_those_that_are_sent(house: House) -> None:
    await keep()
    async with house.client() as client:
        answer = await client.get(f"{FILES}/2/raw")
        missing = await client.get(f"{FILES}/9/raw")
        unknown = await client.get("/api/v1/forwards/nobody/files")
    assert answer.content == b"COD\t5"
    assert (missing.status_code, unknown.status_code) == (404, 404)


@pytest.mark.asyncio
async def test_a_refused_file_is_tried_again_by_whoever_may_act_and_that_is_written_down(house: House) -> None:
    await keep()
    async with house.client() as client:
        done = await client.post(f"{FILES}/2/retry")
        again = await client.post(f"{FILES}/1/retry")
    async with house.client("lan") as client:
        forbidden = await client.post(f"{FILES}/2/retry")
    assert done.json() == {"id": "2", "state": "waiting"}
    assert (again.status_code, forbidden.status_code) == (409, 403)
    assert [(row.user, row.action, row.target) for row in await AuditRow.filter(action="retry")] == [
        ("an", "retry", "bo/f2.txt")
    ]


@pytest.mark.asyncio
async def test_the_page_offers_another_try_for_refused_files_only(house: House) -> None:
    await keep()
    async with house.client() as client:
        page = (await client.get("/destinations/bo/files")).text
        exceedances = await client.get("/exceedances")
    assert page.count("data-retry=") == 1
    assert "late or revised readings" in page
    assert exceedances.status_code == 200

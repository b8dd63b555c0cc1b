"""Journal and reports over HTTP."""

import io

import pytest
from openpyxl import load_workbook

from storage.models import ReviewJournalRow
from tests.web.house import House
from tests.web.stored import T0


async def keep_act(number: int, action: str = "reject", at_s: int = T0) -> None:
    await ReviewJournalRow.create(
        id=number, episode_id=1, station_id=1, parameter="COD", from_s=T0, to_s=T0, test="range", action=action,
        who="an", error_type="out_of_range", count=2, at_ms=at_s * 1000, role="reviewer",
    )  # fmt: skip


@pytest.mark.asyncio
async def test_the_journal_is_listed_and_filtered(house: House) -> None:
    await keep_act(1)
    await keep_act(2, "approve")
    await keep_act(3, at_s=T0 - 40 * 86400)
    async with house.client("lan") as client:
        answer = await client.get("/api/v1/review/journal")
        filtered = await client.get("/api/v1/review/journal?action=approve&station=TB_COFF_NUOCTH")
        unknown = await client.get("/api/v1/review/journal?station=TB_NO")
    assert [row["id"] for row in answer.json()] == ["2", "1"] and answer.headers["X-Total-Count"] == "2"
    assert [row["id"] for row in filtered.json()] == ["2"] and unknown.status_code == 404


@pytest.mark.asyncio
async def test_the_journal_downloads_as_a_workbook(house: House) -> None:
    for number in range(1, 701):
        await keep_act(number)
    async with house.client("lan") as client:
        answer = await client.get("/api/v1/review/journal.xlsx")
    assert answer.headers["Content-Disposition"].endswith(".xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    numbers = [row[0].value for row in sheet.iter_rows(min_row=4) if isinstance(row[0].value, int)]
    assert numbers == list(range(1, 701))


@pytest.mark.asyncio
async def test_a_report_sums_its_period(house: House) -> None:
    await keep_act(1)
    await keep_act(2, "approve")
    async with house.client("lan") as client:
        month = (await client.get("/api/v1/review/report?of=2025-11")).json()
        before = (await client.get("/api/v1/review/report")).json()
        wrong = await client.get("/api/v1/review/report?of=2025-13")
        sheet = await client.get("/api/v1/review/report.xlsx?of=2025-H1")
    assert month["due_before"] == "2025-12-10" and month["by_error_type"] == [
        {"key": "out_of_range", "acts": 2, "values": 4}
    ]
    assert (before["period"], before["by_action"]) == ("2025-10", [])
    assert wrong.status_code == 400 and wrong.json()["field"] == "of"
    assert len(load_workbook(io.BytesIO(sheet.content)).sheetnames) == 4

"""The pages of a station: has the file arrived, was it read, and what is missing?"""

import re
from typing import Any

import pytest

from storage.models import FileRow
from tests.web.house import House
from tests.web.stored import T0, keep_reading

STATION = "/stations/TB_COFF_NUOCTH"


async def keep_file(number: int, time_s: int, **changes: Any) -> None:
    fields: dict[str, Any] = {
        "fate": "stored",
        "records": 2,
        "received_ms": (time_s + 60) * 1000,
        "time_s": time_s,
    } | changes
    await FileRow.create(
        id=number, station_id=1, account="a", protocol="ftp", address="", name=f"{number}.txt", size=1, sha256="",
        body=b"x", **fields,
    )  # fmt: skip


@pytest.mark.asyncio
async def test_the_overview_answers_whether_the_file_came_and_whether_it_was_read(house: House) -> None:
    await keep_file(1, T0)
    await keep_file(2, T0 + 300, faults=[[3, 0, "value", "number", "'4,,5' is not a number", "TSS 4,,5"]])
    async with house.client() as client:
        page = (await client.get(STATION)).text
    assert "Đã tới, đúng hạn" in page and "Đọc được một phần" in page
    assert "2 / 11 tệp" in page and len(re.findall(r'aria-label="\d\d:\d\d: thiếu', page)) == 8
    assert "&#39;4,,5&#39; is not a number" in page and "TSS 4,,5" in page


@pytest.mark.asyncio
async def test_the_files_of_a_day_stand_in_288_slots_that_lead_to_them(house: House) -> None:
    await keep_file(1, T0)
    await keep_file(2, T0 + 300, received_ms=(T0 + 500) * 1000)
    await keep_file(3, T0 + 600, fate="refused", reason="no line")
    async with house.client() as client:
        page = (await client.get(f"{STATION}/files?day=2025-11-20")).text
        other = (await client.get(f"{STATION}/files?day=2025-11-18")).text
    assert len(re.findall(r'<a class="cell', page)) == 288 and "2 / 288" in page
    assert re.search(
        r'class="cell is-late"[^>]*aria-label="10:05: trễ[^"]*" href="/stations/TB_COFF_NUOCTH/files/2"', page
    )
    assert re.search(r'class="cell is-missing is-faulty"[^>]* href="/stations/TB_COFF_NUOCTH/files/3"', page)
    assert other.count("is-before") == 288


@pytest.mark.asyncio
async def test_the_flags_of_a_day_name_the_test_that_gave_them(house: House) -> None:
    await keep_reading(1, T0)
    async with house.client() as client:
        page = (await client.get(f"{STATION}/qc?day=2025-11-20")).text
    assert "đột biến" in page and "nghi ngờ" in page

"""Manual quality control against a real box: upload by FTP, act with each role, see means and journal follow."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from protocols.times import HOUR_S, iso
from tests.end_to_end.office import PASSWORD, STATION, Office, hour_body, office

EPISODES = "review/episodes"
GOOD_HOUR = [40.0 + number % 3 for number in range(12)]
SUSPECT, FAILED = 450.0, 600.0


@asynccontextmanager
async def person(opened: Office, name: str, role: str) -> AsyncIterator[Office]:
    """Another person at the same box."""
    code, out, err = await opened.box.verb("user", "add", name, "--role", role, extra={"TRAMBOX_PASSWORD": PASSWORD})
    assert code == 0, out + err
    async with httpx.AsyncClient(base_url=opened.box.web, timeout=20) as http:
        answer = await http.post("/api/v1/login", json={"username": name, "password": PASSWORD})
        yield Office(opened.box, opened.first_hour_s, http, answer.json()["csrf"])


async def act(by: Office, episode: dict[str, Any], action: str, **body: Any) -> httpx.Response:
    answer = await by.post(f"{EPISODES}/{episode['id']}/{action}", {"version": episode["version"], **body})
    if answer.status_code == 202:
        again = {"version": episode["version"], **body, "confirm": answer.json()["confirm"]}
        answer = await by.post(f"{EPISODES}/{episode['id']}/{action}", again)
    return answer


async def mean(opened: Office, hour_s: int) -> dict[str, Any]:
    rows = await opened.get(f"stations/{STATION}/hourly", **{"from": iso(hour_s), "to": iso(hour_s)})
    return rows[0] if rows else {}


async def exceedances(opened: Office) -> list[tuple[str, str, int]]:
    """Of single values: level, state, how many."""
    rows = await opened.get(f"stations/{STATION}/exceedances", averaging="instant", **opened.span)
    return [(row["level"], row["state"], row["count"]) for row in rows]


@pytest.mark.asyncio
async def test_questioned_values_are_seen_decided_and_follow_into_means_and_journal(tmp_path: Path) -> None:
    async with office(tmp_path) as an, person(an, "duyet", "reviewer") as duyet, person(an, "khach", "viewer") as khach:
        first, second = an.first_hour_s, an.first_hour_s + HOUR_S
        raw_before = await upload_two_hours(an, first, second)
        failed, suspect = await an.until(lambda: an.get(EPISODES), lambda found: len(found) == 2)
        assert (failed["flag"], failed["count"], suspect["flag"], suspect["count"]) == (4, 1, 3, 3)
        await an.until(lambda: mean(an, second), lambda row: row.get("flag") == 3)
        await an.until(lambda: mean(an, first), lambda row: row.get("count") == 11)

        await an.until(lambda: exceedances(an), lambda found: found == [("awaiting_verification", "ended", 3)])

        # who may not, and what is needed
        assert (await act(khach, suspect, "note", note="x")).json()["error"] == "role"
        assert (await act(an, suspect, "approve")).json()["error"] == "role"
        assert (await act(an, suspect, "note", note="Trạm báo mất điện")).status_code == 200
        answer = await act(duyet, suspect, "reject", reason="đầu dò bẩn")
        assert answer.status_code == 409 and "an did note" in answer.json()["detail"]
        suspect = (await an.get(EPISODES, flag=3))[0]
        assert (await act(duyet, suspect, "confirm_abnormal", reason="lũ")).json()["field"] == "evidence"

        # on site: two hours' clock, then the answer
        asked = await act(an, suspect, "request_verification", note="Có xả thải không?")
        assert asked.json()["state"] == "verifying" and asked.json()["due"] is not None
        (suspect,) = await an.get(EPISODES, state="verifying")
        assert (await act(an, suspect, "answer_verification", note="Vệ sinh đầu dò")).status_code == 200
        (suspect,) = await an.get(EPISODES, flag=3)

        # bulk in two steps; the mean is made again for a correction, without the rejected values
        plain = await duyet.post(f"{EPISODES}/{suspect['id']}/reject", {"version": suspect["version"]})
        assert plain.status_code == 202 and plain.json()["count"] == 3
        assert (await an.get(EPISODES, flag=3))[0]["version"] == suspect["version"]
        done = await act(duyet, suspect, "reject", reason='=HYPERLINK("x")', result="đã loại")
        assert done.json()["state"] == "done", done.text
        row = await an.until(lambda: mean(an, second), lambda row: row["version"] == 2)
        assert (row["reason"], row["count"], row["flag"]) == ("correction", 9, 1)
        await an.until(lambda: exceedances(an), lambda found: found == [("awaiting_verification", "withdrawn", 3)])

        # one failed value is interpolated; then everything is taken back, as new rows
        done = await act(duyet, failed, "interpolate", reason="nhiễu")
        assert done.status_code == 200, done.text
        row = await an.until(lambda: mean(an, first), lambda row: row["count"] == 12)
        assert (row["reason"], row["flag"]) == ("correction", 1)
        (detail,) = [await an.get(f"{EPISODES}/{failed['id']}")]
        (value,) = [one for one in detail["values"] if one["questioned"]]
        assert (value["value"], value["raw"], value["effective"]["corrected"]) == (FAILED, "600", True)
        assert 40 <= value["effective"]["value"] <= 42
        assert (await act(duyet, detail, "reopen", reason="nhầm")).json()["state"] == "open"
        await an.until(lambda: mean(an, first), lambda row: row["count"] == 11)

        assert an.box.rows("SELECT * FROM readings ORDER BY id") == raw_before
        await the_journal_opens_with_the_right_rows(an)
        await a_shift_is_handed_over(an, duyet)


async def upload_two_hours(an: Office, first: int, second: int) -> list[tuple[Any, ...]]:
    """An hour with one failed value, an hour with three suspect ones in a row; gives the rows as they were judged."""
    for hour_s, changed in ((first, {5: FAILED}), (second, {4: SUSPECT, 5: SUSPECT, 6: SUSPECT})):
        values = [changed.get(number, value) for number, value in enumerate(GOOD_HOUR)]
        await an.upload(an.name(hour_s), hour_body(hour_s, values))
    await an.until(lambda: an.get(f"stations/{STATION}/readings", **an.span), lambda rows: len(rows) == 24)
    return an.box.rows("SELECT * FROM readings ORDER BY id")


async def the_journal_opens_with_the_right_rows(an: Office) -> None:
    answer = await an.http.get("/api/v1/review/journal.xlsx")
    assert answer.status_code == 200, answer.text
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=4)]
    acts = [row["Hoạt động xử lý lỗi"] for row in rows if isinstance(row["STT"], int)]
    assert acts == ["ghi chú", "yêu cầu xác minh tại hiện trường", "trả lời xác minh", "loại bỏ", "nội suy", "mở lại"]
    rejected = rows[3]
    assert rejected["Mã trạm"] == STATION and rejected["Số giá trị"] == 3 and rejected["Giá trị ban đầu"] == "450"
    assert rejected["Loại lỗi/Bất thường được phát hiện"] == "Lỗi vượt ngưỡng"
    assert rejected["Phản hồi của đơn vị quản lý trạm"] == "an: Vệ sinh đầu dò"
    cause = sheet.cell(7, heads.index("Lý do/Nguyên nhân gốc rễ của lỗi") + 1)
    assert (cause.value, cause.data_type) == ('=HYPERLINK("x")', "s")


async def a_shift_is_handed_over(an: Office, duyet: Office) -> None:
    answer = await an.post("shifts", {"incoming": "duyet", "notes": "Theo dõi COD"})
    shift = answer.json()
    assert shift["outgoing_confirmed"] and not shift["incoming_confirmed"] and shift["open_items"]["open"] == 1
    assert (await an.post(f"shifts/{shift['id']}/confirm")).status_code == 400
    confirmed = (await duyet.post(f"shifts/{shift['id']}/confirm", {"notes": "Đã nhận"})).json()
    assert confirmed["incoming_confirmed"] and confirmed["incoming_notes"] == "Đã nhận"

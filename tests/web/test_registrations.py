"""Registrations of works over HTTP and on their page."""

import pytest

from protocols.records import Fault
from storage.models import AuditRow, FileRow, RegistrationRow, StationRow
from tests.web.fakes import NOW_S
from tests.web.house import House

pytestmark = pytest.mark.asyncio
FAULT = Fault(0, 0, "fields", "registration", "The field Tinh is missing ...", "", "Tinh")
API = "/api/v1/registrations"


async def sent(number: int = 7, work: str = "dam") -> None:
    await FileRow.create(
        id=number, account="tb", protocol="ftp", address="::1", name="DK_08_hochuaA.xls", received_ms=int(NOW_S * 1000),
        size=1, sha256="0" * 64, fate="stored", layout="tt13_2023_dk", faults=[FAULT._asdict()], body=b"x",
    )  # fmt: skip
    await RegistrationRow.create(
        id=number, file_id=number, code="08_hochuaA", account="tb", received_ms=int(NOW_S * 1000), work=work,
        province="08", content={"Donvi": "Công ty <A>", "Loaicongtrinh": "Hồ chứa"},
    )  # fmt: skip


async def test_a_registration_is_listed_with_its_province_of_that_day_and_what_it_lacks(house: House) -> None:
    await sent()
    async with house.client() as client:
        (row,) = (await client.get(API, params={"registration_state": "pending"})).json()
        none = (await client.get(API, params={"registration_state": "approved"})).json()
        page = (await client.get("/registrations")).text
    assert (row["code"], row["province_name"], row["work_title"], row["state"]) == (
        "08_hochuaA", "Tuyên Quang", "Đập, hồ chứa", "pending",
    )  # fmt: skip
    assert [fault["hint"] for fault in row["faults"]] == ["Tinh"]
    assert none == []
    assert "Công ty &lt;A&gt;" in page and "chờ duyệt" in page and "Thiếu trường Tinh" in page


async def test_approving_makes_the_station_and_stands_in_the_audit_log(house: House) -> None:
    await sent()
    async with house.client() as client:
        answer = await client.post(f"{API}/7/approve", json={"note": "đã gọi điện"})
        again = await client.post(f"{API}/7/approve", json={})
    assert (answer.status_code, answer.json()["state"], answer.json()["decided_by"]) == (200, "approved", "an")
    assert (await StationRow.get(code="08_hochuaA")).owner == "Công ty <A>"
    assert (again.status_code, answer.json()["is_station"]) == (409, True)
    (log,) = await AuditRow.filter(action="registration_approve")
    assert (log.user, log.target) == ("an", "station:08_hochuaA")


async def test_rejecting_needs_a_reason_and_makes_nothing(house: House) -> None:
    await sent()
    async with house.client() as client:
        assert (await client.post(f"{API}/7/reject", json={"note": " "})).status_code == 400
        assert (await client.post(f"{API}/7/reject", json={"note": "không có công trình này"})).json()[
            "state"
        ] == "rejected"
        assert (await client.post(f"{API}/9/reject", json={"note": "x"})).status_code == 404
        assert (await client.get(f"{API}/9")).status_code == 404
        assert (await client.post(f"{API}/7/approve", json={"work": "castle"})).status_code == 400
    assert not await StationRow.filter(code="08_hochuaA").exists()


async def test_a_viewer_reads_and_does_not_decide(house: House) -> None:
    await sent(work="")
    async with house.client("lan") as client:
        assert (await client.get(f"{API}/7")).json()["work"] == ""
        assert (await client.post(f"{API}/7/approve", json={})).status_code == 403
        assert 'name="verb"' not in (await client.get("/registrations")).text

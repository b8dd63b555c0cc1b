"""What a station is judged with, read and changed over HTTP."""

import pytest

from storage.models import AuditRow, ParameterRow, ThresholdProposalRow
from tests.web.house import House

STATION = "/api/v1/stations/TB_COFF_NUOCTH"
pytestmark = pytest.mark.asyncio


async def registered() -> None:
    await ParameterRow.create(station_id=1, symbol="COD", unit="mg/L", qc={"range": {"fail_lo": 0, "fail_hi": 500}})


async def test_a_change_is_a_version_with_its_author_and_stands_in_the_audit_log(house: House) -> None:
    await registered()
    change = {"parameter": "COD", "tables": {"range": {"fail_lo": 0, "fail_hi": 300}}, "reason": "new instrument"}
    async with house.client() as client:
        first = await client.post(f"{STATION}/thresholds", json=change)
        again = await client.post(f"{STATION}/thresholds", json=change)
        change["tables"] = {"spike": {"sus": 5}}
        second = await client.post(f"{STATION}/thresholds", json=change)
        (shown,) = (await client.get(f"{STATION}/thresholds")).json()
    assert first.status_code == 200 and first.json()["tests"]["range"]["origin"] == "station"
    assert (first.json()["took_effect"], again.json()["took_effect"]) == (True, False)
    assert shown["params_hash"] == second.json()["params_hash"] != first.json()["params_hash"]
    assert [version["changed"] for version in shown["history"]] == [["spike"], []]
    assert (shown["who"], shown["reason"]) == ("an", "new instrument")
    log = await AuditRow.filter(action="thresholds")
    assert len(log) == 2 and log[0].user == "an" and "COD: range" in log[0].detail


async def test_every_fault_is_told_by_its_key(house: House) -> None:
    await registered()
    tables = {"range": {"fail_lo": 9, "fail_hi": 1}, "sprung": {}}
    async with house.client() as client:
        answer = await client.post(
            f"{STATION}/thresholds", json={"parameter": "COD", "tables": tables, "reason": "a try"}
        )
    assert answer.status_code == 400
    assert [fault["field"] for fault in answer.json()["faults"]] == ["tables.range", "tables.sprung"]
    assert "over" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field", "status"),
    [
        ({"parameter": "COD", "tables": {}, "reason": "x"}, "tables", 400),
        ({"parameter": "COD", "tables": {"spike": False}, "reason": " "}, "reason", 400),
        ({"parameter": "pH", "tables": {"spike": False}, "reason": "x"}, "parameter", 404),
    ],
)
async def test_what_is_missing_is_named(house: House, body: dict[str, object], field: str, status: int) -> None:
    await registered()
    async with house.client() as client:
        answer = await client.post(f"{STATION}/thresholds", json=body)
    assert (answer.status_code, answer.json()["field"]) == (status, field)


async def test_a_viewer_may_look_and_not_change(house: House) -> None:
    await registered()
    async with house.client("lan") as client:
        assert (await client.get(f"{STATION}/thresholds")).status_code == 200
        assert (await client.post(f"{STATION}/thresholds", json={})).status_code == 403


async def test_a_proposal_is_decided_once_with_a_reason(house: House) -> None:
    await registered()
    for number in (1, 2):
        await ThresholdProposalRow.create(
            id=number, station_id=1, parameter="COD", made_ms=0, tables={"spike": {"sus": 7.5}}, was={}, evidence={},
        )  # fmt: skip
    async with house.client() as client:
        assert (await client.post("/api/v1/proposals/1/approve", json={})).json()["field"] == "reason"
        approved = await client.post("/api/v1/proposals/1/approve", json={"reason": "a month of data"})
        rejected = await client.post("/api/v1/proposals/2/reject", json={"reason": "a bad month"})
        twice = await client.post("/api/v1/proposals/1/reject", json={"reason": "no"})
        none = await client.post("/api/v1/proposals/9/reject", json={"reason": "no"})
        listed = (await client.get(f"{STATION}/proposals")).json()
        of_all = (await client.get("/api/v1/proposals?proposal_state=rejected")).json()
        (shown,) = (await client.get(f"{STATION}/thresholds")).json()
    assert approved.json()["state"] == "approved" and shown["tests"]["spike"]["origin"] == "calibrated"
    assert rejected.json()["reason"] == "a bad month"
    assert (twice.status_code, none.status_code) == (409, 404)
    assert [row["id"] for row in listed] == [2, 1]
    assert [(row["station"], row["id"]) for row in of_all] == [("TB_COFF_NUOCTH", 2)]

"""Hand-overs over HTTP."""

import pytest

from tests.web.house import House


@pytest.mark.asyncio
async def test_a_shift_is_handed_over_and_taken(house: House) -> None:
    async with house.client("an") as an, house.client("duyet") as duyet, house.client("lan") as lan:
        made = (await an.post("/api/v1/shifts", json={"incoming": "duyet", "notes": "x"})).json()
        assert (await lan.post(f"/api/v1/shifts/{made['id']}/confirm", json={})).status_code == 403
        taken = (await duyet.post(f"/api/v1/shifts/{made['id']}/confirm", json={"notes": "ok"})).json()
        listed = await lan.get("/api/v1/shifts")
        items = (await lan.get("/api/v1/shifts/open-items")).json()
    assert (taken["outgoing"], taken["incoming"], taken["incoming_notes"]) == ("an", "duyet", "ok")
    assert taken["outgoing_confirmed"] and taken["incoming_confirmed"]
    assert [row["id"] for row in listed.json()] == [made["id"]] and items["open"] == 0


@pytest.mark.asyncio
async def test_a_hand_over_to_nobody_is_refused_by_its_field(house: House) -> None:
    async with house.client("an") as client:
        answer = await client.post("/api/v1/shifts", json={"incoming": "ma"})
        unknown = await client.post("/api/v1/shifts/9/confirm", json={})
    assert (answer.status_code, answer.json()["field"]) == (400, "incoming")
    assert unknown.status_code == 404

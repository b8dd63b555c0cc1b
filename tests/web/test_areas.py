"""Areas over HTTP, and their page."""

import pytest

from protocols.times import iso
from storage.models import AreaRow, AuditRow
from tests.web.fakes import NOW_S
from tests.web.house import House

PATH = "/api/v1/areas/coast/disaster"


async def load(house: House) -> None:
    await AreaRow.create(name="coast", title="Ven biển", stations=["TB_COFF_NUOCTH"])
    await house.disasters.load()


@pytest.mark.asyncio
async def test_a_disaster_is_switched_on_and_ended_and_both_are_in_the_audit_log(house: House) -> None:
    await load(house)
    async with house.client() as client:
        body = {"to": iso(NOW_S + 3600), "cadence_s": 600, "reason": "bão số 3"}
        made = (await client.post(PATH, json=body)).json()
        assert (made["state"], made["from"], made["begun_by"]) == ("on", iso(int(NOW_S)), "an")
        (area,) = (await client.get("/api/v1/areas")).json()
        assert (area["now"]["cadence_s"], area["stations"]) == (600, ["TB_COFF_NUOCTH"])
        again = await client.post(PATH, json=body)
        assert (again.status_code, again.json()["field"]) == (409, "from")
        page = (await client.get("/areas")).text
        assert "Ven biển" in page
        assert "mỗi 10 phút" in page
        assert (await client.post(f"{PATH}/end")).json()["state"] == "over"
        assert (await client.post(f"{PATH}/end", json={})).status_code == 404
        early = await client.post(f"{PATH}/end", json={"to": iso(NOW_S - 60)})
        assert (early.status_code, early.json()["field"]) == (400, "to")
        later = await client.post(f"{PATH}/end", json={"to": iso(NOW_S + 60)})
        assert (later.json()["state"], later.json()["to"]) == ("on", iso(int(NOW_S) + 60))
        assert "trở lại nhịp thường" in (await client.get("/areas")).text
    assert [row.action for row in await AuditRow.all().order_by("id")][-3:] == [
        "disaster",
        "disaster_end",
        "disaster_end",
    ]


@pytest.mark.asyncio
async def test_a_viewer_may_look_and_not_switch(house: House) -> None:
    await load(house)
    async with house.client("lan") as client:
        assert (await client.post(PATH, json={"cadence_s": 600, "reason": "x"})).status_code == 403
        assert "vai trò" in (await client.get("/areas")).text


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"cadence_s": "often", "reason": "x"}, "cadence_s"),
        ({"cadence_s": 600, "reason": ""}, "reason"),
        ({"cadence_s": 600, "reason": "x", "to": "soon"}, "to"),
        ({"cadence_s": 600, "reason": "x", "from": 5}, "from"),
    ],
)
async def test_what_cannot_be_read_is_refused_by_its_field(house: House, body: object, field: str) -> None:
    await load(house)
    async with house.client() as client:
        answer = await client.post(PATH, json=body)
        assert (answer.status_code, answer.json()["field"]) == (400, field)
        assert (
            await client.post("/api/v1/areas/hills/disaster", json={"cadence_s": 600, "reason": "x"})
        ).status_code == 404

"""Vehicles as registered, and the exact bytes of a waypoint."""

import pytest

from protocols.formats.ufms import build_waypoint
from protocols.waypoint import Waypoint
from storage.models import ProviderRow, VehicleRow, VehicleWordRow, WaypointRow
from tests.web.fakes import NOW_S
from tests.web.house import House

SENT = build_waypoint(Waypoint("29B-00001", "", 40.0, int(NOW_S), 20.9, 105.8, None, None, None, None))


@pytest.mark.asyncio
async def test_a_waypoint_comes_with_whose_it_is_and_its_faults_and_its_bytes_as_they_came(house: House) -> None:
    await ProviderRow.create(id=1, username="gps1", password_hash="")
    await WaypointRow.create(
        id=9, prev=0, vehicle_id=1, time_s=int(NOW_S), received_ms=int(NOW_S * 1000), provider_id=1, body=SENT
    )
    house.heads[1] = 9
    await VehicleWordRow.create(
        id="1:29B00001", plate="29B00001", provider="gps1", spelling="29B-00001", business="BUS", driver="9",
        company="Khác", device_model="", device="", sim="", vin="", said_s=0, received_ms=1, aside_id=1,
    )  # fmt: skip
    async with house.client() as client:
        (point,) = (await client.get("/api/v1/vehicles/29B00001/waypoints")).json()
        raw = await client.get("/api/v1/vehicles/29B00001/waypoints/9/raw")
        missing = await client.get("/api/v1/vehicles/29B00001/waypoints/10/raw")
    assert (point["company"], point["provider"], point["lon"]) == ("Vận tải Sông Hồng", "gps1", 20.9)
    assert point["business"] == "BUS", "nobody entered it, so the tracker's word stands"
    assert point["faults"] == ["plate_format", "swapped_axes"]
    assert raw.content == SENT and missing.status_code == 404


@pytest.mark.asyncio
async def test_the_trackers_word_is_shown_beside_what_was_entered(house: House) -> None:
    await VehicleWordRow.create(
        id="1:29B00001", plate="29B00001", provider="gps1", spelling="29B-00001", business="BUS", driver="9",
        company="Khác", device_model="", device="D1", sim="", vin="", said_s=0, received_ms=1, aside_id=1,
    )  # fmt: skip
    async with house.client() as client:
        known = (await client.get("/api/v1/vehicles/29B00001/identity")).json()
        page = (await client.get("/vehicles/29B00001")).text
    assert (known["company"], known["device"], known["said"]) == ("Vận tải Sông Hồng", "D1", ["business", "device"])
    assert known["differences"][0]["said"] == "Khác" and "Thiết bị khai khác" in page


@pytest.mark.asyncio
async def test_the_list_tells_who_is_not_registered(house: House) -> None:
    await VehicleRow.create(id=-1, plate="29C1", provider="gps1")
    async with house.client() as client:
        answer = await client.get("/api/v1/vehicles", params={"registered": "false"})
        wrong = await client.get("/api/v1/vehicles", params={"registered": "x"})
        page = (await client.get("/vehicles")).text
    assert [each["plate"] for each in answer.json()] == ["29C1"] and answer.headers["X-Total-Count"] == "1"
    assert wrong.status_code == 400 and "chưa đăng ký" in page

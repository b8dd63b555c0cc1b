"""What was stored of a vehicle, over HTTP."""

import pytest

from actors.messages import ViolationFound
from protocols.vocabulary import ViolationKind
from storage.models import ViolationRow
from tests.web.house import House
from tests.web.stored import T0, keep_waypoint


@pytest.mark.asyncio
async def test_a_track_is_walked_back_from_its_newest_row_and_told_by_time(house: House) -> None:
    await keep_waypoint(1, 0, T0 - 7200, T0 - 7200)
    await keep_waypoint(2, 1, T0 - 20, T0 - 20)
    await keep_waypoint(3, 0, T0 - 15, T0 - 15, vehicle_id=2)
    await keep_waypoint(4, 2, T0, T0)
    await keep_waypoint(5, 4, T0 - 10, T0 + 60)
    house.heads[1] = 5
    async with house.client() as client:
        query = "from=2025-11-20T09:59:00&to=2025-11-20T10:00:00"
        rows = (await client.get(f"/api/v1/vehicles/29B-00001/waypoints?{query}")).json()
    assert [row["time"][11:19] for row in rows] == ["09:59:40", "09:59:50", "10:00:00"]
    assert rows[1]["received"] == "2025-11-20T10:01:00.000+07:00" and rows[1]["speed_kmh"] == 41.5


@pytest.mark.asyncio
async def test_a_vehicle_that_never_sent_has_an_empty_track(house: House) -> None:
    async with house.client() as client:
        assert (await client.get("/api/v1/vehicles/29B00001/waypoints")).json() == []
        assert (await client.get("/api/v1/vehicles/NOBODY/waypoints")).status_code == 404


@pytest.mark.asyncio
async def test_a_violation_names_every_field_of_the_contract(house: House) -> None:
    await ViolationRow.create(
        id=1, vehicle_id=1, kind="speed", start_s=T0 - 60, end_s=T0 - 20, closed=True,
        detail={"driver": "GPLX1", "v_kmh": 78.0, "limit_kmh": 50.0, "excess_kmh": 28.0, "band": "20-35",
                "time_worst_s": T0 - 30, "places": []},
    )  # fmt: skip
    async with house.client() as client:
        (row,) = (await client.get("/api/v1/vehicles/29B00001/violations")).json()
    assert row["duration_s"] == 40 and row["time_worst"] == "2025-11-20T09:59:30+07:00" and row["band"] == "20-35"


@pytest.mark.asyncio
async def test_a_running_case_is_told_as_provisional(house: House) -> None:
    detail: dict[str, object] = {"driver": "GPLX1", "v_kmh": 78.0, "limit_kmh": 50.0, "excess_kmh": 28.0}
    case = ViolationFound(1, ViolationKind.SPEED, T0 - 60, T0 - 10, False, detail)
    house.board.running["vehicle:29B00001"] = [case]
    async with house.client() as client:
        (row,) = (await client.get("/api/v1/vehicles/29B00001/violations")).json()
    assert (row["closed"], row["duration_s"], row["excess_kmh"], row["id"]) == (False, 50, 28.0, None)

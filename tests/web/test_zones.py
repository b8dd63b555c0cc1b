"""Zones over HTTP: all of them, or those of a window of the map."""

import pytest

from storage.models import ZoneRow
from tests.web.house import House

ROAD: dict[str, object] = {"type": "LineString", "coordinates": [[105.4, 20.9], [105.7, 20.95]]}
SQUARE: dict[str, object] = {
    "type": "MultiPolygon",
    "coordinates": [[[[106.5, 21.5], [106.6, 21.5], [106.6, 21.6], [106.5, 21.5]]]],
}


@pytest.mark.asyncio
async def test_a_window_tells_the_zones_it_touches_and_of_too_many_only_their_number(house: House) -> None:
    house.zones += [
        ZoneRow(name="road", limit_kmh=40, geometry=ROAD),
        ZoneRow(name="town", limit_kmh=50, geometry=SQUARE),
    ]
    async with house.client() as client:
        for bbox, limit, names, total in (
            ("105,20,107,22", 10, ["road", "town"], 2),
            ("105.69,20.91,105.8,21", 10, ["road"], 1),
            ("106.55,21.55,107,22", 10, ["town"], 1),
            ("107,20,108,21", 10, [], 0),
            ("105,20,107,22", 1, [], 2),
        ):
            told = (await client.get(f"/api/v1/zones?bbox={bbox}&limit={limit}")).json()
            assert ([zone["id"] for zone in told["features"]], told["total"]) == (names, total)
        assert (await client.get("/api/v1/zones?bbox=1,2")).json()["field"] == "bbox"


@pytest.mark.asyncio
async def test_without_a_window_all_zones_are_told_as_they_are_kept(house: House) -> None:
    await ZoneRow.create(
        id=1, name="school", title="Trường học", limit_kmh=40, geometry=ROAD, from_s=0, hours=[[360, 420]]
    )
    async with house.client() as client:
        told = (await client.get("/api/v1/zones")).json()
    (zone,) = told["features"]
    assert (zone["id"], zone["properties"]["hours"], zone["geometry"]) == ("school", ["06:00-07:00"], ROAD)

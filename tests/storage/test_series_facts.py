"""The inventory as those read it who look beyond one station."""

import pytest

from storage.models import AreaRow, DisasterRow, ParameterRow, StationRow, WorkRow
from storage.series_facts import areas_and_disasters, inventory_facts
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_stations_parameters_works_areas_and_disasters_are_read(store_url: str) -> None:
    async with opened(store_url):
        await StationRow.create(id=1, code="A", kind="hydromet", elevation_m=12.5)
        await ParameterRow.create(station_id=1, symbol="H", unit="m", qc={"spatial": False})
        await WorkRow.create(name="lake", rules=[{"rule": "htl_hhl", "htl": "A/H", "hhl": "B/H"}])
        await AreaRow.create(name="coast", stations=["A"])
        await DisasterRow.create(id=1, area="coast", from_s=5, cadence_s=600)
        facts = await inventory_facts()
        assert (facts.stations[0].elevation_m, facts.parameters[0].qc) == (12.5, {"spatial": False})
        assert facts.works[0].rules[0]["rule"] == "htl_hhl"
        areas, disasters = await areas_and_disasters()
        assert (areas[0].stations, disasters[0].to_s) == (["A"], None)

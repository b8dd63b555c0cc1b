"""Reads the inventory for those who look beyond one station: where stations stand, their series, works and areas."""

from typing import NamedTuple

from storage.models import AreaRow, DisasterRow, ParameterRow, StationRow, WorkRow
from storage.reading import reading


class InventoryFacts(NamedTuple):
    """All stations and parameters, and the works between them."""

    stations: list[StationRow]
    parameters: list[ParameterRow]
    works: list[WorkRow]


@reading
async def inventory_facts() -> InventoryFacts:
    """Read the inventory."""
    return InventoryFacts(
        await StationRow.all().order_by("id"),
        await ParameterRow.all().order_by("id"),
        await WorkRow.all().order_by("id"),
    )


@reading
async def areas_and_disasters() -> tuple[list[AreaRow], list[DisasterRow]]:
    """All areas, and all their disasters, oldest first."""
    return await AreaRow.all().order_by("name"), await DisasterRow.all().order_by("from_s", "id")

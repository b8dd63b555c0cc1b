"""Zones are kept by their name, on both engines."""

import pytest

from storage.zones import ZoneEntry, all_zones, apply_zones
from tests.storage.stores import opened

LINE: dict[str, object] = {"type": "LineString", "coordinates": [[105.8, 21.0], [105.9, 21.0]]}


@pytest.mark.asyncio
async def test_the_same_zone_again_changes_nothing_and_another_limit_changes_it(store_url: str) -> None:
    async with opened(store_url) as (database, _):
        for limit_kmh, what in ((60.0, "added"), (60.0, "unchanged"), (50.0, "changed")):
            zone = ZoneEntry("a", "", limit_kmh, LINE, {"heavy": 40.0}, hours=[[0, 300]])
            (change,) = await apply_zones(database, [zone])
            assert change.what == what
        (row,) = await all_zones()
        assert (row.limit_kmh, row.class_limits_kmh, row.hours) == (50.0, {"heavy": 40.0}, [[0, 300]])

"""What is counted of a day's violations, on both engines."""

import pytest

from storage.traffic_days import dirty_days, violations_of_days
from storage.writer import Unit
from tests.storage.fleet import DAY, MIDNIGHT_S, case, store_month
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_waiting_days_come_with_their_violations_by_kind_and_band(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        await store_month(writer)
        unit = Unit(rows={"dirty_traffic_days": [(1, 1, DAY), (2, 1, DAY + 1), (3, 4, DAY), (4, 1, DAY)]})
        case(unit, 7, 1, "missing_field", MIDNIGHT_S + 5, messages=3)
        unit.add("violations", (8, 1, "speed", MIDNIGHT_S + 6, None, False, '{"band": ">35"}', ""))
        await writer.store(unit)
        assert [(row.id, row.vehicle_id, row.day) for row in await dirty_days(2)] == [(2, 1, DAY + 1), (3, 4, DAY)]
        rows = await violations_of_days(database, 3)
        later = await violations_of_days(database, 4)
    found = {(row["vehicle_id"], row["kind"], row["band"]): row for row in later}
    assert {(row["id"], row["kind"], row["band"], row["cases"]) for row in rows} == {
        (2, "speed", "<5", 1), (2, "speed", ">35", 1), (3, None, None, 0),
    }  # fmt: skip
    assert found[1, "missing_field", None]["messages"] == 3
    speeding = found[1, "speed", "10-20"]
    assert [speeding[name] for name in ("cases", "lasted_s", "distance_m", "worst_kmh")] == [2, 120, 4000.0, 10.0]

"""Days with faults in transmission: counted by unit, told by unit and day, found without walking through the others."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from storage.traffic_faults import TrafficFaults, parts_of
from storage.traffic_sums import Asked, TrafficSums
from tests.storage.blank import open_blank
from tests.storage.fleet import DAY, register, store_month
from tests.storage.stores import opened

JANUARY = Asked(DAY, DAY + 30)
FLEETS = [(("Hà Nội", "Sông Hồng"), 2), (("Hưng Yên", "Phố Hiến"), 1), (("Hà Nội", "Phố Hiến"), 1)]


@pytest.mark.asyncio
async def test_faults_are_counted_by_unit_and_told_by_unit_and_day(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        await register(database, writer)
        await store_month(writer)
        faults = TrafficFaults(TrafficSums(database), JANUARY, ["department", "company"])
        counts = await faults.counts(FLEETS)
        ((unit, row),) = await faults.lines(FLEETS)
    assert counts == [(0, 0), (1, 3661), (0, 0)] and unit == FLEETS[1]
    assert row == {
        "unit": 1, "day": DAY + 1, "rare": 1, "silences": 1, "lacking": 1, "disorder": 0, "silent_s": 3661,
    }  # fmt: skip


def test_units_are_asked_of_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.traffic_faults.DAYS_TOGETHER", 60)
    assert [len(part) for part in parts_of(FLEETS, 30)] == [1, 2]
    monkeypatch.setattr("storage.traffic_faults.UNITS_TOGETHER", 1)
    assert [list(part) for part in parts_of(FLEETS, 1)] == [[fleet] for fleet in FLEETS]


@pytest.mark.asyncio
async def test_days_with_faults_are_found_without_walking_through_the_others(tmp_path: Path) -> None:
    """Most days have none: a year of 20,000 vehicles is seven million days."""
    database, steps = await open_blank(tmp_path), list[str]()

    class Explained(TrafficSums):
        @override
        async def ask(self, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
            steps.extend(str(row["detail"]) for row in await super().ask(f"EXPLAIN QUERY PLAN {sql}", values))
            return []

    faults = TrafficFaults(Explained(database), JANUARY, ["department", "company"])
    await faults.counts(FLEETS)
    await faults.lines(FLEETS)
    await database.close()
    assert sum("d USING COVERING INDEX idx_traffic_day" in step for step in steps) == 2

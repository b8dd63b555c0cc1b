"""The violations behind a cell, on both engines: as many as the cell says, and those."""

import pytest

from actors.rules.bands import Band
from protocols.vocabulary import ViolationKind
from storage.models import VehicleOwnerRow
from storage.traffic_cases import BAND_COLUMNS, KIND_COLUMNS, TrafficCases
from storage.traffic_days import COUNTS
from storage.traffic_sums import Asked
from tests.storage.fleet import DAY, register, store_month
from tests.storage.stores import opened

SUMS = ("over_m", "over_s", "worst_kmh", "silent_s")
"""Columns that count no cases."""


def test_every_kind_and_band_has_a_column_of_its_own() -> None:
    assert set(KIND_COLUMNS) == set(ViolationKind) and set(BAND_COLUMNS) == set(Band)
    columns = [column for each in (*KIND_COLUMNS.values(), "d.under_5") for column in each.split(" + ")]
    assert sorted(columns) == sorted({f"d.{name}" for name in COUNTS} - {f"d.{name}" for name in SUMS})


@pytest.mark.asyncio
async def test_a_cell_opens_the_cases_it_counted(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(store_url) as (database, writer):
        await register(database, writer)
        await store_month(writer)
        cases = TrafficCases(database)

        async def numbers(asked: Asked, kind: str = "", band: str = "") -> list[int]:
            rows, count = await cases.cases(asked, kind, band, 100, 0)
            assert count == len(rows)
            return [row["id"] for row in rows]

        january, second = Asked(DAY, DAY + 30), Asked(DAY + 1, DAY + 1)
        assert await numbers(january, "speed") == [1, 2, 4]
        assert await numbers(january, "speed", "10-20") == [1, 2]
        assert await numbers(january, "", "<5") == [3]
        assert await numbers(second, "speed") == [4]
        assert await numbers(january, "daily_driving") == [5]
        assert await numbers(Asked(DAY, DAY + 30, (("department", "Hưng Yên"),))) == [6]
        assert await numbers(january) == [1, 5, 2, 4, 6]
        page, count = await cases.cases(january, "speed", "", 1, 1)
        assert ([row["id"] for row in page], count, page[0]["plate"]) == ([2], 3, "29A00001")
        assert [(await cases.cases(january, "speed", "", 2, at))[1] for at in (0, 2, 9)] == [3, 3, 3]
        hours = await cases.hours_of_day(january, "speed")
        assert (hours[0], hours[1], hours[23], sum(hours)) == (1, 1, 1, 3)
        monkeypatch.setattr("storage.traffic_cases.DAYS_TOGETHER", 62)
        assert await cases.hours_of_day(january, "speed") == hours
        assert sum(await cases.hours_of_day(second, "speed")) == 1
        await VehicleOwnerRow.filter(vehicle_id=1).update(from_day=DAY + 1)
        assert sum(await cases.hours_of_day(january, "speed")) == 1

"""What the report of a day reads, on both engines."""

import pytest

from storage.day_report import deeds, raised_stretches, station_days
from storage.models import AreaRow, AuditRow, DisasterRow, ParameterRow, ReadingRow, StationDayRow, StationRow
from tests.storage.stores import opened

DAY_S = 1_763_571_600


@pytest.mark.asyncio
async def test_every_station_is_told_with_its_parameters_and_its_oldest_day(store_url: str) -> None:
    async with opened(store_url):
        for number, code in ((1, "A"), (2, "B")):
            await StationRow.create(id=number, code=code, kind="air")
        for number in (1, 2):
            await ParameterRow.create(id=number, station_id=1, symbol=f"P{number}")
        for number, day_s in ((1, DAY_S - 86400), (2, DAY_S)):
            await StationDayRow.create(id=number, station_id=1, day_s=day_s, received=number, late=0, backfilled=0,
                                       failed=0)  # fmt: skip
        first, second = await station_days(DAY_S)
        assert (first.station.code, first.parameters, first.first_s) == ("A", 2, DAY_S - 86400)
        assert first.row is not None and first.row.received == 2
        assert (second.parameters, second.first_s, second.row) == (0, None, None)


@pytest.mark.asyncio
async def test_stretches_are_told_by_station_and_deeds_by_day(store_url: str) -> None:
    async with opened(store_url):
        await AreaRow.create(id=1, name="bao", stations=["A"])
        await DisasterRow.create(id=1, area="bao", from_s=5, to_s=None, cadence_s=60)
        for number, at_s in ((1, DAY_S), (2, DAY_S + 86400)):
            await AuditRow.create(id=number, at_ms=at_s * 1000, user="an", action="stop", target="x", detail="")
        assert await raised_stretches() == {"A": [(5, None, 60)]}
        assert [row.id for row in await deeds(DAY_S)] == [1]


@pytest.mark.asyncio
async def test_a_new_station_is_known_since_its_first_value_of_the_day(store_url: str) -> None:
    async with opened(store_url):
        await StationRow.create(id=1, code="A", kind="air")
        await StationDayRow.create(id=1, station_id=1, day_s=DAY_S, received=2, late=0, backfilled=0, failed=0)
        for number, time_s in ((1, DAY_S + 7200), (2, DAY_S + 7500)):
            await ReadingRow.create(
                id=number, station_id=1, parameter="COD", time_s=time_s, value=1.0, raw_text="1", unit="mg/L",
                device_status="00", flag=1, file_id=1, line=1,
            )  # fmt: skip
        (today,), (tomorrow,) = await station_days(DAY_S), await station_days(DAY_S + 86400)
        assert (today.first_s, tomorrow.first_s) == (DAY_S + 7200, DAY_S)

"""What was counted of providers, summed over days."""

from pathlib import Path

import pytest

from storage.models import ProviderDayRow, ProviderRow, VehicleRow
from storage.provider_days import provider_names, provider_reports
from tests.storage.blank import open_blank

DAY_S = 86400


@pytest.mark.asyncio
async def test_days_are_summed_and_the_first_example_is_of_the_first_day(tmp_path: Path) -> None:
    database = await open_blank(tmp_path)
    try:
        async with database.writing():
            await ProviderRow.create(id=1, username="gps1", password_hash="")
            await VehicleRow.create(id=-1, plate="29A1", provider="gps1")
            for day in (1, 2, 3):
                for kind, count in (("received", 5), ("outside", day)):
                    await ProviderDayRow.create(
                        id=f"1:{day}:{kind}", provider_id=1, day_s=day * DAY_S, kind=kind, count=count,
                        last_ms=day * 1000, example_plate=f"29A{day}", example="x", example_ms=day,
                    )  # fmt: skip
        (report,) = await provider_reports(2 * DAY_S, 3 * DAY_S)
        assert (report.fates["received"], report.defects["outside"].count) == (10, 5)
        assert (report.defects["outside"].example_plate, report.last_ms, report.unregistered) == ("29A2", 3000, 1)
        assert await provider_reports(0, 1, "nobody") == []
        assert await provider_names() == {1: "gps1"}
    finally:
        await database.close()

"""What the desk answers about hours: told with every vehicle of a case, to the newest waypoint, with the stored row."""

from pathlib import Path

import pytest

from actors.driver_hours import KEPT_S
from actors.hours_desk import HoursDesk
from actors.messages import DroveStretch
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from protocols.times import DAY_S
from protocols.vocabulary import ViolationKind
from storage.models import StretchRow, VehicleRow, ViolationRow
from tests.actors.station_kit import NOON_S
from tests.storage.blank import open_blank

pytestmark = pytest.mark.asyncio
HOURS_S = 4 * 3600


async def test_a_case_in_two_vehicles_is_told_with_both_and_grows_with_what_runs(tmp_path: Path) -> None:
    database, running = await open_blank(tmp_path), dict[str, DroveStretch]()
    desk = HoursDesk(lambda: NOON_S + HOURS_S, LimitBook(load_limits()), running.get)
    try:
        for number in (1, 2, 3):
            await VehicleRow.create(id=number, plate=f"29A0000{number}")
        await StretchRow.create(id=1, vehicle_id=1, driver="D1", start_s=NOON_S, end_s=NOON_S + 7200)
        await StretchRow.create(id=2, vehicle_id=2, driver="D1", start_s=NOON_S + 7500, end_s=NOON_S + 14000)
        await StretchRow.create(id=3, vehicle_id=3, driver="D2", start_s=NOON_S, end_s=NOON_S + 20000)
        span = NOON_S - DAY_S, NOON_S + DAY_S
        assert await desk.of_vehicle(1, "29A00001", *span) == []
        running["vehicle:29A00002"] = DroveStretch(2, "D1", NOON_S + 7500, NOON_S + HOURS_S)
        told = [await desk.of_vehicle(number, f"29A0000{number}", *span) for number in (1, 2)]
        assert told[0] == told[1]
        ((row_id, case),) = told[0]
        assert (row_id, case.kind, case.start_s, case.end_s, case.closed, case.detail["vehicles"]) == (
            None, ViolationKind.CONTINUOUS_DRIVING, NOON_S, NOON_S + HOURS_S, False, ["29A00001", "29A00002"],
        )  # fmt: skip
        hours, end_s = str(ViolationKind.CONTINUOUS_DRIVING), NOON_S + HOURS_S
        await ViolationRow.create(
            id=9, vehicle_id=2, kind=hours, start_s=NOON_S, end_s=end_s, closed=False, driver="D1"
        )
        assert [row_id for row_id, _ in await desk.of_vehicle(1, "29A00001", *span)] == [9]
        assert await desk.of_vehicle(1, "29A00001", NOON_S + HOURS_S + 1, span[1]) == []
        assert len(await desk.of_vehicle(3, "29A00003", *span)) == 1
    finally:
        await database.close()


async def test_a_case_whose_stretches_are_no_more_is_told_from_its_row(tmp_path: Path) -> None:
    database = await open_blank(tmp_path)
    desk = HoursDesk(lambda: NOON_S + KEPT_S, LimitBook(load_limits()), lambda source: None)
    try:
        await VehicleRow.create(id=1, plate="29A00001")
        for number, (driver, vehicle_ids) in enumerate((("D1", [1, 2]), ("D2", [2])), 1):
            detail: dict[str, object] = {"driver": driver, "driving_s": 15000, "vehicle_ids": vehicle_ids}
            await ViolationRow.create(
                id=number, vehicle_id=1, kind="continuous_driving", start_s=NOON_S, end_s=NOON_S + 15000,
                closed=True, driver=driver, detail=detail,
            )  # fmt: skip
        ((row_id, case),) = await desk.of_vehicle(1, "29A00001", NOON_S - DAY_S, NOON_S + DAY_S)
        assert (row_id, case.driver, case.detail["vehicles"]) == (1, "D1", ["29A00001"])
        assert await desk.of_vehicle(1, "29A00001", NOON_S + DAY_S, NOON_S + 2 * DAY_S) == []
    finally:
        await database.close()

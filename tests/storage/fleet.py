"""A small fleet with days and violations, as the clock would have written them."""

from typing import Any

import orjson

from storage.database import Database
from storage.models import VehicleRow
from storage.traffic_days import COUNTED, COUNTS, DRIVEN, row_id
from storage.vehicle_owners import owner_units
from storage.writer import Unit, Writer

DAY = 20_454
"""2026-01-01."""
MIDNIGHT_S = DAY * 86400 - 7 * 3600
WHOSE = {
    1: ("29A00001", "Hà Nội", "Sông Hồng", "Tuyến cố định"),
    2: ("29A00002", "Hà Nội", "Sông Hồng", "Hợp đồng"),
    3: ("29A00003", "Hà Nội", "Tây Hồ", "Hợp đồng"),
    4: ("89B00004", "Hưng Yên", "Phố Hiến", "Hợp đồng"),
}


async def register(database: Database, writer: Writer, today: int = DAY + 60) -> None:
    """Register the vehicles; one that nobody registered is among them."""
    async with database.writing():
        for number, (plate, department, company, business) in WHOSE.items():
            await VehicleRow.create(
                id=number, plate=plate, department=department, company=company, business=business, provider="gps1",
                terminal="Giáp Bát" if number < 3 else "", registered=True,
            )  # fmt: skip
        await VehicleRow.create(id=-1, plate="30X99999", provider="gps2")
    await bring_owners(writer, [*WHOSE, -1], today)


async def bring_owners(writer: Writer, vehicle_ids: list[int], today: int) -> None:
    for unit in owner_units(vehicle_ids, today):
        await writer.store(unit)


def driven(unit: Unit, vehicle_id: int, day: int, way_m: float, moving_s: int) -> None:
    unit.updates.append((DRIVEN, (row_id(vehicle_id, day), way_m, moving_s, 1)))


def counted(unit: Unit, vehicle_id: int, day: int, **counts: float) -> None:
    unit.updates.append((COUNTED, (row_id(vehicle_id, day), *(counts.get(name, 0) for name in COUNTS))))


def case(unit: Unit, number: int, vehicle_id: int, kind: str, start_s: int, lasted_s: int = 60, **detail: Any) -> None:
    row = (number, vehicle_id, kind, start_s, start_s + lasted_s, True, orjson.dumps(detail).decode(), "")
    unit.add("violations", row)


async def store_month(writer: Writer) -> None:
    """Vehicle 1: two days with three cases and hours; 3: one day without; 4: a silence; -1: drove only."""
    unit = Unit()
    driven(unit, 1, DAY, 200_000.0, 10_000)
    driven(unit, 1, DAY + 1, 300_000.0, 20_000)
    counted(unit, 1, DAY, over_10=2, over_m=4_000.0, over_s=120, worst_kmh=14.5, daily=1)
    counted(unit, 1, DAY + 1, under_5=1, over_35=1, over_m=1_000.0, over_s=60, worst_kmh=41.0)
    driven(unit, 3, DAY, 100_000.0, 5_000)
    driven(unit, 4, DAY + 40, 50_000.0, 2_000)
    counted(unit, 4, DAY + 1, silences=1, silent_s=3_661, rare=2, lacking=5)
    driven(unit, -1, DAY, 10_000.0, 600)
    speeding: dict[str, Any] = {
        "v_kmh": 90.0,
        "limit_kmh": 80.0,
        "excess_kmh": 10.0,
        "distance_m": 2_000.0,
        "driver": "123",
    }
    case(unit, 1, 1, "speed", MIDNIGHT_S + 100, band="10-20", **speeding)
    case(unit, 2, 1, "speed", MIDNIGHT_S + 86_399, band="10-20", **speeding)
    case(unit, 3, 1, "speed", MIDNIGHT_S + 86_400, band="<5", **speeding)
    case(unit, 4, 1, "speed", MIDNIGHT_S + 90_000, band=">35", **speeding)
    case(unit, 5, 1, "daily_driving", MIDNIGHT_S + 500, 40_000, driver="123")
    case(unit, 6, 4, "no_transmission", MIDNIGHT_S + 90_000, 3_661)
    await writer.store(unit)

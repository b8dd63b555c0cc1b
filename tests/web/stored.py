"""Rows that tests keep before they ask."""

from protocols.formats.ufms import build_waypoint
from protocols.verdict import pack
from protocols.waypoint import Waypoint
from storage.models import ReadingRow, WaypointRow
from tests.web.fakes import NOW_S

T0 = int(NOW_S) // 3600 * 3600
"""2025-11-20 10:00:00 in Vietnam."""


async def keep_reading(number: int, time_s: int, parameter: str = "COD") -> None:
    await ReadingRow.create(
        id=number, station_id=1, parameter=parameter, time_s=time_s, value=4.5, raw_text="4.50", unit="mg/L",
        device_status="00", flag=3, verdict=pack({"range": 1, "spike": 3}) | 1 << 56, file_id=2**60, line=2,
    )  # fmt: skip


async def keep_waypoint(number: int, prev: int, time_s: int, received_s: int, vehicle_id: int = 1) -> None:
    body = build_waypoint(Waypoint("29B00001", "", 41.5, time_s, 105.8, 21.02, None, None, None, None))
    await WaypointRow.create(
        id=number, prev=prev, vehicle_id=vehicle_id, time_s=time_s, received_ms=received_s * 1000, provider_id=1,
        body=body,
    )  # fmt: skip

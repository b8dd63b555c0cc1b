"""A day of a vehicle as its tracker would send it, kept before a test asks."""

from math import cos, sin

from protocols.formats.ufms import build_waypoint
from protocols.times import day_start
from protocols.waypoint import Waypoint
from storage.models import ViolationRow, WaypointRow
from tests.web.fakes import NOW_S

MIDNIGHT_S = day_start(int(NOW_S))


def message(number: int, time_s: int, plate: str = "29B00001") -> Waypoint:
    """One of 2,880: three trips around a town, too fast in the second one; every 500th has swapped axes."""
    turn = number / 180
    lon, lat = 105.8 + 0.06 * sin(turn) + number * 2e-6, 20.95 + 0.05 * cos(turn * 0.7)
    speed_kmh = 0.0 if number % 960 < 120 else 42.0 + 6 * sin(number / 9)
    if 1200 <= number < 1230:
        speed_kmh = 52.0 + (number - 1200) * 0.9
    if number % 500 == 499:
        lon, lat = lat, lon
    return Waypoint(
        plate, "790012345678", round(speed_kmh, 1), time_s, round(lon, 6), round(lat, 6), 90.0, True, None, None
    )


async def keep_day(
    count: int = 2880, midnight_s: int = MIDNIGHT_S, first: int = 1, prev: int = 0, vehicle_id: int = 1
) -> int:
    """Keep a day at every 30 s; gives the newest row, which the vehicle's track begins at."""
    rows = [
        WaypointRow(
            id=first + number, prev=first + number - 1 if number else prev, vehicle_id=vehicle_id, provider_id=1,
            time_s=midnight_s + 30 * number, received_ms=(midnight_s + 30 * number + 2) * 1000,
            body=build_waypoint(message(number, midnight_s + 30 * number)),
        )
        for number in range(count)
    ]  # fmt: skip
    await WaypointRow.bulk_create(rows, batch_size=500)
    return first + count - 1


async def keep_violations() -> None:
    """The excess of the second trip, and a silence."""
    begin_s = MIDNIGHT_S + 1200 * 30
    await ViolationRow.create(
        id=41, vehicle_id=1, kind="speed", start_s=begin_s, end_s=begin_s + 900, closed=True,
        detail={"driver": "790012345678", "v_kmh": 78.0, "limit_kmh": 50.0, "excess_kmh": 28.0, "band": "20-35",
                "time_worst_s": begin_s + 870, "places": []},
    )  # fmt: skip
    await ViolationRow.create(
        id=42,
        vehicle_id=1,
        kind="no_transmission",
        start_s=begin_s - 9000,
        end_s=begin_s - 7000,
        closed=True,
        detail={},
    )

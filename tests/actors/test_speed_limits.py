"""A zone's limit goes before the vehicle's own, its own before the ceiling of its class."""

from datetime import date

import pytest

from actors.speed_limits import SpeedLimits
from protocols.waypoint import Waypoint
from storage.models import ZoneRow

TODAY = date(2026, 3, 2)
AREA: dict[str, object] = {
    "type": "Polygon",
    "coordinates": [[[105.0, 20.9], [105.1, 20.9], [105.1, 21.0], [105.0, 20.9]]],
}
ZONE = ZoneRow(name="a", limit_kmh=50.0, geometry=AREA, class_limits_kmh={"heavy": 30.0})


def at(lon: float, time_s: int = 1_780_000_000) -> Waypoint:
    return Waypoint("29A12345", "", 40.0, time_s, lon, 20.92, None, None, None, None)


@pytest.mark.asyncio
async def test_the_nearest_rule_counts() -> None:
    roads = SpeedLimits(TODAY, "dual")
    await roads.renew([ZONE])
    assert roads.limit_at(at(105.08), 80.0, "light") == 50.0
    assert roads.limit_at(at(105.08), 80.0, "heavy") == 30.0
    assert roads.limit_at(at(106.0), 85.0, "heavy") == 85.0
    assert roads.limit_at(at(106.0), None, "heavy") == 80.0
    assert roads.limit_at(at(106.0), None, "") is None


def test_without_the_setting_no_class_has_a_ceiling() -> None:
    roads = SpeedLimits(TODAY)
    bus = "xe buýt", 40, None
    assert roads.class_of(*bus) == roads.class_of(*bus) == "bus_or_semitrailer"
    assert roads.limit_at(at(106.0), None, roads.class_of(*bus)) is None


@pytest.mark.asyncio
async def test_a_zone_holds_by_the_time_of_the_message_however_late_it_comes() -> None:
    """A limit that changed on a day is two zones: a message of the day before is judged by the old one for ever."""
    noon_s = at(0.0).time_s
    old = ZoneRow(name="old", limit_kmh=60.0, geometry=AREA, to_s=noon_s)
    new = ZoneRow(name="new", limit_kmh=40.0, geometry=AREA, from_s=noon_s)
    hours = ZoneRow(name="school", limit_kmh=20.0, geometry=AREA, priority=5, hours=[[0, 1]])
    roads = SpeedLimits(TODAY)
    await roads.renew([old, new, hours])
    limits = [roads.limit_at(at(105.08, noon_s + after_s), 80.0, "") for after_s in (-86_400, -1, 0, 1)]
    assert limits == [60.0, 60.0, 40.0, 40.0]
    assert roads.rows.keys() == {"old", "new", "school"}

"""A zone's limit goes before the vehicle's own, its own before the ceiling of its class."""

from datetime import date

from actors.speed_limits import SpeedLimits
from protocols.records import Waypoint
from storage.models import VehicleRow, ZoneRow

TODAY = date(2026, 3, 2)
AREA: dict[str, object] = {
    "type": "Polygon",
    "coordinates": [[[105.0, 20.9], [105.1, 20.9], [105.1, 21.0], [105.0, 20.9]]],
}
ZONE = ZoneRow(name="a", limit_kmh=50.0, geometry=AREA, class_limits_kmh={"heavy": 30.0})


def at(lon: float) -> Waypoint:
    return Waypoint("29A12345", "", 40.0, 1_780_000_000, lon, 20.92, None, None, None, None)


def test_the_nearest_rule_counts() -> None:
    roads = SpeedLimits(TODAY, "dual")
    roads.take([ZONE])
    assert roads.limit_at(at(105.08), 80.0, "light") == 50.0
    assert roads.limit_at(at(105.08), 80.0, "heavy") == 30.0
    assert roads.limit_at(at(106.0), 85.0, "heavy") == 85.0
    assert roads.limit_at(at(106.0), None, "heavy") == 80.0
    assert roads.limit_at(at(106.0), None, "") is None


def test_without_the_setting_no_class_has_a_ceiling() -> None:
    roads = SpeedLimits(TODAY)
    bus = VehicleRow(plate="29B1", business="xe buýt", seats=40)
    assert roads.class_of(bus) == "bus_or_semitrailer"
    assert roads.limit_at(at(106.0), None, roads.class_of(bus)) is None

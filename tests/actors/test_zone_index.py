"""Which zone a position is in: the grid says what Shapely says, and costs a fraction of it."""

import random
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from actors import zone_index
from actors.rules.zones import Zone
from actors.zone_index import Entry, ZoneIndex, shape_of

HOLE = [[105.81, 21.01], [105.82, 21.01], [105.82, 21.02], [105.81, 21.02], [105.81, 21.01]]
STAR = {
    "type": "Polygon",
    "coordinates": [
        [
            [105.8, 21.0],
            [105.83, 21.005],
            [105.86, 21.0],
            [105.845, 21.03],
            [105.86, 21.06],
            [105.8, 21.05],
            [105.8, 21.0],
        ],
        HOLE,
    ],
}
ROAD = {"type": "LineString", "coordinates": [[105.80, 21.0], [105.85, 21.0], [105.85, 21.05]]}
NOON = 1_780_000_000


def index(*zones: tuple[Zone, Any]) -> ZoneIndex:
    return ZoneIndex((zone, geometry, 15.0) for zone, geometry in zones)


@settings(max_examples=150)
@given(st.floats(105.78, 105.88), st.floats(20.98, 21.08))
def test_an_area_is_where_shapely_sees_it(lon: float, lat: float) -> None:
    found = STAR_INDEX.grid.find(lon, lat, None, NOON) is not None
    shape, point = shape_of(STAR), shapely.Point(lon, lat)
    if shape.boundary.distance(point) > 1e-9:
        assert found == shape.contains(point)


STAR_INDEX = index((Zone("star", 50), STAR))


def test_a_road_has_a_corridor_in_metres() -> None:
    roads = index((Zone("road", 60), ROAD))
    metre = 1 / 111_320
    assert roads.grid.find(105.82, 21.0 + 14 * metre, None, NOON) is not None
    assert roads.grid.find(105.82, 21.0 + 16 * metre, None, NOON) is None
    assert roads.grid.find(105.79, 21.0, None, NOON) is None


def test_the_direction_of_a_road_is_that_of_its_nearest_piece() -> None:
    roads = index((Zone("road", 60, along=1), ROAD))
    assert roads.grid.find(105.82, 21.0, 90.0, NOON) is not None
    assert roads.grid.find(105.85, 21.03, 90.0, NOON) is None
    assert roads.grid.find(105.85, 21.03, 2.0, NOON) is not None


def test_priority_goes_before_lines_lines_before_areas_and_then_the_lowest_limit() -> None:
    def names(*zones: tuple[Zone, Any]) -> str | None:
        found = index(*zones).grid.find(105.83, 21.0, None, NOON)
        return found.name if found else None

    area = {
        "type": "Polygon",
        "coordinates": [[[105.8, 20.9], [105.9, 20.9], [105.9, 21.1], [105.8, 21.1], [105.8, 20.9]]],
    }
    assert names((Zone("area", 40), area), (Zone("road", 80), ROAD)) == "road"
    assert names((Zone("area", 40, priority=1), area), (Zone("road", 80), ROAD)) == "area"
    assert names((Zone("fast", 80), ROAD), (Zone("slow", 60), ROAD)) == "slow"
    assert names((Zone("night", 30, hours=((0, 1),)), ROAD), (Zone("road", 80), ROAD)) == "road"


def test_what_is_no_place_is_in_no_zone() -> None:
    zones = index((Zone("star", 50), STAR))
    for lon, lat in ((float("nan"), 21.0), (1e9, 21.0), (21.0, 105.8), (0.0, 0.0)):
        assert zones.grid.find(lon, lat, None, NOON) is None


def test_a_figure_that_crosses_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="no valid geometry"):
        shape_of({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]})
    with pytest.raises(ValueError, match="geometry"):
        shape_of({"type": "Polygon", "coordinates": "x"})


def test_a_renewed_index_says_what_a_new_one_says_and_cuts_only_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)

    def line(number: int, limit_kmh: float, priority: int = 0) -> Entry:
        lon, lat = 105 + number % 5 / 50, 20.9 + number // 5 / 50
        shape = {"type": "LineString", "coordinates": [[lon, lat], [lon + 0.03, lat + 0.02]]}
        return Zone(f"z{number}", limit_kmh, priority), shape, 40.0

    cut: list[str] = []
    pieces = zone_index._pieces

    def counted(zone: Zone, shape: Any, width_m: float) -> Any:
        cut.append(zone.name)
        return pieces(zone, shape, width_m)

    monkeypatch.setattr(zone_index, "_pieces", counted)
    zones = {number: line(number, 50.0) for number in range(25)}
    index = ZoneIndex(zones.values())
    for _ in range(20):
        number = chance.randrange(25)
        if number in zones and chance.random() < 0.3:
            del zones[number]
            expected: list[str] = []
        else:
            zones[number] = line(number, chance.choice([30.0, 40.0, 60.0, 70.0]), chance.choice([0, 1]))
            known = index._laid.get(f"z{number}")
            expected = [] if known is not None and known.entry == zones[number] else [f"z{number}"]
        cut.clear()
        index = index.renewed(zones.values())
        assert cut == expected
        fresh = ZoneIndex(zones.values())
        assert index.count == fresh.count == len(zones)
        assert index.grid.cells.keys() == fresh.grid.cells.keys()
        for _ in range(60):
            lon, lat = 105 + chance.random() / 8, 20.9 + chance.random() / 8
            there, anew = index.grid.find(lon, lat, None, 0), fresh.grid.find(lon, lat, None, 0)
            assert (there and there.name) == (anew and anew.name)

"""Which zone a position is in: the grid says what Shapely says, and costs a fraction of it."""

from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.rules.zones import Zone
from actors.zone_index import ZoneIndex, shape_of

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
    found = STAR_INDEX.find(lon, lat, None, NOON) is not None
    shape, point = shape_of(STAR), shapely.Point(lon, lat)
    if shape.boundary.distance(point) > 1e-9:
        assert found == shape.contains(point)


STAR_INDEX = index((Zone("star", 50), STAR))


def test_a_road_has_a_corridor_in_metres() -> None:
    roads = index((Zone("road", 60), ROAD))
    metre = 1 / 111_320
    assert roads.find(105.82, 21.0 + 14 * metre, None, NOON) is not None
    assert roads.find(105.82, 21.0 + 16 * metre, None, NOON) is None
    assert roads.find(105.79, 21.0, None, NOON) is None


def test_the_direction_of_a_road_is_that_of_its_nearest_piece() -> None:
    roads = index((Zone("road", 60, along=1), ROAD))
    assert roads.find(105.82, 21.0, 90.0, NOON) is not None
    assert roads.find(105.85, 21.03, 90.0, NOON) is None
    assert roads.find(105.85, 21.03, 2.0, NOON) is not None


def test_priority_goes_before_lines_lines_before_areas_and_then_the_lowest_limit() -> None:
    def names(*zones: tuple[Zone, Any]) -> str | None:
        found = index(*zones).find(105.83, 21.0, None, NOON)
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
        assert zones.find(lon, lat, None, NOON) is None


def test_a_figure_that_crosses_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="no valid geometry"):
        shape_of({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]})
    with pytest.raises(ValueError, match="geometry"):
        shape_of({"type": "Polygon", "coordinates": "x"})

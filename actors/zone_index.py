"""All zones of the house, cut into the cells of a grid in which a message's zone is found (`zone_grid.py`).

Shapely cuts the geometries once, when the zones change, and knows no message; this file alone imports it for rules. Its
own tests of one point cost ten times as much as a look-up in the grid.

Invariant: an index is never altered; other zones are another index.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from math import atan2, cos, degrees, floor, radians
from typing import Any, NamedTuple

import shapely
import shapely.errors
import shapely.geometry

from actors.rules.zones import Zone
from actors.zone_grid import CELLS_PER_DEGREE, METRES_PER_DEGREE, ROW, Piece, Segment, ZoneGrid

CORRIDOR_CELLS = 4
"""A piece of road that touches more cells than this is cut exactly."""

Entry = tuple[Zone, Mapping[str, Any], float]
"""A zone as it is given: its rule, its GeoJSON geometry, half its corridor in metres."""


class Laid(NamedTuple):
    """A zone as it was laid: from what, its rank, and the cells that have a piece of it."""

    entry: Entry
    rank: tuple[int, bool, float, str]
    cells: tuple[int, ...]


class ZoneIndex:
    """All zones of the house. A zone's name is its own; of two with one name the later counts."""

    __slots__ = ("_laid", "grid")

    def __init__(self, zones: Iterable[Entry] = ()) -> None:
        """Cut zones into cells."""
        self.grid = ZoneGrid({})
        self._laid: dict[str, Laid] = {}
        self._bring(zones)

    @property
    def count(self) -> int:
        """How many zones there are."""
        return len(self._laid)

    def renewed(self, zones: Iterable[Entry]) -> "ZoneIndex":
        """Another index, of these zones; what is the same here is not cut again."""
        other = ZoneIndex()
        other.grid, other._laid = ZoneGrid(dict(self.grid.cells)), dict(self._laid)
        other._bring(zones)
        return other

    def _bring(self, zones: Iterable[Entry]) -> None:
        wanted = {entry[0].name: entry for entry in zones}
        stale = {name for name, laid in self._laid.items() if wanted.get(name) != laid.entry}
        touched: dict[int, list[Piece]] = {cell: [] for name in stale for cell in self._laid[name].cells}
        for name in stale:
            del self._laid[name]
        for name, entry in wanted.items():
            if name in self._laid:
                continue
            zone, geometry, width_m = entry
            cut = list(_pieces(zone, shape_of(geometry), width_m))
            self._laid[name] = Laid(entry, _rank(entry), tuple({cell for cell, _ in cut}))
            for cell, piece in cut:
                touched.setdefault(cell, []).append(piece)
        cells = self.grid.cells
        for cell, fresh in touched.items():
            kept = [piece for piece in cells.pop(cell, ()) if piece.zone.name not in stale]
            if pieces := sorted((*kept, *fresh), key=lambda piece: self._laid[piece.zone.name].rank):
                cells[cell] = tuple(pieces)


def shape_of(geometry: Mapping[str, Any]) -> Any:
    """Read a GeoJSON geometry.

    Raises:
        ValueError: it is none, or crosses itself.
    """
    try:
        shape: Any = shapely.geometry.shape(dict(geometry))
    except (shapely.errors.ShapelyError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise ValueError(f"is no geometry: {error}") from error
    if shape.is_empty or not shape.is_valid:
        raise ValueError(f"is no valid geometry: {shapely.is_valid_reason(shape)}")
    return shape


def _rank(entry: Entry) -> tuple[int, bool, float, str]:
    zone, geometry, _ = entry
    return -zone.priority, "Polygon" in geometry["type"], zone.limit_kmh, zone.name


def _pieces(zone: Zone, shape: Any, width_m: float) -> Iterator[tuple[int, Piece]]:
    parts = list(getattr(shape, "geoms", [shape]))
    if "Polygon" in shape.geom_type:
        for part in parts:
            yield from _areas(zone, part)
        return
    cells: dict[int, list[Segment]] = {}
    for part in parts:
        points = list(part.coords)
        for (x0, y0, *_), (x1, y1, *_) in pairwise(points):
            if (x0, y0) != (x1, y1):
                _lay(cells, x0, y0, x1, y1, width_m)
    for cell, segments in cells.items():
        yield cell, Piece(zone, tuple(segments), width_m, ())


def _lay(cells: dict[int, list[Segment]], x0: float, y0: float, x1: float, y1: float, width_m: float) -> None:
    """Add a segment to every cell that its corridor touches."""
    scale = METRES_PER_DEGREE * cos(radians((y0 + y1) / 2))
    dx, dy = x1 - x0, y1 - y0
    east_m, north_m = dx * scale, dy * METRES_PER_DEGREE
    length2, bearing = east_m * east_m + north_m * north_m, degrees(atan2(east_m, north_m)) % 360
    margin = width_m / scale * 1.05
    bounds = (min(x0, x1) - margin, min(y0, y1) - margin, max(x0, x1) + margin, max(y0, y1) + margin)
    keys, boxes = _grid(bounds)
    if len(keys) > CORRIDOR_CELLS:
        corridor = shapely.LineString([(x0, y0), (x1, y1)]).buffer(margin)
        keys = [key for key, touched in zip(keys, shapely.intersects(corridor, boxes()), strict=True) if touched]
    for key in keys:
        cells.setdefault(key, []).append((x0, y0, dx, dy, length2, scale, bearing))


def _areas(zone: Zone, polygon: Any) -> Iterator[tuple[int, Piece]]:
    keys, make = _grid(polygon.bounds)
    boxes = make()
    shapely.prepare(polygon)
    covered, cuts = shapely.contains(polygon, boxes), shapely.intersection(polygon, boxes)
    for key, whole, cut in zip(keys, covered, cuts, strict=True):
        areas = [part for part in getattr(cut, "geoms", [cut]) if part.geom_type == "Polygon" and not part.is_empty]
        rings = tuple(tuple(ring.coords) for area in areas for ring in (area.exterior, *area.interiors))
        if whole or rings:
            yield key, Piece(zone, (), 0.0, () if whole else rings)


def _grid(bounds: tuple[float, float, float, float]) -> tuple[list[int], Callable[[], Any]]:
    """The cells that a box touches, and what makes their squares."""
    west, south, east, north = bounds
    columns = range(floor((west + 180.0) * CELLS_PER_DEGREE), floor((east + 180.0) * CELLS_PER_DEGREE) + 1)
    rows = range(floor((south + 90.0) * CELLS_PER_DEGREE), floor((north + 90.0) * CELLS_PER_DEGREE) + 1)
    side = 1 / CELLS_PER_DEGREE

    def boxes() -> Any:
        lefts = [column * side - 180.0 for _ in rows for column in columns]
        lows = [row * side - 90.0 for row in rows for _ in columns]
        return shapely.box(lefts, lows, [x + side for x in lefts], [y + side for y in lows])

    return [row * ROW + column for row in rows for column in columns], boxes

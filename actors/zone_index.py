"""Finds the zone of a position in a microsecond: a grid of cells, each with the pieces of the zones that touch it.

Shapely cuts the geometries into cells once, when the zones change, and knows no message; this file alone imports it for
rules. A look-up is a key, a dictionary and a few comparisons. Shapely's own tests of one point cost ten times as much.

Invariant: an index is never altered; other zones are another index. What it says depends on its arguments alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from math import atan2, cos, degrees, floor, radians
from typing import Any, NamedTuple

import shapely
import shapely.errors
import shapely.geometry

from actors.rules.zones import Zone

CELLS_PER_DEGREE = 100.0
METRES_PER_DEGREE = 111_320.0
_ROW = 65536
CORRIDOR_CELLS = 4
"""A piece of road that touches more cells than this is cut exactly."""

Segment = tuple[float, float, float, float, float, float, float]
"""Start and way in degrees (lon, lat, Δlon, Δlat), the way's square in m², metres per degree of longitude, bearing."""
Entry = tuple[Zone, Mapping[str, Any], float]
"""A zone as it is given: its rule, its GeoJSON geometry, half its corridor in metres."""
Ring = tuple[tuple[float, float], ...]


class Piece(NamedTuple):
    """What of a zone lies in a cell: segments of its line, rings of its area, or neither where it covers the cell."""

    zone: Zone
    segments: tuple[Segment, ...]
    width_m: float
    rings: tuple[Ring, ...]
    always: bool
    both_ways: bool

    def bearing_at(self, lon: float, lat: float) -> float | None:
        """The bearing of the line next to a position, 0 within an area, None outside."""
        if self.rings:
            return 0.0 if _within(lon, lat, self.rings) else None
        if not self.segments:
            return 0.0
        best, bearing = self.width_m * self.width_m, None
        for x0, y0, dx, dy, length2, scale, direction in self.segments:
            px, py = (lon - x0) * scale, (lat - y0) * METRES_PER_DEGREE
            wx, wy = dx * scale, dy * METRES_PER_DEGREE
            share = (px * wx + py * wy) / length2
            share = 0.0 if share < 0.0 else 1.0 if share > 1.0 else share
            px -= share * wx
            py -= share * wy
            if (away := px * px + py * py) <= best:
                best, bearing = away, direction
        return bearing


class Laid(NamedTuple):
    """A zone as it was laid: from what, its rank, and the cells that have a piece of it."""

    entry: Entry
    rank: tuple[int, bool, float, str]
    cells: tuple[int, ...]


class ZoneIndex:
    """All zones of the house. A zone's name is its own; of two with one name the later counts."""

    __slots__ = ("_cells", "_laid")

    def __init__(self, zones: Iterable[Entry] = ()) -> None:
        """Cut zones into cells."""
        self._cells: dict[int, tuple[Piece, ...]] = {}
        self._laid: dict[str, Laid] = {}
        self._bring(zones)

    @property
    def count(self) -> int:
        """How many zones there are."""
        return len(self._laid)

    def renewed(self, zones: Iterable[Entry]) -> "ZoneIndex":
        """Another index, of these zones; what is the same here is not cut again."""
        other = ZoneIndex()
        other._cells, other._laid = dict(self._cells), dict(self._laid)
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
        for cell, fresh in touched.items():
            kept = [piece for piece in self._cells.pop(cell, ()) if piece.zone.name not in stale]
            if pieces := sorted((*kept, *fresh), key=lambda piece: self._laid[piece.zone.name].rank):
                self._cells[cell] = tuple(pieces)

    def find(self, lon: float, lat: float, heading_deg: float | None, time_s: int) -> Zone | None:
        """The zone in force: of several the one with the highest priority, a line before an area, the lowest limit."""
        try:
            row, column = int((lat + 90.0) * CELLS_PER_DEGREE), int((lon + 180.0) * CELLS_PER_DEGREE)
        except (ValueError, OverflowError):  # no number, or an endless one
            return None
        pieces = self._cells.get(row * _ROW + column)
        if pieces is None or not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):
            return None
        for piece in pieces:
            zone = piece.zone
            if not (piece.always or zone.in_force(time_s)):
                continue
            bearing = piece.bearing_at(lon, lat)
            if bearing is not None and (piece.both_ways or zone.faces(heading_deg, bearing)):
                return zone
        return None


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


def _piece(zone: Zone, segments: tuple[Segment, ...], width_m: float, rings: tuple[Ring, ...] = ()) -> Piece:
    return Piece(zone, segments, width_m, rings, zone.always, zone.heading_deg is None and not zone.along)


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
        yield cell, _piece(zone, tuple(segments), width_m)


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
            yield key, _piece(zone, (), 0.0, () if whole else rings)


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

    return [row * _ROW + column for row in rows for column in columns], boxes


def _within(lon: float, lat: float, rings: tuple[Ring, ...]) -> bool:
    inside = False
    for ring in rings:
        x0, y0 = ring[-1]
        for x1, y1 in ring:
            if (y0 > lat) != (y1 > lat) and lon < (x1 - x0) * (lat - y0) / (y1 - y0) + x0:
                inside = not inside
            x0, y0 = x1, y1
    return inside

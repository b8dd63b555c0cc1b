"""Finds the zone of a position: a grid of cells, each with the pieces of the zones that touch it.

A look-up is a key, a dictionary and a few comparisons; who cuts zones into pieces is `actors/zone_index.py`.

Invariant: what a grid says depends on its arguments alone.
"""

from typing import Final, final

from actors.rules.zones import Zone

CELLS_PER_DEGREE: Final = 100.0
METRES_PER_DEGREE: Final = 111_320.0
ROW: Final = 65536
"""Between the key of a cell and that of the one north of it."""

Segment = tuple[float, float, float, float, float, float, float]
"""Start and way in degrees (lon, lat, Δlon, Δlat), the way's square in m², metres per degree of longitude, bearing."""
Ring = tuple[tuple[float, float], ...]


@final
class Piece:
    """What of a zone lies in a cell: segments of its line, rings of its area, or neither where it covers the cell."""

    __slots__ = ("_always", "_both_ways", "_rings", "_segments", "_width_m", "zone")

    def __init__(self, zone: Zone, segments: tuple[Segment, ...], width_m: float, rings: tuple[Ring, ...]) -> None:
        self.zone = zone
        self._segments = segments
        self._rings = rings
        self._width_m = width_m
        self._always = zone.always
        self._both_ways = zone.heading_deg is None and not zone.along

    def holds(self, lon: float, lat: float, heading_deg: float | None, time_s: int) -> bool:
        """Whether its zone holds for who is there, going that way."""
        if not (self._always or self.zone.in_force(time_s)):
            return False
        if self._rings:
            bearing_deg = 0.0
            if not _within(lon, lat, self._rings):
                return False
        elif self._segments:
            found_deg = self._bearing_at(lon, lat)
            if found_deg is None:
                return False
            bearing_deg = found_deg
        else:
            bearing_deg = 0.0
        return self._both_ways or self.zone.faces(heading_deg, bearing_deg)

    def _bearing_at(self, lon: float, lat: float) -> float | None:
        """The bearing of the line next to a position; None where that is out of its corridor."""
        best = self._width_m * self._width_m
        bearing_deg: float | None = None
        for x0, y0, dx, dy, length2, scale, direction_deg in self._segments:
            px, py = (lon - x0) * scale, (lat - y0) * METRES_PER_DEGREE
            wx, wy = dx * scale, dy * METRES_PER_DEGREE
            share = min(max((px * wx + py * wy) / length2, 0.0), 1.0)
            px -= share * wx
            py -= share * wy
            if (away := px * px + py * py) <= best:
                best, bearing_deg = away, direction_deg
        return bearing_deg


@final
class ZoneGrid:
    """The pieces of each cell, of several that hold the first one first."""

    __slots__ = ("cells",)

    def __init__(self, cells: dict[int, tuple[Piece, ...]]) -> None:
        self.cells = cells

    def find(self, lon: float, lat: float, heading_deg: float | None, time_s: int) -> Zone | None:
        """The zone in force: of several the one with the highest priority, a line before an area, the lowest limit."""
        if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):  # or no number
            return None
        row, column = int((lat + 90.0) * CELLS_PER_DEGREE), int((lon + 180.0) * CELLS_PER_DEGREE)
        pieces = self.cells.get(row * ROW + column)
        if pieces is None:
            return None
        for piece in pieces:
            if piece.holds(lon, lat, heading_deg, time_s):
                return piece.zone
        return None


def _within(lon: float, lat: float, rings: tuple[Ring, ...]) -> bool:
    inside = False
    for ring in rings:
        x0, y0 = ring[-1]
        for x1, y1 in ring:
            if (y0 > lat) != (y1 > lat) and lon < (x1 - x0) * (lat - y0) / (y1 - y0) + x0:
                inside = not inside
            x0, y0 = x1, y1
    return inside

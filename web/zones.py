"""Zones: speed limits with a place, as GeoJSON; all of them, or those that a window of the map touches."""

from collections.abc import Iterator
from typing import Any

from quart import Blueprint, Response, request

from actors.map_view import Window
from protocols.times import iso
from storage.breaths import in_breaths
from storage.models import ZoneRow
from storage.zones import all_zones
from web.answers import answer
from web.asking import number, window_asked
from web.deps import WebDeps
from web.shapes import maybe_iso

MOST = 100_000


def zone_routes(deps: WebDeps) -> Blueprint:
    """Routes of zones."""
    routes = Blueprint("zones", __name__, url_prefix="/api/v1/zones")

    @routes.get("")
    async def zones() -> Response:
        if not request.args.get("bbox"):
            return answer(_collection(await all_zones()))
        window, limit = window_asked(), number("limit", MOST, 1, MOST)
        found = [row async for row in in_breaths(list(deps.zones()), 200) if touches(row, window)]
        return answer({**_collection(found if len(found) <= limit else []), "total": len(found)})

    return routes


def _collection(rows: list[ZoneRow]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [zone_shape(row) for row in rows]}


def touches(row: ZoneRow, window: Window) -> bool:
    """Whether the box around a zone and a window have something in common."""
    west = south = float("inf")
    east = north = float("-inf")
    for lon, lat in _positions(row.geometry.get("coordinates")):
        west, east, south, north = min(west, lon), max(east, lon), min(south, lat), max(north, lat)
    return west <= window.east and east >= window.west and south <= window.north and north >= window.south


def _positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    """The positions of a GeoJSON geometry, however deep they stand."""
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for each in coordinates or ():
        yield from _positions(each)


def zone_shape(row: ZoneRow) -> dict[str, Any]:
    """One zone as a GeoJSON feature."""
    return {
        "type": "Feature",
        "id": row.name,
        "geometry": row.geometry,
        "properties": {
            "name": row.title,
            "limit_kmh": row.limit_kmh,
            "class_limits_kmh": row.class_limits_kmh,
            "priority": row.priority,
            "width_m": row.width_m,
            "direction": row.direction,
            "tolerance_deg": row.tolerance_deg,
            "from": iso(row.from_s) if row.from_s else None,
            "to": maybe_iso(row.to_s),
            "hours": [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in row.hours],
        },
    }

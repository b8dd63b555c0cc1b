"""Zones: speed limits with a place, as GeoJSON."""

from typing import Any

from quart import Blueprint, Response

from protocols.times import iso
from storage.models import ZoneRow
from storage.zones import all_zones
from web.answers import answer
from web.shapes import maybe_iso


def zone_routes() -> Blueprint:
    """Routes of zones."""
    routes = Blueprint("zones", __name__, url_prefix="/api/v1/zones")

    @routes.get("")
    async def zones() -> Response:
        return answer({"type": "FeatureCollection", "features": [zone_shape(row) for row in await all_zones()]})

    return routes


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

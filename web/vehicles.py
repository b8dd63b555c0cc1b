"""A vehicle's data: positions and violations."""

from typing import Any

from quart import Blueprint, Response, request

from actors.rules.identity import clean_identity
from storage.breaths import in_breaths
from storage.models import VehicleRow
from storage.provider_days import provider_names
from storage.queries import TrackPoint
from storage.registry import identity
from web.answers import answer
from web.asking import page, span
from web.deps import WebDeps
from web.refusals import not_found
from web.scope import sees_sender
from web.shapes import faults_of, waypoint_shape
from web.sources import TOTAL_COUNT
from web.violations import violations_of

WHOSE = ("company", "department", "business", "seats", "payload_kg")


async def vehicle_named(deps: WebDeps, plate: str) -> VehicleRow:
    """Find a vehicle by its plate, in any spelling; raises Refusal."""
    vehicle = await deps.queries.vehicle(plate) or await deps.queries.vehicle(clean_identity(plate))
    if vehicle is None:
        raise not_found("vehicle", plate, "plate")
    return vehicle


async def seen_points(points: list[TrackPoint]) -> list[tuple[TrackPoint, str]]:
    """Positions with their sender's name, those of them that the person asking may see."""
    names = await provider_names()
    sent = [(point, names.get(point.provider_id, "")) for point in points]
    return [(point, name) for point, name in sent if sees_sender(name)]


async def whose_shape(vehicle: VehicleRow) -> dict[str, Any]:
    """What of a vehicle's identity stands beside each of its positions; what nobody entered is as its tracker says."""
    known = await identity(vehicle, sees_sender)
    return {
        "plate": vehicle.plate,
        "registered": vehicle.registered,
        **{name: known.values[name] for name in WHOSE},
    }


def vehicle_routes(deps: WebDeps) -> Blueprint:
    """Routes of one vehicle."""
    routes = Blueprint("vehicles", __name__, url_prefix="/api/v1/vehicles/<path:plate>")

    @routes.get("/waypoints")
    async def waypoints(plate: str) -> Response:
        from_s, to_s = span(deps.now())
        vehicle = await vehicle_named(deps, plate)
        points = await seen_points(await deps.queries.waypoints(vehicle.id, from_s, to_s))
        if request.args.get("faulty", "") == "true":
            points = [(point, name) for point, name in points if faults_of(point)]
        window = page(max(len(points), 1))
        whose, shown = await whose_shape(vehicle), points[window.offset : window.offset + window.limit]
        told = [{**waypoint_shape(point, provider), **whose} async for point, provider in in_breaths(shown)]
        return answer(told, headers={TOTAL_COUNT: str(len(points))})

    @routes.get("/violations")
    async def violations(plate: str) -> Response:
        from_s, to_s = span(deps.now())
        vehicle = await vehicle_named(deps, plate)
        return answer(await violations_of(deps, vehicle, from_s, to_s))

    return routes

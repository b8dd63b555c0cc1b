"""A vehicle's data: positions and violations."""

from quart import Blueprint, Response

from actors.rules.identity import clean_identity
from storage.models import VehicleRow
from web.answers import answer
from web.asking import span
from web.deps import WebDeps
from web.refusals import not_found
from web.shapes import open_violation_shape, violation_shape, waypoint_shape


async def vehicle_named(deps: WebDeps, plate: str) -> VehicleRow:
    """Find a vehicle by its plate, in any spelling; raises Refusal."""
    vehicle = await deps.queries.vehicle(plate) or await deps.queries.vehicle(clean_identity(plate))
    if vehicle is None:
        raise not_found("vehicle", plate, "plate")
    return vehicle


def vehicle_routes(deps: WebDeps) -> Blueprint:
    """Routes of one vehicle."""
    routes = Blueprint("vehicles", __name__, url_prefix="/api/v1/vehicles/<path:plate>")

    @routes.get("/waypoints")
    async def waypoints(plate: str) -> Response:
        from_s, to_s = span(deps.now())
        vehicle = await vehicle_named(deps, plate)
        return answer([waypoint_shape(point) for point in await deps.queries.waypoints(vehicle.id, from_s, to_s)])

    @routes.get("/violations")
    async def violations(plate: str) -> Response:
        from_s, to_s = span(deps.now())
        vehicle = await vehicle_named(deps, plate)
        stored = [violation_shape(row) for row in await deps.queries.violations(vehicle.id, from_s, to_s)]
        running = deps.board.open_violations(f"vehicle:{vehicle.plate}")
        return answer(stored + [open_violation_shape(case) for case in running if from_s <= case.start_s <= to_s])

    return routes

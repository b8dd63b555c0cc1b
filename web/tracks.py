"""A vehicle's track of any period in columns, coloured by the page: speed, the limit of the place, what is wrong."""

from collections.abc import Iterable

from quart import Blueprint, Response

from actors.track_columns import Seen, columns, stretch_s, thin
from protocols.times import DAY_S, iso
from storage.breaths import in_breaths
from storage.models import VehicleRow
from storage.queries import TrackPoint
from web.answers import answer
from web.asking import number, span
from web.deps import WebDeps
from web.refusals import bad_value
from web.shapes import faults_of
from web.vehicles import seen_points, vehicle_named

POINTS, MOST_POINTS = 4_000, 20_000
LONGEST_S = 93 * DAY_S
"""A quarter: a vehicle that sends every 15 seconds has half a million positions in it."""


def track_routes(deps: WebDeps) -> Blueprint:
    """The route of tracks."""
    routes = Blueprint("tracks", __name__)

    @routes.get("/api/v1/vehicles/<path:plate>/track")
    async def track(plate: str) -> Response:
        from_s, to_s = span(deps.now())
        if to_s - from_s > LONGEST_S:
            raise bad_value("from", f"a track is at most {LONGEST_S // DAY_S} days long; ask for a part of it")
        most = number("points", POINTS, 100, MOST_POINTS)
        vehicle = await vehicle_named(deps, plate)
        points = await seen_points(await deps.queries.waypoints(vehicle.id, from_s, to_s))
        seen = [each async for each in in_breaths(_judged(deps, vehicle, points))]
        every_s = stretch_s(len(seen), to_s - from_s + 1, most)
        told = columns(thin(seen, from_s, every_s), from_s)
        whole = {"from": iso(from_s), "to": iso(to_s), "count": len(seen), "bucket_s": every_s or None}
        return answer({**whole, **told})

    return routes


def _judged(deps: WebDeps, vehicle: VehicleRow, points: Iterable[tuple[TrackPoint, str]]) -> Iterable[Seen]:
    for point, _ in points:
        sent = point.waypoint
        yield Seen(sent, deps.limit_at(vehicle.id, sent), faults_of(point))

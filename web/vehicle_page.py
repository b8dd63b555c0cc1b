"""The page of a vehicle: who it is by whose word, where it is now, and the track, violations and messages of a period.

The period stands in the URL (`from`, `to`); without one it is today and moves on. `violation=ID` alone opens the day of
that violation and its stretch.
"""

from typing import NamedTuple

from quart import Blueprint, Response, request

from protocols.times import DAY_S, day_start
from storage.models import VehicleRow
from storage.registry import identity
from web.asking import number, span
from web.deps import WebDeps
from web.look import Look
from web.scope import sees_sender
from web.shapes import detail_shape, flip_shape
from web.vehicles import vehicle_named

LARGEST_ID = 10**13 - 1


class Period(NamedTuple):
    """What the page opens with; `live` moves on with the clock."""

    from_s: int
    to_s: int
    live: bool = False
    violation: str = ""
    lost: bool = False
    """The asked violation is not kept, or is another vehicle's."""


def vehicle_page_routes(deps: WebDeps, look: Look) -> Blueprint:
    """The route of the page."""
    routes = Blueprint("vehicle_page", __name__)

    @routes.get("/vehicles/<path:plate>")
    async def vehicle(plate: str) -> Response:
        row = await vehicle_named(deps, plate)
        source_id = f"vehicle:{row.plate}"
        detail = await deps.board.source(source_id)
        return await look.page(
            "vehicle.html",
            vehicle=row,
            known=await identity(row, sees_sender),
            detail=None if detail is None else detail_shape(detail),
            period=await _period(deps, row),
            running=len(deps.board.open_violations(source_id)),
            flips=[flip_shape(flip) for flip in await deps.queries.flips(source_id)],
            crashes=await deps.queries.crashes(source_id),
        )

    return routes


async def _period(deps: WebDeps, vehicle: VehicleRow) -> Period:
    now_s = int(deps.now())
    today = Period(day_start(now_s), now_s, live=True)
    asked, named = request.args.get("violation", ""), bool(request.args.get("from"))
    period = Period(*span(now_s)) if named else today
    if not asked:
        return period
    case = await deps.queries.violation(vehicle.id, number("violation", 0, 1, LARGEST_ID))
    if case is None:
        return period._replace(lost=True)
    if named:
        return period._replace(violation=asked)
    end_s = case.start_s if case.end_s is None else case.end_s
    return Period(day_start(case.start_s), day_start(end_s) + DAY_S - 1, violation=asked)

"""The map: vehicles of a window, stations with their state, and the page that draws them."""

import math
from collections.abc import Iterable

from quart import Blueprint, Response, request

from actors.map_view import Window, vehicles_in
from actors.vehicle import VehicleActor
from protocols.vocabulary import Freshness
from storage.models import StationRow, VehicleRow
from storage.registry import plates_of
from web.answers import answer
from web.asking import number
from web.deps import WebDeps
from web.look import Look
from web.refusals import bad_value
from web.scope import scope_asking

MOST_SHOWN, SHOWN = 20_000, 5_000


def map_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of the map."""
    routes = Blueprint("map", __name__)

    @routes.get("/api/v1/map")
    async def view() -> Response:
        window, limit = _window(request.args.get("bbox", "")), number("limit", SHOWN, 1, MOST_SHOWN)
        state = request.args.get("state", "")
        if state and state not in list(Freshness):
            raise bad_value("state", f"state must be one of {', '.join(Freshness)}")
        vehicles: Iterable[VehicleActor] = deps.vehicles()
        found = await vehicles_in(vehicles, window, limit, state, await _plates())
        return answer({**found, "stations": await _stations(deps, window, state)})

    @routes.get("/map")
    async def page() -> Response:
        return await look.page("map.html")

    return routes


async def _plates() -> frozenset[str] | None:
    """The vehicles that filters and the scope of the person asking leave; None for all."""
    scope = scope_asking()
    within = None if scope is None else await plates_of(*scope)
    asked = {key: text for key in ("company", "provider") if (text := request.args.get(key, ""))}
    if not asked:
        return within
    rows = await VehicleRow.filter(**{f"{key}__icontains": text for key, text in asked.items()}).only("plate")
    found = frozenset(row.plate for row in rows)
    return found if within is None else found & within


async def _stations(deps: WebDeps, window: Window, state: str) -> list[dict[str, object]]:
    if scope_asking() is not None:
        return []
    fresh = {view.id: view.freshness for view in deps.board.sources(kind="station")}
    rows = await StationRow.filter(
        lon__gte=window.west, lon__lte=window.east, lat__gte=window.south, lat__lte=window.north
    )
    told = [(row, str(fresh.get(f"station:{row.code}", Freshness.NEVER_SEEN))) for row in rows]
    return [
        {"code": row.code, "name": row.name, "lon": row.lon, "lat": row.lat, "state": now}
        for row, now in told
        if not state or now == state
    ]


def _window(text: str) -> Window:
    try:
        window = Window(*(float(part) for part in text.split(",")))
    except (TypeError, ValueError) as error:
        raise bad_value("bbox", "bbox must be west,south,east,north in degrees") from error
    if not (all(math.isfinite(side) for side in window) and window.west < window.east and window.south < window.north):
        raise bad_value("bbox", "bbox must be west,south,east,north in degrees, west and south the smaller ones")
    return window

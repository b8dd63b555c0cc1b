"""The map: vehicles of a window, stations with their state, what moves there, and the page that draws it.

Invariant: a person with a scope sees no vehicle outside of it, whatever is asked, and no station.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from quart import Blueprint, Response, copy_current_request_context, request

from actors.board import Event
from actors.map_feed import FleetGrid, MapFeed
from actors.map_view import Pin, Wanted, told
from actors.rules.identity import clean_identity
from protocols.vocabulary import Freshness
from storage.models import StationRow, VehicleRow
from storage.registry import plates_of
from web.answers import answer
from web.asking import number, window_asked
from web.deps import WebDeps
from web.live import Streams
from web.look import Look
from web.refusals import bad_value
from web.scope import scope_asking

MOST_SHOWN, SHOWN = 20_000, 5_000
MOST_FOLLOWED, FOLLOWED = 5_000, 2_000
MOST_MAPS = 100
TICK_S, TICKS_AROUND = 1.0, 5
"""Who is shown is looked at each tick; who may have come, which stations changed and whose scope, each so many."""


def map_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of the map."""
    routes = Blueprint("map", __name__)
    grid, streams = FleetGrid(deps.vehicles, deps.now), Streams(MOST_MAPS)

    def violating(pin: Pin) -> bool:
        return bool(deps.board.open_violations(pin.id))

    async def wanted(default: int, most: int) -> Wanted:
        state, only = request.args.get("state", ""), request.args.get("violation", "")
        if state and state not in list(Freshness):
            raise bad_value("state", f"state must be one of {', '.join(Freshness)}")
        if only not in ("", "true"):
            raise bad_value("violation", "violation must be true, or absent")
        window, limit = window_asked(), number("limit", default, 1, most)
        q = clean_identity(request.args.get("q", ""))
        return Wanted(window, limit, violating, state, q, await _plates_asked()(), bool(only))

    @routes.get("/api/v1/map")
    async def view() -> Response:
        asked = await wanted(SHOWN, MOST_SHOWN)
        stations = await _stations_asked(deps, asked)()
        return answer({**told(await grid.all(asked), asked), "stations": stations})

    @routes.get("/api/v1/map/events")
    async def events() -> Response:
        streams.admit()
        asked = await wanted(FOLLOWED, MOST_FOLLOWED)
        following = follow(MapFeed(grid, asked), _plates_asked(), _stations_asked(deps, asked))
        return streams.push(following, deps.now)

    @routes.get("/map")
    async def page() -> Response:
        return await look.page("map.html")

    return routes


async def follow(
    feed: MapFeed,
    plates: Callable[[], Awaitable[frozenset[str] | None]],
    stations: Callable[[], Awaitable[list[dict[str, object]]]],
) -> AsyncIterator[Event]:
    """A window's events: `view` with everything, then `moved`, `stations`, or `view` again, as things change."""
    there, number = await stations(), 1
    yield Event(number, "view", {**await feed.whole(), "stations": there})
    while True:
        for tick in range(TICKS_AROUND):
            await asyncio.sleep(TICK_S)
            changes: list[tuple[str, dict[str, Any]] | None] = []
            if tick < TICKS_AROUND - 1:
                changes.append(feed.moved())
            else:
                feed.narrow(await plates())
                changes.append(await feed.look_around())
                if (now := await stations()) != there:
                    there = now
                    changes.append(("stations", {"stations": there}))
            for kind, data in filter(None, changes):
                number += 1
                yield Event(number, kind, {**data, "stations": there} if kind == "view" else data)


def _plates_asked() -> Callable[[], Awaitable[frozenset[str] | None]]:
    """Ask which vehicles the filters and the scope of the person asking leave, None for all; now, and again later."""
    scope = scope_asking()
    asked = {f"{key}__icontains": text for key in ("company", "provider") if (text := request.args.get(key, ""))}

    async def ask() -> frozenset[str] | None:
        within = None if scope is None else await plates_of(scope)
        if not asked:
            return within
        found = frozenset(row.plate for row in await VehicleRow.filter(**asked).only("plate"))
        return found if within is None else found & within

    return ask


def _stations_asked(deps: WebDeps, wanted: Wanted) -> Callable[[], Awaitable[list[dict[str, object]]]]:
    """Ask for the stations of the window; none for a person with a scope, or one who looks for vehicles."""
    hidden = scope_asking() is not None or wanted.violating or bool(wanted.q)
    window, state, board = wanted.window, wanted.state, deps.board

    async def ask() -> list[dict[str, object]]:
        if hidden:
            return []
        fresh = {view.id: view.freshness for view in board.sources(kind="station")}
        rows = await StationRow.filter(
            lon__gte=window.west, lon__lte=window.east, lat__gte=window.south, lat__lte=window.north
        )
        told = [(row, str(fresh.get(f"station:{row.code}", Freshness.NEVER_SEEN))) for row in rows]
        return [
            {"code": row.code, "name": row.name, "lon": row.lon, "lat": row.lat, "state": now}
            for row, now in told
            if not state or now == state
        ]

    # the stream outlives the request, and the board asks who is asking
    return copy_current_request_context(ask)

"""The page of a station's thresholds: what each parameter is judged with, why, what its data propose; and its drift."""

from collections.abc import Mapping
from typing import Any

from quart import Blueprint, Response

from protocols.times import DAY_S
from storage.drift import drift_tickets
from storage.threshold_versions import proposals_of, versions_of
from web.deps import WebDeps
from web.drift import DAYS_SHOWN, date_of
from web.look import Look
from web.station_pages import StationPages
from web.stations import station_named
from web.thresholds import parameter_shapes, proposal_shape

HISTORY_SHOWN = 12


def threshold_page_routes(deps: WebDeps, look: Look) -> Blueprint:
    """The route of the page."""
    routes = Blueprint("threshold_pages", __name__)
    pages = StationPages(deps, look)

    @routes.get("/stations/<path:code>/thresholds")
    async def thresholds(code: str) -> Response:
        station = await station_named(deps, code)
        symbols = [row.symbol for row in await deps.queries.parameters(station.id)]
        parameters = parameter_shapes(await versions_of(station.id), symbols)
        proposals = [proposal_shape(row) for row in await proposals_of(station.id)]
        from_s = int(deps.now()) - DAYS_SHOWN * DAY_S
        return await pages.page(
            "station_thresholds.html",
            station,
            parameters=parameters,
            open_proposals=[row for row in proposals if row["state"] == "open"],
            decided=[row for row in proposals if row["state"] != "open"][:HISTORY_SHOWN],
            history_shown=HISTORY_SHOWN,
            keys_of=keys_of,
            tickets=list(reversed(await drift_tickets(station.id, "", from_s))),
            date_of=date_of,
        )

    return routes


def keys_of(table: object) -> str:
    """A test's table in one line; keys that set nothing are left out."""
    if not isinstance(table, Mapping):
        return "–"
    named: Mapping[str, Any] = table
    return ", ".join(f"{key} {_short(value)}" for key, value in named.items() if value is not None)


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)

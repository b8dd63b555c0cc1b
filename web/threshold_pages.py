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
from web.threshold_words import amount, fields, phrase, phrases
from web.thresholds import parameter_shapes, proposal_shape
from web.words import Words

HISTORY_SHOWN = 12
COUNTED = ("steps", "plateaus")
"""Evidence that has no unit."""


def threshold_page_routes(deps: WebDeps, look: Look) -> Blueprint:
    """The route of the page."""
    routes = Blueprint("threshold_pages", __name__)
    pages = StationPages(deps, look)

    @routes.get("/stations/<path:code>/thresholds")
    async def thresholds(code: str) -> Response:
        station = await station_named(deps, code)
        units = {row.symbol: row.unit for row in await deps.queries.parameters(station.id)}
        parameters = parameter_shapes(await versions_of(station.id), list(units))
        proposals = [proposal_shape(row) for row in await proposals_of(station.id)]
        from_s = int(deps.now()) - DAYS_SHOWN * DAY_S
        return await pages.page(
            "station_thresholds.html",
            station,
            parameters=parameters,
            units=units,
            open_proposals=[row for row in proposals if row["state"] == "open"],
            decided=[row for row in proposals if row["state"] != "open"][:HISTORY_SHOWN],
            history_shown=HISTORY_SHOWN,
            phrases=phrases,
            fields=fields,
            proposed=proposed,
            evidence_of=evidence_of,
            tickets=list(reversed(await drift_tickets(station.id, "", from_s))),
            date_of=date_of,
        )

    return routes


def proposed(say: Words, proposal: Mapping[str, Any], unit: str) -> list[dict[str, str]]:
    """A proposal's lines: the test, what its key means, the value in use (empty where none is) and the proposed one."""
    was: Mapping[str, Mapping[str, float]] = proposal["was"]
    return [
        {
            "test": test,
            "means": phrase(say, test, key, "…"),
            "was": "" if (old := was.get(test, {}).get(key)) is None else amount(say, key, old, unit),
            "now": amount(say, key, value, unit),
        }
        for test, keys in proposal["tables"].items()
        for key, value in keys.items()
    ]


def evidence_of(say: Words, evidence: Mapping[str, float], unit: str) -> str:
    """The figures that a proposal rests on, in words."""
    return "; ".join(
        say(f"evidence.{key}", value=f"{value:g}" if key in COUNTED else amount(say, key, value, unit))
        for key, value in evidence.items()
    )

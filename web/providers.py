"""Providers: what each sent, what became of it, and what was visibly wrong with it, by day of receipt."""

from typing import Any

from quart import Blueprint, Response

from actors.provider_counts import Lapse
from actors.rules.waypoint_faults import WaypointFault
from protocols.times import DAY_S, day_start, iso, iso_ms
from storage.provider_days import FATES, Counted, ProviderReport, provider_reports
from web.answers import answer
from web.asking import span
from web.deps import WebDeps
from web.look import Look
from web.refusals import bad_value, not_found
from web.scope import scope_asking

DEFAULT_S = 6 * DAY_S
"""A week, today being the last day of it."""
MOST_DAYS = 31


def provider_shape(report: ProviderReport) -> dict[str, Any]:
    """One provider's counts; every kind of defect is there, with 0 where there was none."""
    return {
        "name": report.provider.username,
        "auto_register": report.provider.auto_register,
        "vehicles": report.vehicles,
        "unregistered": report.unregistered,
        "last_seen": iso_ms(report.last_ms) if report.last_ms else None,
        **report.fates,
        "defects": {str(kind): report.defects.get(kind, Counted()).count for kind in (*WaypointFault, *Lapse)},
    }


def detail_shape(report: ProviderReport) -> dict[str, Any]:
    """One provider with its days and the first example of each defect."""
    return {
        **provider_shape(report),
        "examples": {kind: example_shape(seen) for kind, seen in report.defects.items()},
        "refused_example": report.refused_example,
        "days": [
            {
                "day": iso(day_s)[:10],
                **{fate: counts.get(fate, 0) for fate in FATES},
                "defects": {kind: count for kind, count in counts.items() if kind not in FATES},
            }
            for day_s, counts in sorted(report.days.items())
        ],
    }


def example_shape(seen: Counted) -> dict[str, Any]:
    """The first message with a defect."""
    return {"plate": seen.example_plate, "sent": seen.example, "received": iso_ms(seen.example_ms)}


def defect_days(report: ProviderReport, from_s: int, to_s: int) -> list[dict[str, Any]]:
    """Every kind of defect with its number and example on each day of the span, days without any included."""
    days = range(day_start(from_s), to_s + 1, DAY_S)
    return [
        {
            "kind": str(kind),
            "total": report.defects.get(kind, Counted()).count,
            "days": [
                {"day": iso(day_s)[:10], "count": seen.count, **(example_shape(seen) if seen.count else {})}
                for day_s in days
                for seen in (report.seen.get(kind, {}).get(day_s, Counted()),)
            ],
        }
        for kind in WaypointFault
    ]


def provider_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of providers."""
    routes = Blueprint("providers", __name__)

    def asked() -> tuple[int, int]:
        from_s, to_s = span(deps.now(), DEFAULT_S)
        return day_start(from_s), to_s

    async def seen() -> list[ProviderReport]:
        scope = scope_asking()
        if scope is not None and scope.kind != "provider":
            return []
        return await provider_reports(*asked(), name="" if scope is None else scope.name)

    async def one(name: str) -> ProviderReport:
        found = await provider_reports(*asked(), name=name)
        if not found:
            raise not_found("provider", name, "name")
        return found[0]

    @routes.get("/api/v1/providers")
    async def providers() -> Response:
        return answer([provider_shape(report) for report in await seen()])

    @routes.get("/api/v1/providers/<name>")
    async def provider(name: str) -> Response:
        report = await one(name)
        return answer({**detail_shape(report), "defect_days": defect_days(report, *asked())})

    @routes.get("/providers")
    async def providers_page() -> Response:
        return await look.page("providers.html", providers=[provider_shape(report) for report in await seen()])

    @routes.get("/providers/<name>")
    async def provider_page(name: str) -> Response:
        report, (from_s, to_s) = await one(name), asked()
        if to_s - from_s > MOST_DAYS * DAY_S:
            raise bad_value("from", f"the page shows at most {MOST_DAYS} days; the API tells of any span")
        return await look.page(
            "provider.html",
            provider=detail_shape(report),
            fates=FATES,
            kinds=defect_days(report, from_s, to_s),
            first=iso(from_s)[:10],
            last=iso(to_s)[:10],
        )

    return routes

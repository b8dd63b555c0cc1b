"""What the board shows, as JSON: sources, services, destinations, the balance."""

from dataclasses import asdict

from quart import Blueprint, Response, request

from protocols.times import iso_ms
from web.answers import answer
from web.asking import page
from web.deps import WebDeps
from web.refusals import not_found
from web.shapes import balance_shape, detail_shape, forward_shape, service_shape, source_shape

TOTAL_COUNT = "X-Total-Count"


def source_routes(deps: WebDeps) -> Blueprint:
    """Routes that read the board."""
    routes = Blueprint("sources", __name__)
    board = deps.board

    @routes.get("/api/v1/sources")
    async def sources() -> Response:
        window = page()
        asked = {name: request.args.get(name, "") for name in ("kind", "state", "q")}
        views = board.sources(**asked)
        shown = views[window.offset : window.offset + window.limit]
        return answer([source_shape(view) for view in shown], headers={TOTAL_COUNT: str(len(views))})

    @routes.get("/api/v1/sources/<path:source_id>")
    async def source(source_id: str) -> Response:
        detail = await board.source(source_id)
        if detail is None:
            raise not_found("source", source_id, "id")
        return answer(detail_shape(detail))

    @routes.get("/api/v1/summary")
    async def summary() -> Response:
        concerns = [{"kind": each.kind, "about": each.about, **each.told} for each in board.concerns()]
        return answer({**asdict(board.census()), "concerns": concerns})

    @routes.get("/api/v1/services")
    async def services() -> Response:
        return answer([service_shape(view) for view in board.services()])

    @routes.get("/api/v1/forwards")
    async def forwards() -> Response:
        return answer([forward_shape(view) for view in board.forwards()])

    @routes.get("/api/v1/audit")
    async def audit() -> Response:
        return answer(balance_shape(board.balance()))

    @routes.get("/api/v1/audit-log")
    async def audit_log() -> Response:
        window = page()
        rows = await deps.queries.audit_log(window.limit, window.offset)
        lines = [
            {
                "at": iso_ms(row.at_ms),
                "user": row.user,
                "action": row.action,
                "target": row.target,
                "detail": row.detail,
            }
            for row in rows
        ]
        return answer(lines, headers={TOTAL_COUNT: str(await deps.queries.audit_count())})

    return routes

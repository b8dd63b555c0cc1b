"""Alive, ready, measured: what monitors ask without signing in."""

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from quart import Blueprint, Response

from web.answers import answer
from web.deps import WebDeps
from web.metrics import BoardCollector


def status_routes(deps: WebDeps) -> Blueprint:
    """Routes of the monitors."""
    routes = Blueprint("status", __name__)
    registry = CollectorRegistry()
    registry.register(BoardCollector(deps.board))

    @routes.get("/healthz")
    async def healthz() -> Response:
        return answer({"alive": True})

    @routes.get("/readyz")
    async def readyz() -> Response:
        health = deps.board.health()
        return answer({"ready": health.ready, "reasons": health.reasons}, 200 if health.ready else 503)

    @routes.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return routes

"""The archive of waypoints: what stands in it, what was let go, and a pass that somebody asks for."""

from datetime import UTC, datetime
from typing import Any

from quart import Blueprint, Response

from protocols.times import DAY_S
from web.access import person_asking
from web.answers import answer, body_of_request
from web.deps import WebDeps
from web.refusals import Refusal, bad_value


def archive_routes(deps: WebDeps) -> Blueprint:
    """Routes of the archive."""
    routes = Blueprint("archive", __name__)

    @routes.get("/api/v1/archive")
    async def show() -> Response:
        return answer(deps.retention.view())

    @routes.post("/api/v1/archive")
    async def begin() -> Response:
        person, body = person_asking(), await body_of_request()
        until_s, expire = _until(body), body.get("expire", False)
        if not isinstance(expire, bool):
            raise bad_value("expire", "expire must be true or false")
        if not deps.retention.begin(until_s, expire, person.name):
            raise Refusal(409, "running", "a pass is running already; ask again when it is through")
        await deps.audit(person.name, "archive", "waypoints", f"until {body.get('until') or 'the hot days'}")
        return answer(deps.retention.view(), 202)

    return routes


def _until(body: dict[str, Any]) -> int | None:
    """The end of a UTC day as 2026-11-20; None where none is named."""
    day = body.get("until")
    if day is None:
        return None
    try:
        return int(datetime.strptime(str(day), "%Y-%m-%d").replace(tzinfo=UTC).timestamp()) + DAY_S
    except ValueError as error:
        raise bad_value("until", "until must be a day, e.g. 2026-11-20") from error

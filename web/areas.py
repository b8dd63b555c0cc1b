"""Areas and the increased frequency during a disaster: the list, the page, switching it on and off."""

from typing import Any

from quart import Blueprint, Response, request

from actors.disaster_view import DisasterRefused, disaster_view
from web.access import person_asking
from web.answers import answer, body_of_request, text_field
from web.asking import moment
from web.deps import WebDeps
from web.look import Look
from web.refusals import Refusal, bad_value, not_found
from web.shapes import plain_shape


def area_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of areas."""
    routes = Blueprint("areas", __name__)
    disasters = deps.disasters

    @routes.get("/api/v1/areas")
    async def areas() -> Response:
        return answer([area_shape(view) for view in disasters.views()])

    @routes.post("/api/v1/areas/<name>/disaster")
    async def declare(name: str) -> Response:
        person, body = person_asking(), await body_of_request()
        cadence_s = body.get("cadence_s")
        if type(cadence_s) is not int:
            raise bad_value("cadence_s", "cadence_s must be a whole number of seconds, e.g. 600")
        from_s = _moment(body, "from")
        from_s = int(deps.now()) if from_s is None else from_s
        try:
            row = await disasters.declare(
                name, from_s, _moment(body, "to"), cadence_s, text_field(body, "reason"), person.name
            )
        except KeyError as error:
            raise not_found("area", name, "name") from error
        except DisasterRefused as refused:
            status = 409 if refused.field == "from" else 400
            raise Refusal(status, "disaster", refused.detail, refused.field) from refused
        shaped = plain_shape(disaster_view(row, deps.now()))
        detail = f"every {row.cadence_s} s, {shaped['from']} to {shaped['to'] or 'further notice'}: {row.reason}"
        await deps.audit(person.name, "disaster", name, detail)
        return answer(shaped)

    @routes.post("/api/v1/areas/<name>/disaster/end")
    async def end(name: str) -> Response:
        person = person_asking()
        body = await body_of_request() if await request.get_data() else {}
        try:
            row = await disasters.end(name, person.name, _moment(body, "to"))
        except KeyError as error:
            raise Refusal(404, "not_found", f"no disaster is on or coming in {name!r}", "name") from error
        except DisasterRefused as refused:
            raise Refusal(400, "disaster", refused.detail, refused.field) from refused
        shaped = plain_shape(disaster_view(row, deps.now()))
        await deps.audit(person.name, "disaster_end", name, f"ended {shaped['to']}")
        return answer(shaped)

    @routes.get("/areas")
    async def page() -> Response:
        return await look.page("areas.html", areas=[area_shape(view) for view in disasters.views()])

    return routes


def area_shape(view: dict[str, Any]) -> dict[str, Any]:
    """One area with its disasters, newest first; `now` is the one that is on, or comes next."""
    told = [plain_shape(each) for each in view["disasters"]]
    coming = [each for each in told if each["state"] != "over"]
    now = next((each for each in coming if each["state"] == "on"), coming[-1] if coming else None)
    return {**view, "disasters": told, "now": now}


def _moment(body: dict[str, Any], field: str) -> int | None:
    text = body.get(field)
    if text in (None, ""):
        return None
    if not isinstance(text, str):
        raise bad_value(field, f"{field} must be an ISO 8601 time")
    return moment(text, field)

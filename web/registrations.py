"""Registrations that works sent of themselves: listed, approved, rejected. The page and its API."""

from typing import Any

from quart import Blueprint, Response, request

from actors.rules.provinces import province_on
from actors.rules.works import work_named, works
from protocols.times import day_on, iso_ms
from storage.models import FileRow, RegistrationRow
from storage.registrations import RegistrationDecided, registration, registrations, stations_among
from web.access import person_asking
from web.answers import answer, body_of_request, text_field
from web.deps import WebDeps
from web.look import Look
from web.refusals import Refusal, bad_value, not_found

SHOWN = 200


def registration_shape(row: RegistrationRow, file: FileRow | None, is_station: bool) -> dict[str, Any]:
    """One registration, with what its file was found to lack."""
    province = province_on(row.province, day_on(row.received_ms // 1000))
    work = work_named(row.work)
    return {
        "id": row.id,
        "code": row.code,
        "account": row.account,
        "received": iso_ms(row.received_ms),
        "work": row.work,
        "work_title": work.title if work else "",
        "province": row.province,
        "province_name": province.name if province else "",
        "content": row.content,
        "is_station": is_station,
        "state": row.state,
        "decided_by": row.decided_by,
        "decided": None if row.decided_ms is None else iso_ms(row.decided_ms),
        "note": row.note,
        "file": str(row.file_id),
        "name": file.name if file else "",
        "faults": file.faults if file else [],
    }


async def registrations_of(state: str, limit: int = SHOWN) -> list[dict[str, Any]]:
    """Registrations, newest first; of every state where none is named."""
    found = await registrations(state, limit)
    known = await stations_among({row.code for row, _ in found})
    return [registration_shape(row, file, row.code in known) for row, file in found]


def registration_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of registrations."""
    routes = Blueprint("registrations", __name__)

    @routes.get("/registrations")
    async def page() -> Response:
        rows = sorted(await registrations_of(""), key=lambda row: row["state"] != "pending")
        return await look.page("registrations.html", rows=rows, works=works())

    @routes.get("/api/v1/registrations")
    async def all_of_them() -> Response:
        return answer(await registrations_of(request.args.get("registration_state", "")))

    @routes.get("/api/v1/registrations/<int:number>")
    async def one(number: int) -> Response:
        return answer(await shown(number))

    @routes.post("/api/v1/registrations/<int:number>/approve")
    async def approve(number: int) -> Response:
        body, person = await body_of_request(), person_asking()
        note, work = text_field(body, "note", longest=300, default=""), text_field(body, "work", default="")
        if work and work_named(work) is None:
            raise bad_value("work", f"work must be one of {', '.join(known.name for known in works())}")
        try:
            row = await deps.registrations.approve(number, person.name, note, work)
        except (LookupError, RegistrationDecided) as error:
            raise refusal_of(number, error) from error
        await deps.audit(person.name, "registration_approve", f"station:{row.code}", f"{row.account}; {note}")
        return answer(await shown(number))

    @routes.post("/api/v1/registrations/<int:number>/reject")
    async def reject(number: int) -> Response:
        body, person = await body_of_request(), person_asking()
        note = text_field(body, "note", longest=300).strip()
        if not note:
            raise bad_value("note", "say why: the reason is kept with the registration")
        try:
            row = await deps.registrations.reject(number, person.name, note)
        except (LookupError, RegistrationDecided) as error:
            raise refusal_of(number, error) from error
        await deps.audit(person.name, "registration_reject", f"station:{row.code}", f"{row.account}; {note}")
        return answer(await shown(number))

    async def shown(number: int) -> dict[str, Any]:
        found = await registration(number)
        if found is None:
            raise not_found("registration", str(number), "id")
        return registration_shape(*found, bool(await stations_among([found[0].code])))

    return routes


def refusal_of(number: int, error: Exception) -> Refusal:
    """Why a decision was not taken."""
    if isinstance(error, RegistrationDecided):
        return Refusal(409, "decided", f"the registration is {error} already", "id")
    return not_found("registration", str(number), "id")

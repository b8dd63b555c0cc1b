"""What a destination was sent, is owed and refused: its hourly files, their bytes, another try for a refused one."""

from typing import Any
from urllib.parse import quote

from quart import Blueprint, Response, request

from protocols.times import iso, iso_ms
from storage.exceedances import station_codes
from storage.models import DestinationRow, OutFileRow
from storage.outfiles import destination_named, file_of, files_of
from web.access import person_asking
from web.answers import answer
from web.asking import day_start_asked, page
from web.deps import WebDeps
from web.look import Look
from web.refusals import Refusal, bad_value, not_found
from web.sources import TOTAL_COUNT

STATES = ("waiting", "forwarded", "refused")
SHOWN = 300


async def destination(name: str) -> DestinationRow:
    """Find a destination; raises Refusal."""
    row = await destination_named(name)
    if row is None:
        raise not_found("destination", name, "name")
    return row


async def outfile(name: str, file_id: int) -> OutFileRow:
    """Find a destination's file; raises Refusal."""
    row = await file_of((await destination(name)).id, file_id)
    if row is None:
        raise not_found("file", str(file_id), "id")
    return row


def forward_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of destinations' files."""
    routes = Blueprint("forwards", __name__)

    async def asked(name: str, most: int) -> tuple[DestinationRow, list[dict[str, Any]], int]:
        state = request.args.get("state", "")
        if state and state not in STATES:
            raise bad_value("state", f"{state!r} is none of {', '.join(STATES)}")
        row, window = await destination(name), page(most)
        from_s = day_start_asked(deps.now()) if request.args.get("day") else None
        files, count = await files_of(row.id, state, from_s, window.limit, window.offset)
        codes = await station_codes({file.station_id for file in files})
        return row, [outfile_shape(file, codes.get(file.station_id, "")) for file in files], count

    @routes.get("/api/v1/forwards/<name>/files")
    async def files(name: str) -> Response:
        _, shaped, count = await asked(name, 1000)
        return answer(shaped, headers={TOTAL_COUNT: str(count)})

    @routes.get("/api/v1/forwards/<name>/files/<int:file_id>/raw")
    async def raw(name: str, file_id: int) -> Response:
        row = await outfile(name, file_id)
        response = Response(bytes(row.body), content_type="application/octet-stream")
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.name, safe='')}"
        return response

    @routes.post("/api/v1/forwards/<name>/files/<int:file_id>/retry")
    async def retry(name: str, file_id: int) -> Response:
        row = await outfile(name, file_id)
        if deps.retry_file is None or not await deps.retry_file(name, file_id):
            raise Refusal(
                409, "not_refused", f"{row.name} is {row.state}, or {name} is turned off; a refused file is tried again"
            )
        await deps.audit(person_asking().name, "retry", f"{name}/{row.name}", f"version {row.version}")
        return answer({"id": str(file_id), "state": "waiting"})

    @routes.get("/destinations/<name>/files")
    async def files_page(name: str) -> Response:
        row, shaped, count = await asked(name, SHOWN)
        state, day = request.args.get("state", ""), request.args.get("day", "")
        return await look.page(
            "destination_files.html", destination=row, files=shaped, count=count, state=state, day=day, states=STATES
        )

    return routes


def outfile_shape(row: OutFileRow, code: str) -> dict[str, Any]:
    """One hourly file without its bytes; `hour` is the end of its hour, `reason` why there is a further version."""
    return {
        "id": str(row.id),
        "name": row.name,
        "station": code,
        "hour": iso(row.hour_s),
        "version": row.version,
        "reason": row.reason,
        "state": row.state,
        "attempts": row.attempts,
        "made": iso_ms(row.made_ms),
        "forwarded": None if row.forwarded_ms is None else iso_ms(row.forwarded_ms),
        "last_error": row.last_error,
    }

"""The hand-over of shifts over HTTP."""

from quart import Blueprint, Response

from actors.review_acts import ReviewRefused
from storage.shifts import open_items, shift_page
from web.access import person_asking
from web.answers import answer, body_of_request, text_field
from web.asking import page
from web.deps import WebDeps
from web.review import refused
from web.review_shapes import open_items_shape, shift_shape
from web.sources import TOTAL_COUNT

LONGEST_NOTES = 10_000


def shift_routes(deps: WebDeps) -> Blueprint:
    """Routes of shifts."""
    routes = Blueprint("shifts", __name__, url_prefix="/api/v1/shifts")

    @routes.get("")
    async def shifts() -> Response:
        window = page()
        rows, count = await shift_page(window.limit, window.offset)
        return answer([shift_shape(row) for row in rows], headers={TOTAL_COUNT: str(count)})

    @routes.get("/open-items")
    async def items() -> Response:
        return answer(open_items_shape(await open_items()))

    @routes.post("")
    async def hand_over() -> Response:
        person, body = person_asking(), await body_of_request()
        outgoing = text_field(body, "outgoing", longest=64, default=person.name)
        incoming = text_field(body, "incoming", longest=64)
        notes = text_field(body, "notes", longest=LONGEST_NOTES, default="")
        try:
            row = await deps.review.shifts.hand_over(person.name, outgoing, incoming, notes)
        except ReviewRefused as error:
            raise refused(error) from error
        await deps.audit(person.name, "hand_over", f"shift:{row.id}", f"{outgoing} → {incoming}")
        return answer(shift_shape(row))

    @routes.post("/<int:shift_id>/confirm")
    async def confirm(shift_id: int) -> Response:
        person, body = person_asking(), await body_of_request()
        notes = text_field(body, "notes", longest=LONGEST_NOTES, default="")
        try:
            row = await deps.review.shifts.confirm(shift_id, person.name, notes)
        except ReviewRefused as error:
            raise refused(error) from error
        await deps.audit(person.name, "confirm_shift", f"shift:{row.id}", "")
        return answer(shift_shape(row))

    return routes

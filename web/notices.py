"""Notices to responsible units: the list, one whole, answers, letters; and the page behind a letter's link.

Whoever holds a letter's link may read that one notice and answer it without signing in: the link is the credential.
"""

from typing import Any

from quart import Blueprint, Response, request

from protocols.times import iso_ms
from storage.models import LetterRow, NoticeItemRow, RecipientRow
from storage.notices import WholeNotice, letter, notice, notice_of_token, notices, recipients
from web.access import person_asking
from web.answers import answer, body_of_request, text_field
from web.asking import page
from web.deps import WebDeps
from web.look import Look
from web.refusals import Refusal, bad_value, not_found

SHOWN = 100
STATES = ("", "open", "closed")
LONGEST_NAME, LONGEST_REPLY = 96, 1000


def item_shape(item: NoticeItemRow) -> dict[str, Any]:
    """A source in a notice."""
    return {
        "source": item.source,
        "since": iso_ms(item.since_ms),
        "added": iso_ms(item.added_ms),
        "detail": item.detail,
        "recovered": _moment(item.recovered_ms),
    }


def letter_shape(row: LetterRow) -> dict[str, Any]:
    """A letter, without its text."""
    return {
        "id": row.id,
        "occasion": row.occasion,
        "channel": row.channel,
        "address": row.address,
        "subject": row.subject,
        "made": iso_ms(row.made_ms),
        "state": row.state,
        "attempts": row.attempts,
        "sent": _moment(row.sent_ms),
        "last_error": row.last_error,
    }


def notice_shape(whole: WholeNotice) -> dict[str, Any]:
    """A notice with its parts."""
    row = whole.notice
    return {
        "id": row.id,
        "recipient": row.recipient,
        "cause": row.cause,
        "state": "open" if row.closed_ms is None else "closed",
        "opened": iso_ms(row.opened_ms),
        "closed": _moment(row.closed_ms),
        "acknowledged_by": row.acknowledged_by,
        "acknowledged": _moment(row.acknowledged_ms),
        "escalated": _moment(row.escalated_ms),
        "standing": sum(item.recovered_ms is None for item in whole.items),
        "items": [item_shape(item) for item in whole.items],
        "letters": [letter_shape(row) for row in whole.letters],
        "replies": [{"at": iso_ms(reply.at_ms), "who": reply.who, "text": reply.text} for reply in whole.replies],
    }


def recipient_shape(row: RecipientRow) -> dict[str, Any]:
    """A responsible unit; secrets stay."""
    return {
        "name": row.name,
        "emails": row.emails,
        "webhook": bool(row.webhook),
        "causes": row.causes,
        "stations": row.stations,
        "areas": row.areas,
        "kinds": row.kinds,
        "language": row.language,
        "enabled": row.enabled,
    }


def _moment(time_ms: int | None) -> str | None:
    return None if time_ms is None else iso_ms(time_ms)


async def _noticed(notice_id: int) -> WholeNotice:
    whole = await notice(notice_id)
    if whole is None:
        raise not_found("notice", str(notice_id), "id")
    return whole


async def _by_token(token: str) -> WholeNotice:
    whole = await notice_of_token(token)
    if whole is None:
        raise Refusal(404, "not_found", "no notice has this link", "token")
    return whole


def notice_routes(deps: WebDeps) -> Blueprint:
    """Routes of the API."""
    routes = Blueprint("notices", __name__, url_prefix="/api/v1")

    @routes.get("/notices")
    async def listed() -> Response:
        state, window = request.args.get("state", ""), page(SHOWN)
        if state not in STATES:
            raise bad_value("state", "state must be open or closed")
        found = await notices(state, request.args.get("cause", ""), window.limit, window.offset)
        return answer([notice_shape(whole) for whole in found])

    @routes.get("/notices/<int:notice_id>")
    async def one(notice_id: int) -> Response:
        return answer(notice_shape(await _noticed(notice_id)))

    @routes.post("/notices/<int:notice_id>/answer")
    async def answered(notice_id: int) -> Response:
        body, person = await body_of_request(), person_asking()
        await _noticed(notice_id)
        text = text_field(body, "text", longest=LONGEST_REPLY, default="")
        await deps.notices.answer(notice_id, person.name, text)
        await deps.audit(person.name, "answer_notice", str(notice_id), text)
        return answer(notice_shape(await _noticed(notice_id)))

    @routes.post("/letters/<int:letter_id>/retry")
    async def retry(letter_id: int) -> Response:
        row, person = await letter(letter_id), person_asking()
        if row is None:
            raise not_found("letter", str(letter_id), "id")
        if row.state != "refused":
            raise Refusal(409, "not_refused", f"the letter is {row.state}: only a refused one is sent again", "id")
        await deps.notices.try_again(letter_id)
        await deps.audit(person.name, "retry_letter", str(letter_id), row.address)
        found = await letter(letter_id)
        return answer(letter_shape(found or row))

    @routes.get("/recipients")
    async def told() -> Response:
        return answer([recipient_shape(row) for row in await recipients()])

    return routes


def notice_pages(deps: WebDeps, look: Look) -> Blueprint:
    """The pages of notices, and the one behind a letter's link."""
    routes = Blueprint("notice_pages", __name__)

    @routes.get("/notices")
    async def listed() -> Response:
        state, window = request.args.get("state", ""), page(SHOWN)
        found = await notices(state if state in STATES else "", "", window.limit, window.offset)
        return await look.page(
            "notices.html",
            notices=[notice_shape(whole) for whole in found],
            recipients=await recipients(),
            state=state,
            window=window,
        )

    @routes.get("/notices/<int:notice_id>")
    async def one(notice_id: int) -> Response:
        return await look.page("notice.html", notice=notice_shape(await _noticed(notice_id)))

    @routes.get("/n/<token>")
    async def linked(token: str) -> Response:
        whole = await _by_token(token)
        return await look.page("notice_link.html", notice=notice_shape(whole), token=token, said="")

    @routes.post("/n/<token>")
    async def linked_answer(token: str) -> Response:
        whole, form = await _by_token(token), await request.form
        who, text = form.get("who", "").strip(), form.get("text", "").strip()
        if not who:
            shape = notice_shape(whole)
            return await look.page("notice_link.html", 400, notice=shape, token=token, said="notices.no_name")
        await deps.notices.answer(whole.notice.id, who[:LONGEST_NAME], text[:LONGEST_REPLY])
        shape = notice_shape(await _by_token(token))
        return await look.page("notice_link.html", notice=shape, token=token, said="notices.thanks")

    return routes

"""Samplers and loggers' own servers: ask for a sample, follow it, take its answer; how the pullers stand.

A sampler answers by the token it was given: the token is the credential, and good for that one sample.
"""

from typing import Any

from quart import Blueprint, Response

from protocols.times import iso_ms
from protocols.vocabulary import SampleState
from storage.models import PullRow, SampleRow
from storage.pulls import pulled_lately, pulls
from storage.samples import sample, sample_of_token, samples_of
from web.access import person_asking
from web.answers import answer, body_of_request, text_field
from web.deps import WebDeps
from web.look import Look
from web.refusals import Refusal, bad_value, not_found
from web.station_pages import StationPages
from web.stations import station_named

ANSWERS = (SampleState.TAKEN, SampleState.FAILED)
ENDED = (SampleState.TAKEN, SampleState.FAILED, SampleState.EXPIRED)


def sample_shape(row: SampleRow) -> dict[str, Any]:
    """One sample; its token stays."""
    return {
        "id": row.id,
        "asked": iso_ms(row.asked_ms),
        "asked_by": row.asked_by,
        "reason": row.reason,
        "bottle": row.bottle,
        "channel": row.channel,
        "state": row.state,
        "due": iso_ms(row.due_ms),
        "sent": _moment(row.sent_ms),
        "answered": _moment(row.answered_ms),
        "answer": row.answer,
        "attempts": row.attempts,
        "last_error": row.last_error,
    }


async def pull_shape(row: PullRow) -> dict[str, Any]:
    """One server that is visited; its address stays, a password may stand in it."""
    return {
        "name": row.name,
        "stations": row.stations,
        "pattern": row.pattern,
        "every_s": row.every_s,
        "enabled": row.enabled,
        "files": [
            {"path": file.path, "size": file.size, "file": str(file.file_id), "fetched": iso_ms(file.at_ms)}
            for file in await pulled_lately(row.name)
        ],
    }


def _moment(time_ms: int | None) -> str | None:
    return None if time_ms is None else iso_ms(time_ms)


async def _take_answer(deps: WebDeps, row: SampleRow, body: dict[str, Any], who: str) -> Response:
    state, text = text_field(body, "state"), text_field(body, "detail", longest=300, default="")
    if state not in ANSWERS:
        raise bad_value("state", f"state must be {' or '.join(ANSWERS)}")
    if row.state in ENDED:
        raise Refusal(409, "answered", f"the sample is {row.state} already", "state")
    await deps.samplers.answer(row, SampleState(state), text)
    await deps.audit(who, "answer_sample", str(row.id), f"{state} {text}")
    return answer(sample_shape(await sample(row.id) or row))


def sample_routes(deps: WebDeps) -> Blueprint:
    """Routes of samples and pulls."""
    routes = Blueprint("samples", __name__)

    @routes.get("/api/v1/stations/<path:code>/samples")
    async def listed(code: str) -> Response:
        station = await station_named(deps, code)
        return answer([sample_shape(row) for row in await samples_of(station.id)])

    @routes.post("/api/v1/stations/<path:code>/samples")
    async def ask(code: str) -> Response:
        station, body, person = await station_named(deps, code), await body_of_request(), person_asking()
        reason = text_field(body, "reason", longest=300).strip()
        if not reason:
            raise bad_value("reason", "write why the sample is taken")
        bottle = text_field(body, "bottle", longest=32, default="")
        try:
            sample_id = await deps.samplers.ask(station, person.name, reason, bottle)
        except ValueError as error:
            raise Refusal(409, "no_sampler", str(error), "code") from error
        await deps.audit(person.name, "ask_sample", station.code, f"{sample_id}: {reason}")
        row = await sample(sample_id)
        assert row is not None
        return answer(sample_shape(row), 201)

    @routes.post("/api/v1/samples/<int:sample_id>/answer")
    async def answered(sample_id: int) -> Response:
        row, body = await sample(sample_id), await body_of_request()
        if row is None:
            raise not_found("sample", str(sample_id), "id")
        return await _take_answer(deps, row, body, person_asking().name)

    @routes.post("/s/<token>")
    async def by_token(token: str) -> Response:
        row, body = await sample_of_token(token), await body_of_request()
        if row is None:
            raise Refusal(404, "not_found", "no sample has this token", "token")
        return await _take_answer(deps, row, body, "sampler")

    @routes.get("/api/v1/pulls")
    async def visited() -> Response:
        return answer([await pull_shape(row) for row in await pulls()])

    return routes


def sample_pages(deps: WebDeps, look: Look) -> Blueprint:
    """The page of a station's sampler."""
    routes = Blueprint("sample_pages", __name__)
    pages = StationPages(deps, look)

    @routes.get("/stations/<path:code>/samples")
    async def of_station(code: str) -> Response:
        station = await station_named(deps, code)
        rows = [sample_shape(row) for row in await samples_of(station.id)]
        return await pages.page("samples.html", station, samples=rows)

    return routes

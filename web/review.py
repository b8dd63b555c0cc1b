"""The review queue over HTTP: the list, one episode with its surroundings, and the acts about it."""

from collections.abc import Mapping
from typing import Any

from quart import Blueprint, Response, request

from actors.review_acts import Act, Actor, NotThere, Overtaken, ReviewRefused
from protocols.vocabulary import EpisodeState, ErrorType, Flag, ReviewAction
from storage.models import EpisodeRow, StationRow
from storage.review import Asked, counts, episode, queue, stations_by_id
from storage.review_cases import Case, case_of, cases
from web.access import person_asking
from web.answers import answer, body_of_request, text_field
from web.asking import moment, page
from web.deps import WebDeps
from web.refusals import Refusal, bad_value, not_found
from web.review_context import context_of
from web.review_shapes import case_shape, done_shape, episode_shape, member_shape
from web.sources import TOTAL_COUNT

QUEUE_SHOWN = 50


def asked_queue() -> Asked:
    """Read the queue's filters off the query string."""
    given = request.args.get
    state, flag = given("state", "") or "todo", given("flag", "")
    if state not in ("todo", "all", *EpisodeState):
        raise bad_value("state", f"{state!r} is none of todo, all, {', '.join(EpisodeState)}")
    if flag not in ("", "3", "4"):
        raise bad_value("flag", "flag is 3 (suspect) or 4 (fail)")
    return Asked(
        station=given("station", ""),
        parameter=given("parameter", ""),
        test=given("test", ""),
        flag=int(flag) if flag else None,
        from_s=moment(text, "from") if (text := given("from", "")) else None,
        to_s=moment(text, "to") if (text := given("to", "")) else None,
        state="" if state == "all" else state,
        q=given("q", ""),
    )


async def episode_named(episode_id: int) -> tuple[EpisodeRow, StationRow]:
    """Find an episode and its station; raises Refusal."""
    row = await episode(episode_id)
    station = None if row is None else (await stations_by_id([row.station_id])).get(row.station_id)
    if row is None or station is None:
        raise not_found("episode", str(episode_id), "id")
    return row, station


async def cases_page(deps: WebDeps, shown: int = QUEUE_SHOWN) -> tuple[list[dict[str, Any]], int]:
    """The asked page of the queue by cases, as shapes, and how many cases there are."""
    window, now_ms, urgent = page(shown), deps.now() * 1000, deps.review.urgent()
    found, count = await cases(asked_queue(), int(now_ms), urgent, window.limit, window.offset)
    stations = await stations_by_id({case.lead.station_id for case in found})
    shapes = [
        case_shape(case, stations.get(case.lead.station_id), now_ms, is_urgent=case.lead.station_id in urgent)
        for case in found
    ]
    return shapes, count


async def queue_page(deps: WebDeps, shown: int = QUEUE_SHOWN) -> tuple[list[dict[str, Any]], int]:
    """The asked page of the queue, as shapes, and how long the queue is."""
    window, now_ms, urgent = page(shown), deps.now() * 1000, deps.review.urgent()
    rows, count = await queue(asked_queue(), int(now_ms), urgent, window.limit, window.offset)
    stations = await stations_by_id({row.station_id for row in rows})
    shapes = [
        episode_shape(row, stations.get(row.station_id), now_ms, is_urgent=row.station_id in urgent) for row in rows
    ]
    return shapes, count


def refused(error: ReviewRefused) -> Refusal:
    """A refusal of the desk, on the wire."""
    status, word = 400, "not_possible"
    if isinstance(error, NotThere):
        status, word = 404, "not_found"
    if isinstance(error, Overtaken):
        status, word = 409, "overtaken"
    return Refusal(status, word, error.detail, error.field, code=error.code, told=error.told)


def review_routes(deps: WebDeps) -> Blueprint:
    """Routes of the queue."""
    routes = Blueprint("review", __name__, url_prefix="/api/v1/review/episodes")

    @routes.get("")
    async def episodes() -> Response:
        shapes, count = await queue_page(deps)
        return answer(shapes, headers={TOTAL_COUNT: str(count)})

    @routes.get("/cases")
    async def by_case() -> Response:
        shapes, count = await cases_page(deps)
        return answer(shapes, headers={TOTAL_COUNT: str(count)})

    @routes.get("/counts")
    async def by_state() -> Response:
        return answer(await counts(asked_queue()))

    @routes.get("/<int:episode_id>")
    async def one(episode_id: int) -> Response:
        row, station = await episode_named(episode_id)
        now_ms = deps.now() * 1000
        urgent = row.station_id in deps.review.urgent()
        shape = episode_shape(row, station, now_ms, is_urgent=urgent)
        context = await context_of(Case((row,)), station, now_ms, deps.review.options.neighbours_km)
        case = await case_of(row)
        return answer({**shape, **context, "case": [member_shape(member) for member in case.episodes]})

    def route_of(action: ReviewAction) -> None:
        async def act(episode_id: int) -> Response:
            person = person_asking()
            asked = read_act(action, await body_of_request())
            try:
                done = await deps.review.desk.act(episode_id, asked, Actor(person.name, person.role))
            except ReviewRefused as error:
                raise refused(error) from error
            shape = done_shape(done)
            if "confirm" in shape:
                return answer(shape, 202)
            await deps.audit(person.name, f"review_{action}", f"episode:{episode_id}", f"{shape['count']} values")
            return answer(shape)

        routes.add_url_rule(f"/<int:episode_id>/{action}", str(action), act, methods=["POST"])

    for action in ReviewAction:
        route_of(action)
    return routes


def read_act(action: ReviewAction, body: Mapping[str, Any]) -> Act:
    """Read an act's body; raises Refusal."""
    version = body.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise bad_value("version", "version is the number that the episode had when you looked at it")
    flag = body.get("flag")
    if flag is not None and flag not in [int(one) for one in Flag]:
        raise bad_value("flag", "flag is 1, 2, 3, 4 or 9")
    kind = text_field(body, "error_type", longest=24, default="")
    if kind and kind not in list(ErrorType):
        raise bad_value("error_type", f"{kind!r} is none of {', '.join(ErrorType)}")
    reading = str(body.get("reading", "0"))
    if not (reading.isascii() and reading.isdigit() and len(reading) < 19):
        raise bad_value("reading", "reading is the id of one of the episode's records")
    value, gap_s = body.get("value"), body.get("max_gap_s")
    return Act(
        action=action,
        version=version,
        times_s=tuple(moment(str(text), "times") for text in _list(body, "times")),
        values={moment(text, "values"): number(one, "values") for text, one in _table(body, "values").items()},
        value=None if value is None else number(value, "value"),
        factor=number(body.get("factor", 1.0), "factor"),
        offset=number(body.get("offset", 0.0), "offset"),
        flag=flag,
        reading_id=int(reading),
        max_gap_s=None if gap_s is None else int(number(gap_s, "max_gap_s", least=1, most=86400)),
        method=text_field(body, "method", longest=80, default=""),
        reason=text_field(body, "reason", longest=500, default=""),
        evidence=text_field(body, "evidence", longest=1000, default=""),
        result=text_field(body, "result", longest=500, default=""),
        note=text_field(body, "note", longest=1000, default=""),
        error_type=kind,
        confirm=text_field(body, "confirm", longest=80, default=""),
        whole_case=body.get("whole_case") is True,
    )


def number(value: object, field: str, least: float = -1e15, most: float = 1e15) -> float:
    """Read a finite number; raises Refusal."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise bad_value(field, f"{field} must be a number from {least:g} to {most:g}")
    return float(value)


def _list(body: Mapping[str, Any], field: str) -> list[Any]:
    value = body.get(field, [])
    if not isinstance(value, list):
        raise bad_value(field, f"{field} must be a list")
    return value


def _table(body: Mapping[str, Any], field: str) -> dict[str, Any]:
    value = body.get(field, {})
    if not isinstance(value, dict):
        raise bad_value(field, f"{field} must be an object of number by time")
    return value

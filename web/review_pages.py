"""The pages of manual quality control: the queue, one episode with its charts, the journal, the reports, the shifts."""

from dataclasses import replace
from urllib.parse import urlencode

from quart import Blueprint, Response, request

from actors.rules.flags import TESTS
from protocols.times import iso, parse_iso
from protocols.vocabulary import EpisodeState, ErrorType, ReviewAction
from storage.review_cases import case_count, case_of
from storage.review_journal import journal_page
from storage.shifts import open_items, shift_page
from web.asking import page
from web.deps import WebDeps
from web.look import Look
from web.review import QUEUE_SHOWN, asked_queue, cases_page, episode_named
from web.review_context import context_of
from web.review_drawing import draw, plot
from web.review_journal import asked_journal, asked_period, report_of
from web.review_shapes import episode_shape, line_shape, member_shape, open_items_shape, shift_shape
from web.threshold_words import phrases

OTHERS_SHOWN = 6
SHIFTS_SHOWN = 30
WAITING = ("todo", EpisodeState.OPEN, EpisodeState.VERIFYING, EpisodeState.ESCALATED)
"""States whose cases are counted: what is done only grows."""
JOURNAL_SHOWN = 100
FILTERS = ("station", "parameter", "test", "flag", "from", "to", "state", "q", "action", "error_type", "who", "limit")


def query_without(*names: str) -> str:
    """The query string of this page without some fields, ready for one more."""
    kept = {name: value for name in FILTERS if name not in names and (value := request.args.get(name, ""))}
    return urlencode(kept) + "&" if kept else ""


def review_page_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of the pages."""
    routes = Blueprint("review_pages", __name__)

    @routes.get("/review")
    async def queue() -> Response:
        window = page(QUEUE_SHOWN)
        found, count = await cases_page(deps)
        asked = asked_queue()
        states = {name: await case_count(replace(asked, state=name)) for name in WAITING}
        return await look.page(
            "review.html",
            cases=found,
            count=count,
            window=window,
            states=states,
            asked=request.args,
            tests=TESTS,
            state_names=("todo", *EpisodeState, "all"),
            rest=query_without,
        )

    @routes.get("/review/<int:episode_id>")
    async def one(episode_id: int) -> Response:
        row, station = await episode_named(episode_id)
        now_ms = deps.now() * 1000
        case = await case_of(row)
        context = await context_of(case, station, now_ms, deps.review.options.neighbours_km)
        from_s, to_s = (parse_iso(context["window"][end]) for end in ("from", "to"))
        span = (case.first_s, case.last_s)
        known = context["limits"] or {}
        lines = [(float(end), look.words()("review.measuring_range")) for end in known.get("measuring_range") or ()]
        series, raw = context["series"], context["raw_series"]
        unit = next((one["unit"] for one in series), "")
        return await look.page(
            "episode.html",
            episode=episode_shape(row, station, now_ms, is_urgent=row.station_id in deps.review.urgent()),
            members=[member_shape(member) for member in case.episodes],
            span=[iso(case.first_s), iso(case.last_s)],
            context=context,
            view=[context["window"]["from"], context["window"]["to"]],
            main=(
                draw(series, from_s, to_s, raw=raw, span=span, limits=lines),
                plot(row.parameter, unit, series, from_s, raw=raw, limits=lines),
            ),
            others=[
                (
                    one,
                    draw(one["values"], from_s, to_s, span=span),
                    plot(one["parameter"], one["unit"], one["values"], from_s),
                )
                for one in context["others"][:OTHERS_SHOWN]
            ],
            neighbours=[
                (
                    one,
                    draw(one["values"], from_s, to_s, span=span),
                    plot(one["name"] or one["station"], one["unit"], one["values"], from_s),
                )
                for one in context["neighbours"]
            ],
            actions=[str(action) for action in ReviewAction],
            options=deps.review.options,
            phrases=phrases,
        )

    @routes.get("/review/journal")
    async def journal() -> Response:
        window = page(JOURNAL_SHOWN)
        lines, count = await journal_page(await asked_journal(deps), window.limit, window.offset)
        return await look.page(
            "review_journal.html",
            lines=[line_shape(line) for line in lines],
            count=count,
            window=window,
            asked=request.args,
            actions=[str(action) for action in ReviewAction],
            kinds=[str(kind) for kind in ErrorType],
            rest=query_without,
        )

    @routes.get("/review/report")
    async def report() -> Response:
        return await look.page("review_report.html", report=await report_of(asked_period(deps)))

    @routes.get("/shifts")
    async def shifts() -> Response:
        window = page(SHIFTS_SHOWN)
        rows, count = await shift_page(window.limit, window.offset)
        return await look.page(
            "shifts.html",
            shifts=[shift_shape(row) for row in rows],
            count=count,
            window=window,
            items=open_items_shape(await open_items()),
            people=[user.name for user in await deps.queries.users()],
        )

    return routes

"""The pages: what a person sees. They read through the same faces as the API and never change anything."""

from typing import Any
from urllib.parse import quote

from quart import Blueprint, Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from protocols.times import day_of, day_start, hour_end, iso, iso_ms
from web.access import maybe_person
from web.asking import day_start_asked, page
from web.deps import WebDeps
from web.drawing import hour_cells, latest_values, sparkline
from web.refusals import Refusal
from web.shapes import detail_shape, flip_shape, violation_shape, waypoint_shape
from web.stations import file_of, station_named
from web.vehicles import vehicle_named
from web.words import LANGUAGES, Words

LANGUAGE_COOKIE = "trambox_language"
DAY_S = 86400
TRACK_SHOWN = 500
LOG_SHOWN = 200
BYTES_SHOWN = 200_000


class Look:
    """What every page shares: words, language, person."""

    def __init__(self, deps: WebDeps, words: dict[str, Words]) -> None:
        self._deps = deps
        self._words = words

    def words(self) -> Words:
        """The asked language: the cookie, else the person's own, else the server's."""
        person = maybe_person()
        asked = request.cookies.get(LANGUAGE_COOKIE, "") or (person.user.language if person is not None else "")
        return self._words.get(asked) or self._words[self._deps.options.language]

    async def page(self, template: str, status: int = 200, **fields: Any) -> Response:
        """Render a template."""
        words = self.words()
        html = await render_template(
            template,
            t=words,
            words_table=words.table,
            person=maybe_person(),
            server_name=self._deps.options.server_name,
            now_s=self._deps.now(),
            iso=iso,
            iso_ms=iso_ms,
            source_url=source_url,
            **fields,
        )
        return Response(html, status, content_type="text/html; charset=utf-8")

    async def refusal_page(self, refusal: Refusal) -> Response:
        """Show a refusal; whoever is not signed in is led to the sign-in page."""
        if refusal.status == 401:
            asked = request.full_path.rstrip("?")
            return await self.page("signin.html", 401, next_url=asked if asked != "/signin" else "/")
        return await self.page("refusal.html", refusal.status, refusal=refusal)


def source_url(source_id: str) -> str:
    """The page of a source."""
    kind, _, name = source_id.partition(":")
    return f"/{'stations' if kind == 'station' else 'vehicles'}/{quote(name, safe='')}"


def local_url(text: str) -> str:
    """A path of this site, or the start page for anything else."""
    is_local = text.startswith("/") and not text.startswith(("//", "/\\")) and "\n" not in text and "\r" not in text
    return text if is_local else "/"


def page_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of the pages."""
    routes = Blueprint("pages", __name__)
    queries = deps.queries

    @routes.get("/signin")
    async def signin() -> Response:
        g.person = None
        return await look.page("signin.html", next_url=local_url(request.args.get("next", "/")))

    @routes.get("/language/<code>")
    async def language(code: str) -> Redirect:
        response = redirect(local_url(request.args.get("next", "/")))
        if code in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, code, max_age=365 * DAY_S, samesite="Lax")
        return response

    @routes.get("/")
    async def live() -> Response:
        return await look.page("live.html")

    @routes.get("/stations/<path:code>")
    async def station(code: str) -> Response:
        row = await station_named(deps, code)
        detail = await deps.board.source(f"station:{row.code}")
        now_s, day_s = int(deps.now()), day_start_asked(deps.now())
        readings = await queries.readings(row.id, now_s - DAY_S, now_s)
        last_hour_s = hour_end(now_s)
        hourly = await queries.hourly(row.id, last_hour_s - DAY_S, last_hour_s)
        return await look.page(
            "station.html",
            station=row,
            detail=None if detail is None else detail_shape(detail),
            values=latest_values(readings, await queries.parameters(row.id)),
            sparkline=lambda parameter: sparkline(readings, parameter, now_s - DAY_S, now_s),
            cells=hour_cells(hourly, last_hour_s),
            files=await queries.files(row.id, day_s),
            gaps=await queries.gaps(row.id, now_s - DAY_S, now_s),
            flips=[flip_shape(flip) for flip in await queries.flips(f"station:{row.code}")],
            crashes=await queries.crashes(f"station:{row.code}"),
            day="{:04}-{:02}-{:02}".format(*day_of(day_s)),
        )

    @routes.get("/stations/<path:code>/files/<int:file_id>")
    async def file(code: str, file_id: int) -> Response:
        row = await file_of(deps, code, file_id)
        body = await deps.raw_reader(row)
        text = body[:BYTES_SHOWN].decode("utf-8", "backslashreplace")
        return await look.page("file.html", code=code, file=row, text=text, is_cut=len(body) > BYTES_SHOWN)

    @routes.get("/vehicles/<path:plate>")
    async def vehicle(plate: str) -> Response:
        row = await vehicle_named(deps, plate)
        source_id = f"vehicle:{row.plate}"
        detail = await deps.board.source(source_id)
        now_s = int(deps.now())
        track = await queries.waypoints(row.id, day_start(now_s), now_s)
        violations = await queries.violations(row.id, day_start(now_s), now_s)
        return await look.page(
            "vehicle.html",
            vehicle=row,
            detail=None if detail is None else detail_shape(detail),
            track=[waypoint_shape(point) for point in reversed(track[-TRACK_SHOWN:])],
            track_count=len(track),
            violations=[violation_shape(violation) for violation in violations],
            flips=[flip_shape(flip) for flip in await queries.flips(source_id)],
            crashes=await queries.crashes(source_id),
        )

    @routes.get("/destinations")
    async def destinations() -> Response:
        return await look.page("destinations.html", forwards=deps.board.forwards())

    @routes.get("/log")
    async def log() -> Response:
        window = page(LOG_SHOWN)
        rows = await queries.audit_log(window.limit, window.offset)
        return await look.page("log.html", rows=rows, window=window, count=await queries.audit_count())

    @routes.get("/users")
    async def users() -> Response:
        return await look.page("users.html", users=await queries.users())

    return routes

"""Builds the console: the guard, the routes, the refusals, the headers."""

from dataclasses import replace

from quart import Quart, Response, g, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Redirect

from storage.writer import StoreError
from web.access import check, identify
from web.actions import action_routes
from web.air import air_routes
from web.annex_cases import annex_case_routes
from web.annex_pages import annex_page_routes
from web.annexes import annex_routes
from web.answers import refuse
from web.archive import archive_routes
from web.areas import area_routes
from web.auth import auth_routes
from web.charts import chart_routes
from web.completeness import completeness_routes
from web.daily_report import report_routes
from web.deps import WebDeps
from web.description import description_routes
from web.drift import drift_routes
from web.forwards import forward_routes
from web.limits import limit_routes
from web.live import live_routes
from web.look import Look
from web.map import map_routes
from web.notices import notice_pages, notice_routes
from web.operations import access_table
from web.pages import page_routes
from web.products import product_routes
from web.providers import provider_routes
from web.refusals import Refusal
from web.registrations import registration_routes
from web.registry import registry_routes
from web.review import review_routes
from web.review_journal import journal_routes
from web.review_pages import review_page_routes
from web.samples import sample_pages, sample_routes
from web.scope import HOME, ScopedBoard, admit
from web.security import hardening
from web.shifts import shift_routes
from web.sources import source_routes
from web.station_pages import station_page_routes
from web.stations import station_routes
from web.status import status_routes
from web.threshold_pages import threshold_page_routes
from web.thresholds import threshold_routes
from web.tracks import track_routes
from web.vehicle_page import vehicle_page_routes
from web.vehicles import vehicle_routes
from web.wall import wall_routes
from web.words import load_words
from web.zones import zone_routes

LARGEST_BODY = 1 << 16


def create_app(deps: WebDeps) -> Quart:
    """Build the console and the API."""
    app = Quart(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    # a script of yesterday does not know the page of today: the browser asks each time whether it changed
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 0
    board, deps = deps.board, replace(deps, board=ScopedBoard(deps.board, deps.now))
    look = Look(deps, load_words())
    app.register_blueprint(status_routes(deps))
    app.register_blueprint(auth_routes(deps))
    app.register_blueprint(source_routes(deps))
    app.register_blueprint(station_routes(deps))
    app.register_blueprint(completeness_routes(deps))
    app.register_blueprint(area_routes(deps, look))
    app.register_blueprint(chart_routes(deps))
    app.register_blueprint(zone_routes(deps))
    app.register_blueprint(map_routes(deps, look))
    app.register_blueprint(threshold_routes(deps))
    app.register_blueprint(product_routes(deps))
    app.register_blueprint(drift_routes(deps))
    app.register_blueprint(threshold_page_routes(deps, look))
    app.register_blueprint(vehicle_routes(deps))
    app.register_blueprint(track_routes(deps))
    app.register_blueprint(vehicle_page_routes(deps, look))
    app.register_blueprint(provider_routes(deps, look))
    app.register_blueprint(registry_routes(deps, look))
    app.register_blueprint(archive_routes(deps))
    app.register_blueprint(annex_routes(deps))
    app.register_blueprint(annex_case_routes(deps))
    app.register_blueprint(annex_page_routes(deps, look))
    app.register_blueprint(notice_routes(deps))
    app.register_blueprint(sample_routes(deps))
    app.register_blueprint(sample_pages(deps, look))
    app.register_blueprint(notice_pages(deps, look))
    app.register_blueprint(limit_routes(deps, look))
    app.register_blueprint(forward_routes(deps, look))
    app.register_blueprint(action_routes(deps))
    app.register_blueprint(live_routes(deps))
    app.register_blueprint(description_routes(look))
    app.register_blueprint(air_routes(deps, look))
    app.register_blueprint(page_routes(deps, look))
    app.register_blueprint(station_page_routes(deps, look))
    app.register_blueprint(report_routes(deps, look))
    app.register_blueprint(registration_routes(deps, look))
    app.register_blueprint(review_routes(deps))
    app.register_blueprint(journal_routes(deps))
    app.register_blueprint(shift_routes(deps))
    app.register_blueprint(review_page_routes(deps, look))
    app.register_blueprint(wall_routes(deps, board, look))
    _guard(app, deps)
    _refuse(app, look)
    app.after_request(hardening(deps.options.tiles_origin))
    return app


def _guard(app: Quart, deps: WebDeps) -> None:
    accesses = access_table()

    @app.before_request
    async def guard() -> Redirect | None:
        if request.url_rule is None:
            return None
        if request.endpoint != "static":
            g.person = await identify(deps)
        method = "GET" if request.method in ("HEAD", "OPTIONS") else request.method
        access = accesses.get((method, request.url_rule.rule))
        if access is None:
            raise Refusal(403, "unknown_route", "no rule opens this path")
        person = g.get("person")
        check(person, access, request.method)
        if request.url_rule.rule == "/" and person is not None and person.scope is not None:
            return redirect(HOME)
        await admit(person, access, request.url_rule.rule, request.view_args or {})
        return None


def _refuse(app: Quart, look: Look) -> None:
    async def refused(refusal: Refusal) -> Response:
        is_machine = request.path.startswith(("/api/", "/healthz", "/readyz", "/metrics"))
        return refuse(refusal) if is_machine else await look.refusal_page(refusal)

    @app.errorhandler(Refusal)
    async def on_refusal(refusal: Refusal) -> Response:
        return await refused(refusal)

    @app.errorhandler(StoreError)
    async def on_store_error(error: StoreError) -> Response:
        return await refused(Refusal(503, "store", str(error), retry_after_s=30))

    @app.errorhandler(HTTPException)
    async def on_http_error(error: HTTPException) -> Response:
        word = error.name.lower().replace(" ", "_")
        return await refused(Refusal(error.code or 500, word, error.description or error.name))

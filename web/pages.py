"""The pages of the whole box: what a person sees. They read through the same faces as the API and change nothing."""

from quart import Blueprint, Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from web.asking import page
from web.deps import WebDeps
from web.look import LANGUAGE_COOKIE, Look, local_url
from web.words import LANGUAGES

YEAR_S = 365 * 86400
LOG_SHOWN = 200


def forwarder_states(deps: WebDeps) -> dict[str, str]:
    """How the actor of each destination stands: one that was stopped is started, any other restarted or stopped."""
    return {
        view.id.partition(":")[2]: str(view.actor) for view in deps.board.services() if view.id.startswith("forwarder:")
    }


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
            response.set_cookie(LANGUAGE_COOKIE, code, max_age=YEAR_S, samesite="Lax")
        return response

    @routes.get("/")
    async def live() -> Response:
        return await look.page("live.html")

    @routes.get("/destinations")
    async def destinations() -> Response:
        return await look.page("destinations.html", forwards=deps.board.forwards(), services=forwarder_states(deps))

    @routes.get("/log")
    async def log() -> Response:
        window = page(LOG_SHOWN)
        rows = await queries.audit_log(window.limit, window.offset)
        return await look.page("log.html", rows=rows, window=window, count=await queries.audit_count())

    @routes.get("/users")
    async def users() -> Response:
        return await look.page("users.html", users=await queries.users())

    return routes

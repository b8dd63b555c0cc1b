"""What an operator does to an actor: restart, stop, start; each goes to the audit log with its outcome."""

from collections.abc import Awaitable, Callable

from quart import Blueprint, Response

from actors.board import Outcome
from web.access import person_asking
from web.answers import answer
from web.deps import WebDeps
from web.refusals import not_found
from web.shapes import outcome_shape

Act = Callable[[str, str], Awaitable[Outcome]]


def action_routes(deps: WebDeps) -> Blueprint:
    """Routes that act."""
    routes = Blueprint("actions", __name__, url_prefix="/api/v1/actors/<path:actor_id>")

    async def carry_out(act: Act, word: str, actor_id: str) -> Response:
        person = person_asking()
        try:
            outcome = await act(actor_id, person.name)
        except KeyError as error:
            raise not_found("actor", actor_id, "id") from error
        detail = f"{outcome.state}, {outcome.took_ms:.0f} ms, lost {outcome.lost}, reread {outcome.reread}"
        await deps.audit(person.name, word, actor_id, detail)
        return answer(outcome_shape(outcome))

    @routes.post("/restart")
    async def restart(actor_id: str) -> Response:
        return await carry_out(deps.controls.restart, "restart", actor_id)

    @routes.post("/stop")
    async def stop(actor_id: str) -> Response:
        return await carry_out(deps.controls.stop, "stop", actor_id)

    @routes.post("/start")
    async def start(actor_id: str) -> Response:
        return await carry_out(deps.controls.start, "start", actor_id)

    return routes

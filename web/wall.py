"""The wall screen: a page for a screen that nobody touches, opened by a link that is hard to guess and changes nothing.

The link is made of the key that signs sessions, so it outlives a restart and every session; whoever may see the whole
console finds it on `/wall`. A new key (and a restart) makes every old link worthless.
Invariant: the server pushes the whole view; the page keeps no state that could grow old unseen.
"""

import asyncio
import hmac
from collections.abc import AsyncIterator

from quart import Blueprint, Response

from actors.board import Board, Event
from storage.notices import open_count
from storage.review import Asked
from storage.review_cases import case_count
from web.deps import WebDeps
from web.live import Streams
from web.look import Look
from web.refusals import Refusal
from web.wall_view import wall_view

MOST_WALLS = 20
TICK_S, TICKS_AROUND = 2.0, 5
"""The board is looked at each tick; what waits for a person, a question to the store, each so many."""


def wall_token(secret_key: bytes) -> str:
    """The part of the link that is hard to guess."""
    return hmac.new(secret_key, b"wall", "sha256").hexdigest()[:32]


def wall_routes(deps: WebDeps, board: Board, look: Look) -> Blueprint:
    """Routes of the wall screen; `board` shows all, whoever asks."""
    routes = Blueprint("wall", __name__)
    streams, known = Streams(MOST_WALLS), wall_token(deps.options.secret_key)

    def check(token: str) -> None:
        if not hmac.compare_digest(token.encode(), known.encode()):
            raise Refusal(404, "not_found", "no wall screen has this link", "token")

    @routes.get("/wall")
    async def link() -> Response:
        return await look.page("wall_link.html", link=f"/wall/{known}")

    @routes.get("/wall/<token>")
    async def page(token: str) -> Response:
        check(token)
        return await look.page("wall.html", token=token)

    @routes.get("/wall/<token>/events")
    async def events(token: str) -> Response:
        check(token)
        streams.admit()
        return streams.push(follow(deps, board), deps.now)

    return routes


async def follow(deps: WebDeps, board: Board) -> AsyncIterator[Event]:
    """The view again and again, for as long as somebody looks."""
    number, waiting = 0, dict[str, int]()
    while True:
        if number % TICKS_AROUND == 0:
            waiting = {"review": await case_count(Asked()), "notices": await open_count()}
        number += 1
        view = wall_view(
            deps.now(),
            board.sources(),
            board.census("vehicle"),
            board.services(),
            board.forwards(),
            board.balance(),
            dict(waiting),
        )
        yield Event(number, "wall", view)
        await asyncio.sleep(TICK_S)

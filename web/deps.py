"""What the console is built from: faces of other parts, handed in by the composition root.

Invariant: web/ holds no data of its own; it asks the board, reads through the queries, and acts through the controls.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from actors.board import Board, Controls
from storage.models import FileRow, UserRow
from storage.queries import Queries
from web.options import WebOptions

Audit = Callable[[str, str, str, str], Awaitable[None]]
"""Writes one line of the audit log: user, action, target, detail."""


class Users(Protocol):
    """The people at the console."""

    async def verify_user(self, name: str, password: str) -> UserRow | None: ...

    async def make_token(self, user: UserRow, name: str) -> str: ...

    async def user_of_token(self, token: str) -> UserRow | None: ...


@dataclass(frozen=True, slots=True)
class WebDeps:
    """Everything the console needs."""

    board: Board
    controls: Controls
    queries: Queries
    users: Users
    audit: Audit
    raw_reader: Callable[[FileRow], Awaitable[bytes]]
    now: Callable[[], float]
    options: WebOptions

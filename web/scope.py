"""What a person may see of the whole: all of it, or the vehicles of one company, department, terminal or provider.

This is the one place that narrows. A path that `REACHES` does not name is closed to a person with a scope, so a new
route is closed to them until somebody says how it is narrowed; the board itself is seen through `ScopedBoard`.

Invariant: what lies outside of a scope answers as if it were not there.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any

from quart import g

from actors.board import (
    Balance,
    Board,
    Census,
    Concern,
    Event,
    ForwardView,
    Health,
    ServiceView,
    SourceDetail,
    SourceView,
)
from actors.messages import ViolationFound
from actors.rules.identity import clean_identity
from storage.registry import is_within, plates_of
from storage.scopes import Scope
from web.access import Access, Person, maybe_person
from web.refusals import Refusal, not_found
from web.summary import count_sources

VEHICLE = "vehicle:"
KEPT_S = 10.0
"""So long the plates of a scope are remembered."""


class Reach(StrEnum):
    """How a path is narrowed for a person with a scope."""

    OPEN = "open"
    """It speaks of the asking person, or of nothing."""
    PLATE = "plate"
    """It names one vehicle."""
    SOURCE = "source"
    """It names one source."""
    PROVIDER = "provider"
    """It names one provider."""
    BOARD = "board"
    """It reads the board, which is narrowed."""
    LIST = "list"
    """It asks `scope_asking` for its rows."""


REACHES: dict[str, Reach] = {
    "/api/v1/logout": Reach.OPEN,
    "/api/v1/me": Reach.OPEN,
    "/api/v1/tokens": Reach.OPEN,
    "/api/v1/sources": Reach.BOARD,
    "/api/v1/sources/<path:source_id>": Reach.SOURCE,
    "/api/v1/summary": Reach.BOARD,
    "/api/v1/events": Reach.BOARD,
    "/api/v1/vehicles": Reach.LIST,
    "/api/v1/vehicles/<path:plate>/identity": Reach.PLATE,
    "/api/v1/vehicles/<path:plate>/track": Reach.PLATE,
    "/api/v1/vehicles/<path:plate>/waypoints": Reach.PLATE,
    "/api/v1/vehicles/<path:plate>/waypoints/<int:row>/raw": Reach.PLATE,
    "/api/v1/vehicles/<path:plate>/violations": Reach.PLATE,
    "/api/v1/providers": Reach.LIST,
    "/api/v1/providers/<name>": Reach.PROVIDER,
    "/api/v1/map": Reach.LIST,
    "/api/v1/map/events": Reach.LIST,
    "/api/v1/zones": Reach.OPEN,
    "/api/v1/reports": Reach.OPEN,
    "/api/v1/reports/<int:number>": Reach.LIST,
    "/api/v1/reports/<int:number>/excel": Reach.LIST,
    "/api/v1/reports/indicators": Reach.LIST,
    "/api/v1/reports/violations": Reach.LIST,
    "/api/v1/reports/days": Reach.LIST,
    "/api/v1/reports/hours": Reach.LIST,
    "/map": Reach.LIST,
    "/reports": Reach.LIST,
    "/reports/<int:number>": Reach.LIST,
    "/reports/violations": Reach.LIST,
    "/reports/days": Reach.LIST,
    "/reports/indicators": Reach.LIST,
    "/vehicles": Reach.LIST,
    "/vehicles/<path:plate>": Reach.PLATE,
    "/providers": Reach.LIST,
    "/providers/<name>": Reach.PROVIDER,
}
HOME = "/vehicles"
"""Where a person with a scope begins."""


def scope_asking() -> Scope | None:
    """The scope of the person asking; None for one who sees all."""
    person = maybe_person()
    return None if person is None else person.scope


def is_open(rule: str) -> bool:
    """Whether the person asking reaches this path at all."""
    return scope_asking() is None or rule in REACHES


def sees_sender(provider: str) -> bool:
    """Whether the person asking sees what this provider sent: a provider sees nothing of another's."""
    scope = scope_asking()
    return scope is None or scope.kind != "provider" or scope.name == provider


async def admit(person: Person | None, access: Access, rule: str, named: Mapping[str, Any]) -> None:
    """Let a request of a person with a scope pass, or raise Refusal."""
    scope = None if person is None else person.scope
    if scope is None or access is Access.PUBLIC:
        return
    reach = REACHES.get(rule)
    if reach is None:
        raise Refusal(403, "scope", f"this account sees the vehicles of the {scope.kind} {scope.name!r} only", "scope")
    if scope.is_unsettled and reach is not Reach.OPEN:
        raise _unsettled(scope)
    if reach is Reach.PLATE and not await is_within(scope, clean_identity(str(named["plate"]))):
        raise not_found("vehicle", str(named["plate"]), "plate")
    if reach is Reach.SOURCE:
        source_id = str(named["source_id"])
        if not source_id.startswith(VEHICLE) or not await is_within(scope, source_id.removeprefix(VEHICLE)):
            raise not_found("source", source_id, "id")
    if reach is Reach.PROVIDER and (scope.kind, scope.name) != ("provider", str(named["name"])):
        raise not_found("provider", str(named["name"]), "name")
    if reach is Reach.BOARD:
        g.plates = await plates_of(scope)


def _unsettled(scope: Scope) -> Refusal:
    departments = ", ".join(name or "-" for name in scope.among)
    detail = (
        f"several departments have a company {scope.name!r} ({departments}), and nobody said which is this account's; "
        "an administrator says it: trambox user scope NAME --company COMPANY --department DEPARTMENT"
    )
    told = {"company": scope.name, "departments": departments}
    return Refusal(403, "scope", detail, "scope", code="unsettled_company", told=told)


class ScopedBoard:
    """The board as the person asking may see it; the very board for one without a scope."""

    def __init__(self, board: Board, now: Callable[[], float]) -> None:
        self._board = board
        self._now = now

    def sources(
        self, kind: str = "", state: str = "", q: str = "", plates: Collection[str] | None = None
    ) -> list[SourceView]:
        if scope_asking() is None:
            return self._board.sources(kind, state, q, plates)
        own: frozenset[str] = g.get("plates", frozenset())
        return self._board.sources(kind, state, q, own if plates is None else own.intersection(plates))

    def census(self, kind: str = "") -> Census:
        return self._board.census(kind) if scope_asking() is None else count_sources(self.sources(kind))

    async def source(self, source_id: str) -> SourceDetail | None:
        return await self._board.source(source_id)

    def open_violations(self, source_id: str) -> list[ViolationFound]:
        return self._board.open_violations(source_id)

    def services(self) -> list[ServiceView]:
        return self._board.services() if scope_asking() is None else []

    def forwards(self) -> list[ForwardView]:
        return self._board.forwards() if scope_asking() is None else []

    def concerns(self) -> list[Concern]:
        return self._board.concerns() if scope_asking() is None else []

    def balance(self) -> Balance:
        return self._board.balance()

    def health(self) -> Health:
        return self._board.health()

    def events(self, after: int | None) -> AsyncIterator[Event]:
        """Must be called while the request is at hand; what it gives may be read later."""
        scope, events = scope_asking(), self._board.events(after)
        return events if scope is None else narrowed(events, lambda: plates_of(scope), self._now)


def is_seen(source_id: str, plates: Iterable[str]) -> bool:
    """Whether a source is one of these vehicles."""
    return source_id.startswith(VEHICLE) and source_id.removeprefix(VEHICLE) in plates


async def narrowed(
    events: AsyncIterator[Event], ask: Callable[[], Awaitable[frozenset[str]]], now: Callable[[], float]
) -> AsyncIterator[Event]:
    """Events of vehicles within a scope; the plates are asked for anew after a while."""
    plates: frozenset[str] = frozenset()
    asked_s = float("-inf")
    try:
        async for event in events:
            if event.kind == "resync":
                yield event
                continue
            if now() - asked_s > KEPT_S:
                plates, asked_s = await ask(), now()
            if is_seen(str(event.data.get("source") or event.data.get("id") or ""), plates):
                yield event
    finally:
        await events.aclose()  # type: ignore[attr-defined]  # the board's events are a generator

"""An in-memory board and controls that keep the promises of actors/board.py."""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from typing import Any

from actors.board import (
    Balance,
    Census,
    Concern,
    Event,
    ForwardView,
    Health,
    Outcome,
    ServiceView,
    SourceDetail,
    SourceView,
)
from actors.messages import DroveStretch, ViolationFound
from protocols.vocabulary import ActorState, DeliveryState, Flag, Freshness
from web.summary import count_sources

NOW_S = 1_763_610_972.0
"""2025-11-20 10:56:12 in Vietnam."""
WORST_FIRST = [Freshness.SILENT, Freshness.LATE, Freshness.BACKFILLING, Freshness.NEVER_SEEN, Freshness.FRESH]


def make_source(source_id: str, kind: str, name: str, **changes: Any) -> SourceView:
    """A source that is well, unless `changes` says otherwise."""
    well = SourceView(
        source_id, kind, name, Freshness.FRESH, ActorState.RUNNING, NOW_S - 60, int(NOW_S) - 120, NOW_S + 240, 0.99,
        Flag.GOOD, False, DeliveryState.CURRENT,
    )  # fmt: skip
    return replace(well, **changes)


class FakeBoard:
    """A board that a test changes and pushes from."""

    def __init__(self, sources: list[SourceView]) -> None:
        self.by_id = {view.id: view for view in sources}
        self.health_now = Health(True)
        self.concerns_now: list[Concern] = []
        self.listening = asyncio.Event()
        self.stopped_by: dict[str, str] = {}
        self.running: dict[str, list[ViolationFound]] = {}
        self.stretches: dict[str, DroveStretch] = {}
        self.service_views = [
            ServiceView("intake:ftp", "FTP", ActorState.RUNNING, 0, None, "127.0.0.1:2121", {"sessions": 3}),
            ServiceView("forwarder:csgt", "csgt", ActorState.RUNNING, 1, None, "amqp", {"sent": 90}),
        ]
        self.forward_views = [
            ForwardView("csgt", "waypoints", DeliveryState.QUEUED, 6, 4.2, "", 0, 1.3, 100, 90, 4, 0.4, 120.0),
        ]
        self.balance_now = Balance(
            True,
            {"received": 12, "stored": 9, "duplicate": 2, "refused": 1},
            {"received": 100, "stored": 100, "duplicate": 0, "refused": 0},
            {"csgt": {"due": 100, "forwarded": 90, "waiting": 6, "refused": 4}},
        )
        self._log: list[Event] = []
        self._changed = asyncio.Condition()

    def census(self, kind: str = "") -> Census:
        return count_sources(self.sources(kind))

    def sources(
        self, kind: str = "", state: str = "", q: str = "", plates: Collection[str] | None = None
    ) -> list[SourceView]:
        def matches(view: SourceView) -> bool:
            if plates is not None and view.id.removeprefix("vehicle:") not in plates:
                return False
            is_kind = kind in ("", view.kind, view.id.partition(":")[0])
            return (
                is_kind and state in ("", view.freshness, view.actor) and q.lower() in f"{view.id} {view.name}".lower()
            )

        found = [view for view in self.by_id.values() if matches(view)]
        return sorted(found, key=lambda view: (WORST_FIRST.index(view.freshness), view.id))

    async def source(self, source_id: str) -> SourceDetail | None:
        view = self.by_id.get(source_id)
        if view is None:
            return None
        values: list[dict[str, Any]] = [{"parameter": "COD", "value": 41.5, "time_s": int(NOW_S)}]
        counters = {"received": 7}
        if view.kind == "vehicle":
            place = {"lon": 105.8, "lat": 21.02, "heading_deg": None}
            values = [{"time_s": int(NOW_S), "speed_kmh": 41.5, **place, "driver": "", "limit_kmh": 50.0}]
            counters |= {"ahead": 0, "out_of_order": 1, "backlog": 2}
        crashes = [{"at_ms": 1000, "reason": "x"}]
        return SourceDetail(view, counters, values, 2, self.stopped_by.get(source_id, ""), None, crashes)

    def open_violations(self, source_id: str) -> list[ViolationFound]:
        return self.running.get(source_id, [])

    def services(self) -> list[ServiceView]:
        return self.service_views

    def forwards(self) -> list[ForwardView]:
        return self.forward_views

    def concerns(self) -> list[Concern]:
        return self.concerns_now

    def balance(self) -> Balance:
        return self.balance_now

    def health(self) -> Health:
        return self.health_now

    async def events(self, after: int | None) -> AsyncIterator[Event]:
        last = len(self._log) if after is None else after
        self.listening.set()
        while True:
            while len(self._log) <= last:
                async with self._changed:
                    await self._changed.wait()
            for event in self._log[last:]:
                last = event.id
                yield event

    async def push(self, kind: str, data: dict[str, Any]) -> None:
        """Say that something changed."""
        async with self._changed:
            self._log.append(Event(len(self._log) + 1, kind, data))
            self._changed.notify_all()

    async def change(self, source_id: str, **changes: Any) -> None:
        """Change a source's freshness and push the flip."""
        before = self.by_id[source_id].freshness
        after = self.by_id[source_id] = replace(self.by_id[source_id], **changes)
        flip = {"source": source_id, "was": before, "now": after.freshness, "at_s": NOW_S, "reason": "no file"}
        await self.push("flip", flip)


class FakeControls:
    """Controls that obey at once and remember who asked."""

    def __init__(self, board: FakeBoard) -> None:
        self._board = board
        self.asked: list[tuple[str, str, str]] = []

    async def restart(self, actor_id: str, by: str) -> Outcome:
        self._obey("restart", actor_id, by, ActorState.RUNNING)
        return Outcome(38.4, ActorState.RUNNING, 2)

    async def stop(self, actor_id: str, by: str) -> Outcome:
        self._obey("stop", actor_id, by, ActorState.STOPPED)
        self._board.stopped_by[actor_id] = by
        return Outcome(3.0, ActorState.STOPPED, 0)

    async def start(self, actor_id: str, by: str) -> Outcome:
        self._obey("start", actor_id, by, ActorState.RUNNING)
        return Outcome(5.0, ActorState.RUNNING, 1)

    def _obey(self, verb: str, actor_id: str, by: str, state: ActorState) -> None:
        services = {view.id for view in self._board.services()}
        if actor_id not in services:
            self._board.by_id[actor_id] = replace(self._board.by_id[actor_id], actor=state)
        self.asked.append((verb, actor_id, by))

"""The live board: asks the registry and the actors when it is asked, and pushes what changed at most once a second."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from typing import Any

from actors.board import Balance, Census, Concern, Event, ForwardView, Health, ServiceView, SourceDetail, SourceView
from actors.census import FleetCensus
from actors.counters import Counters
from actors.events import Events
from actors.exceeding import NOTHING, GoingOn
from actors.kernel.actor import SourceActor
from actors.kernel.clock import Now
from actors.kernel.registry import Registry
from actors.kernel.services import Services
from actors.kernel.supervisor import Supervisor
from actors.messages import DroveStretch, Flipped, ViolationFound
from actors.station import StationActor
from actors.station_view import (
    badness,
    station_values,
    station_view,
    vehicle_values,
    vehicle_view,
)
from actors.vehicle import VehicleActor
from actors.vehicle_findings import effect_of
from protocols.vocabulary import ActorState, DeliveryState, DestinationKind
from storage.audit import running

DELIVERY_RANK = (DeliveryState.REFUSED, DeliveryState.BLOCKED, DeliveryState.QUEUED, DeliveryState.CURRENT)
MOST_PUSHED = 200
"""Lines in one tick; a browser that shows more than these sees the others with their next change."""
FLIPS_PUSHED, FLOOD_TICKS = 200, 5
"""Changes of standing that are pushed by themselves in a tick. Of a flood (a provider of thousands falls silent)
whoever listens is told to read anew instead: when it is over, and every so many ticks while it lasts."""
PUSHED_AT_ONCE = 20
"""Lines in a second that do not wait for its end: somebody may be watching for a file."""


class Panel:
    """The board of the running process (actors/board.py).

    Args:
        forwarders: destination name -> its view.
        names: station code -> its name for people.
        health: what keeps the box from accepting and storing; empty = nothing.
    """

    def __init__(
        self,
        now: Now,
        registry: Registry,
        supervisor: Supervisor,
        services: Services,
        counters: Counters,
        events: Events,
        forwarders: Callable[[], Mapping[str, Callable[[], ForwardView]]],
        names: Mapping[str, str],
        health: Callable[[], list[str]],
    ) -> None:
        self._now = now
        self._registry = registry
        self._supervisor = supervisor
        self._services = services
        self._counters = counters
        self._events = events
        self._forwarders = forwarders
        self._names = names
        self._health = health
        self._changed: dict[str, SourceActor] = {}
        self.going_on: Callable[[int], GoingOn] = lambda station_id: NOTHING
        self.concerned: list[Callable[[], list[Concern]]] = []
        """Who else is asked what somebody must look at."""
        self._at_once = PUSHED_AT_ONCE
        self._flips = self._flood = 0
        self._asked_s = 0.0
        self._standing: list[tuple[str, str, DeliveryState]] = []
        self._census = FleetCensus(registry, self.view)

    def view(self, actor: SourceActor) -> SourceView:
        """One source's line."""
        if isinstance(actor, VehicleActor):
            return vehicle_view(actor, self._delivery(DestinationKind.WAYPOINTS, None))
        assert isinstance(actor, StationActor)
        delivery = self._delivery(DestinationKind.FILES, actor.profile.destinations)
        name, going_on = self._names.get(actor.profile.code, ""), self.going_on(actor.profile.station_id)
        return station_view(actor, name, delivery, 0, self._now(), going_on)

    def _delivery(self, kind: DestinationKind, names: tuple[str, ...] | None) -> DeliveryState:
        """The worst state of the destinations that a source's data go to; asked of them once a second."""
        now_s = self._now()
        if now_s - self._asked_s > 1.0:
            self._asked_s = now_s
            self._standing = [(view.name, view.kind, view.state) for view in self.forwards()]
        states = {
            state for name, of_kind, state in self._standing if of_kind == kind and (names is None or name in names)
        }
        return next((state for state in DELIVERY_RANK if state in states), DeliveryState.NONE)

    def sources(
        self, kind: str = "", state: str = "", q: str = "", plates: Collection[str] | None = None
    ) -> list[SourceView]:
        """Sources, worst first."""
        wanted = q.casefold()
        found = []
        for actor in self._candidates(state, wanted, plates):
            if kind and not _is_kind(actor, kind):
                continue
            view = self.view(actor)
            if state and state not in (view.freshness, view.actor):
                continue
            if wanted and wanted not in view.id.casefold() and wanted not in view.name.casefold():
                continue
            found.append(view)
        return sorted(found, key=badness)

    def _candidates(self, state: str, wanted: str, plates: Collection[str] | None) -> Iterable[SourceActor]:
        """Who may be on a list: all, or of a great fleet the stations and so many vehicles as a list can show."""
        if plates is not None:
            return filter(None, (self._registry.get(f"vehicle:{plate}") for plate in plates))
        return self._census.listed(state, wanted) if self._census.is_great else self._registry

    def census(self, kind: str = "") -> Census:
        """How many sources stand how."""
        return self._census.taken(kind)

    async def source(self, source_id: str) -> SourceDetail | None:
        """One source with all that is known of it now."""
        actor = self._registry.get(source_id)
        if actor is None:
            return None
        record = self._supervisor.record(source_id)
        if isinstance(actor, VehicleActor):
            values = vehicle_values(actor)
            counters = {
                "received": actor.received,
                "ahead": actor.ahead,
                "out_of_order": actor.out_of_order,
                "backlog": actor.backlog,
            }
        else:
            assert isinstance(actor, StationActor)
            tending = self.going_on(actor.profile.station_id).tending
            values, counters = station_values(actor, tending), {"files": actor.files}
        crashes = [
            {"at_s": crash.at_s, "reason": crash.reason, "seq": crash.seq, "set_aside": crash.set_aside}
            for crash in (record.crashes if record else ())
        ]
        return SourceDetail(
            view=self.view(actor),
            counters=counters,
            last_values=values,
            restarts=record.total_restarts if record else 0,
            stopped_by=record.stopped_by if record else "",
            next_try_s=record.next_try_s if record else None,
            crashes=crashes,
        )

    def open_violations(self, source_id: str) -> list[ViolationFound]:
        """A vehicle's running cases, provisional until they end."""
        actor = self._registry.get(source_id)
        if not isinstance(actor, VehicleActor) or actor.touched_s:
            return []
        found = [effect_of(actor.vehicle_id, one) for one in actor.rules.unfinished()]
        return [case for case in found if isinstance(case, ViolationFound)]

    def stretch(self, source_id: str) -> DroveStretch | None:
        """Who drove a vehicle last, as far as it is proven."""
        actor = self._registry.get(source_id)
        if not isinstance(actor, VehicleActor) or actor.touched_s or (stretch := actor.rules.stretch) is None:
            return None
        return DroveStretch(actor.vehicle_id, *stretch)

    def services(self) -> list[ServiceView]:
        """Intakes, forwarders, clocks."""
        return [
            ServiceView(
                id=service.spec.id,
                name=service.spec.name,
                actor=service.state,
                restarts=service.record.total_restarts,
                next_try_s=service.record.next_try_s,
                detail=service.record.crashes[-1].reason if service.record.crashes else "",
                statistics=service.spec.statistics(),
            )
            for service in self._services
        ]

    def forwards(self) -> list[ForwardView]:
        """Destinations."""
        return [ask() for ask in self._forwarders().values()]

    def concerns(self) -> list[Concern]:
        """What somebody must look at although the box works."""
        late = [concern for view in self.forwards() if (concern := lateness(view)) is not None]
        return [*late, *(concern for ask in self.concerned for concern in ask())]

    def balance(self) -> Balance:
        """The conservation strip, from the running counters."""
        sums = running(self._counters.snapshot(), self._forwarders())
        return Balance(sums.balanced, sums.files, sums.waypoints, sums.destinations)

    def health(self) -> Health:
        """Whether the box can accept and store."""
        reasons = self._health()
        return Health(not reasons, reasons)

    def events(self, after: int | None) -> AsyncIterator[Event]:
        """Pushed changes."""
        return self._events.follow(after)

    def changed(self, actor: SourceActor) -> None:
        """A source received something or changed: push its line with the next tick.

        A station's file is told at once as well, where there are few, and once more when it has been judged.
        """
        self._changed[actor.id] = actor
        if self._at_once > 0 and self._events.heard and isinstance(actor, StationActor):
            self._at_once -= 1
            self._events.push("received", shape(self.view(actor)))

    def flipped(self, flip: Flipped) -> None:
        """A source stands otherwise, and that is stored."""
        self._flips += 1
        if self._flips <= FLIPS_PUSHED:
            self._events.push("flip", flip._asdict())
        self.changed_source(flip.source)

    def changed_source(self, source_id: str) -> None:
        """The same, by the source's id."""
        if (actor := self._registry.get(source_id)) is not None:
            self.changed(actor)

    def tick(self) -> None:
        """Push the strip and the lines that changed; called once a second."""
        changed, self._changed = self._changed, {}
        self._census.step()
        self._events.tick()
        self._at_once = PUSHED_AT_ONCE
        flips, self._flips = self._flips, 0
        if not self._events.heard:
            if changed:
                self._events.unheard()
            return
        self._tell_flood(flips)
        for actor in list(changed.values())[:MOST_PUSHED]:
            self._events.push("received", shape(self.view(actor)))
        balance = self.balance()
        forwards = [{**shape(view), "waiting": view.due - view.forwarded - view.refused} for view in self.forwards()]
        for forward in forwards:
            self._events.push("forward", forward)
        self._events.push(
            "strip",
            {
                "balanced": balance.balanced,
                "files": balance.files,
                "waypoints": balance.waypoints,
                "destinations": balance.destinations,
            },
        )

    def _tell_flood(self, flips: int) -> None:
        over = flips > FLIPS_PUSHED
        self._flood += over
        if self._flood and (not over or self._flood >= FLOOD_TICKS):
            self._flood = 0
            self._events.push("resync", {})

    def actor_moved(self, actor_id: str, state: ActorState) -> None:
        """Push an actor's new state at once."""
        if not self._events.heard:
            self._events.unheard()
            return
        actor = self._registry.get(actor_id)
        self._events.push("actor", shape(self.view(actor)) if actor else {"id": actor_id, "actor": str(state)})


def lateness(view: ForwardView) -> Concern | None:
    """What there is to say of a destination that misses its deadline, or is about to."""
    limit_s, oldest_s = view.deadline_s, view.oldest_age_s or 0.0
    if limit_s is None:
        return None
    overdue = oldest_s > limit_s
    if not view.deadline_misses_today and not overdue and (view.p99_s or 0.0) <= limit_s:
        return None
    told: dict[str, float | int | str] = {
        "misses": view.deadline_misses_today,
        "limit_s": limit_s,
        "oldest_s": round(oldest_s, 1),
    }
    if view.p99_s is not None:
        told["p99_s"] = round(view.p99_s, 1)
    return Concern("forward_late", view.name, told)


def shape(view: Any) -> dict[str, Any]:
    """A slotted view as a mapping."""
    return {name: getattr(view, name) for name in view.__slots__}


def _is_kind(actor: SourceActor, kind: str) -> bool:
    if isinstance(actor, StationActor):
        return kind in ("station", actor.profile.kind)
    return kind == "vehicle"

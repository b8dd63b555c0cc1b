"""What the wall screen shows, as one value: a handful of numbers, and what is wrong, worst first. Pure.

Invariant: what is wrong is never hidden by how much of it there is: what has no line of its own is counted below.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from actors.board import Balance, Census, ForwardView, ServiceView, SourceView
from protocols.times import iso
from protocols.vocabulary import ActorState, DeliveryState, Freshness
from web.summary import count_sources

LINES = 7
VEHICLE = "vehicle:"
RUNNING = (ActorState.RUNNING, ActorState.BEHIND, ActorState.STARTING)
DATA_RANK = {Freshness.SILENT: 60, Freshness.LATE: 30}
ACTOR_RANK = {ActorState.QUARANTINED: 70, ActorState.BACKING_OFF: 40, ActorState.STOPPED: 25}
DELIVERY_RANK = {DeliveryState.REFUSED: 50, DeliveryState.BLOCKED: 20}
EXCEEDING_RANK, SERVICE_RANK = 45, 80
RED = 45


def rank_of(view: SourceView) -> int:
    """How bad a source stands; 0 is well."""
    return max(
        DATA_RANK.get(view.freshness, 0),
        ACTOR_RANK.get(view.actor, 0),
        DELIVERY_RANK.get(view.delivery, 0),
        EXCEEDING_RANK if view.exceeding else 0,
    )


def wall_view(
    now_s: float,
    sources: Sequence[SourceView],
    fleet: Census,
    services: Iterable[ServiceView],
    forwards: Sequence[ForwardView],
    balance: Balance,
    waiting: dict[str, int],
) -> dict[str, Any]:
    """Everything on the wall; `waiting` is what waits for a person, by the page it waits on."""
    stations = count_sources(view for view in sources if not view.id.startswith(VEHICLE))
    idle = [_service_line(view) for view in services if view.actor not in RUNNING]
    stuck = [_forward_line(view) for view in forwards if view.state in DELIVERY_RANK]
    bad = [_source_line(view) for view in sources if rank_of(view)]
    lines = sorted([*idle, *stuck, *bad], key=lambda line: (-line["rank"], line["kind"] == "vehicle", line["since"]))
    return {
        "now": iso(int(now_s)),
        "balanced": balance.balanced,
        "stations": _counted(stations),
        "vehicles": _counted(fleet),
        "forwards": [{"name": view.name, "state": str(view.state), "queued": view.queued} for view in forwards],
        "waiting": waiting,
        "lines": lines[:LINES],
        "more": max(0, len(lines) - LINES),
    }


def _counted(census: Census) -> dict[str, int]:
    return {"total": census.total, **census.freshness, "exceeding": census.exceeding}


def _source_line(view: SourceView) -> dict[str, Any]:
    return {
        "kind": str(view.kind),
        "title": view.name or view.id.partition(":")[2],
        "data": str(view.freshness),
        "actor": "" if view.actor in RUNNING else str(view.actor),
        "delivery": str(view.delivery) if view.delivery in DELIVERY_RANK else "",
        "exceeding": view.exceeding,
        "since": "" if view.last_seen_s is None else iso(int(view.last_seen_s)),
        "rank": rank_of(view),
    }


def _service_line(view: ServiceView) -> dict[str, Any]:
    kind, _, name = view.id.partition(":")
    return _other(kind, name or kind, SERVICE_RANK) | {"actor": str(view.actor)}


def _forward_line(view: ForwardView) -> dict[str, Any]:
    return _other("forwarder", view.name, DELIVERY_RANK[view.state]) | {"delivery": str(view.state)}


def _other(kind: str, title: str, rank: int) -> dict[str, Any]:
    return {"kind": kind, "title": title, "data": "", "actor": "", "delivery": "", "exceeding": False, "since": "",
            "rank": rank}  # fmt: skip

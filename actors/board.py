"""The board: what the console shows, as plain values; nobody here decides anything.

`Board` is the read face that web/ is written against; the live one asks the registry and the actors when it is called
and pushes only what changed.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from actors.messages import ViolationFound
from protocols.vocabulary import ActorState, DeliveryState, ExceedanceLevel, Flag, Freshness


@dataclass(frozen=True, slots=True)
class SourceView:
    """One station or vehicle in the list. `last_seen` is the receipt, `last_time` the observation (epoch seconds)."""

    id: str
    kind: str
    name: str
    freshness: Freshness
    actor: ActorState
    last_seen_s: float | None
    last_time_s: int | None
    deadline_s: float | None
    completeness_24h: float | None
    worst_flag: Flag | None
    exceeding: bool
    delivery: DeliveryState
    queued: int = 0
    exceedance: ExceedanceLevel = ExceedanceLevel.WITHIN
    """Of a station: the worst of its last values and means against their limits."""


@dataclass(frozen=True, slots=True)
class ServiceView:
    """One intake, forwarder or clock: `intake:ftp`, `forwarder:bo`, `clock:hourly`."""

    id: str
    name: str
    actor: ActorState
    restarts: int
    next_try_s: float | None
    detail: str
    statistics: dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class ForwardView:
    """How a destination stands."""

    name: str
    kind: str
    state: DeliveryState
    queued: int
    oldest_age_s: float | None
    last_error: str
    deadline_misses_today: int
    p99_s: float | None
    due: int
    forwarded: int
    refused: int
    p50_s: float | None = None
    """This and `p99_s` are of today (Vietnamese time); None where nothing was sent."""
    deadline_s: float | None = None
    """Within which each item must be there; misses are counted against it."""
    late_days: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many came too late on each of the last days, today first."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What somebody must look at although the box works: `kind`, what it is about, and what is told of it."""

    kind: str
    about: str
    told: dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class SourceDetail:
    """The page of one source."""

    view: SourceView
    counters: dict[str, int]
    last_values: list[dict[str, Any]]
    restarts: int
    stopped_by: str
    next_try_s: float | None
    crashes: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Event:
    """A pushed change: `flip, received, forward, actor, strip, resync`; ids ascend without holes."""

    id: int
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operator's action did: `took_ms`, the state after it, and how many journal rows were re-read."""

    took_ms: float
    state: ActorState
    reread: int
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """The conservation strip: every received item has one fate, every due item is somewhere."""

    balanced: bool
    files: dict[str, int]
    waypoints: dict[str, int]
    destinations: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Census:
    """How many sources stand how; every state is named, also where none has it."""

    total: int
    freshness: dict[str, int]
    kinds: dict[str, int]
    actors: dict[str, int]
    exceeding: int


@dataclass(frozen=True, slots=True)
class Health:
    """Readiness: able to accept and store; `reasons` says why not."""

    ready: bool
    reasons: list[str] = field(default_factory=list)


class Board(Protocol):
    """Read face. Plain methods are cheap and synchronous; coroutines may ask the database."""

    def sources(
        self, kind: str = "", state: str = "", q: str = "", plates: Collection[str] | None = None
    ) -> list[SourceView]:
        """Worst first; `kind` is `station` or `vehicle` or a station kind, `state` a freshness or an actor state.

        Args:
            plates: only these vehicles, and no station. Of a great fleet, else, not all vehicles are listed.
        """
        ...

    def census(self, kind: str = "") -> Census:
        """How many sources stand how, of all or of a kind as in `sources`; of a great fleet, some minutes ago."""
        ...

    async def source(self, source_id: str) -> SourceDetail | None: ...

    def open_violations(self, source_id: str) -> list[ViolationFound]:
        """A vehicle's running cases, provisional until they end."""
        ...

    def services(self) -> list[ServiceView]: ...

    def forwards(self) -> list[ForwardView]: ...

    def concerns(self) -> list[Concern]: ...

    def balance(self) -> Balance: ...

    def health(self) -> Health: ...

    def events(self, after: int | None) -> AsyncIterator[Event]:
        """Events after an id, then live ones; a `resync` event first where that id is too old to be replayed."""
        ...


class Controls(Protocol):
    """Write face: what an operator's click does. Raises KeyError for an unknown id."""

    async def restart(self, actor_id: str, by: str) -> Outcome: ...

    async def stop(self, actor_id: str, by: str) -> Outcome: ...

    async def start(self, actor_id: str, by: str) -> Outcome: ...

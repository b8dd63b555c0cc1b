"""How many sources stand how, and which vehicles stand worst: of a small house at once, of a great fleet in slices.

Some thousands of vehicles are looked at each second, between other work: the numbers of a million are three minutes old
at most. Nobody is woken for it: what was told of a sleeping vehicle is how it stands.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import nsmallest
from itertools import chain, islice

from actors.board import Census, SourceView
from actors.fleet import Sleeper
from actors.kernel.actor import NEVER_S, SourceActor
from actors.kernel.registry import Registry
from actors.station_view import RANK, shown
from actors.vehicle import VehicleActor
from protocols.vocabulary import ActorState, Freshness

GREAT, SLICE, WORST = 20_000, 5_000, 1_000
"""From so many sources on a fleet is great; sources a slice; vehicles of a great fleet that a list shows."""
FIRST_SLICES = 4
"""The first look goes so much faster: until it is through, only those are counted that were looked at."""

Seen = SourceActor | Sleeper
Standing = tuple[str, Freshness, ActorState, bool]
"""Kind, freshness, the actor's state, exceeding."""


class FleetCensus:
    """Looks through the registry.

    Args:
        view: a station's line; a vehicle's is not made for a number.
    """

    def __init__(self, registry: Registry, view: Callable[[SourceActor], SourceView]) -> None:
        self._registry = registry
        self._view = view
        self._rest: Iterator[Seen] = iter(())
        self._going: Counter[Standing] = Counter()
        self._going_worst: list[VehicleActor | Sleeper] = []
        self._taken: Counter[Standing] | None = None
        self.worst: list[VehicleActor | Sleeper] = []
        """Of a great fleet the vehicles that stand worst, by the last census."""

    @property
    def is_great(self) -> bool:
        """Whether there are too many to look at all of them for one who asks."""
        return len(self._registry) > GREAT

    def taken(self, kind: str = "") -> Census:
        """The numbers: of now, or of the last time that a great fleet was looked through."""
        if not self.is_great:
            return census_of(Counter(map(self._standing, self._registry)), kind)
        return census_of(self._going if self._taken is None else self._taken, kind)

    def listed(self, state: str, wanted: str) -> Iterator[SourceActor]:
        """The stations, and the vehicles that stand worst or the first that are as asked for; never all."""
        stations = (actor for actor in self._registry.awake() if not isinstance(actor, VehicleActor))
        found: Iterable[Seen] = self.worst
        if state or wanted:
            asked = (
                one
                for one in self._registry.seen()
                if wanted in one.id.casefold()
                and isinstance(one, VehicleActor | Sleeper)
                and (not state or state in (shown(one.told, one.state), one.state))
            )
            found = islice(asked, WORST)
        return chain(stations, filter(None, (self._registry.get(one.id) for one in found)))

    def step(self) -> None:
        """Look at the next slice of a great fleet; called once a second."""
        if not self.is_great:
            return
        some = list(islice(self._rest, SLICE if self._taken is not None else SLICE * FIRST_SLICES))
        if not some:
            if self._going:
                self._taken, self.worst = self._going, self._going_worst
            self._rest, self._going, self._going_worst = self._registry.seen(), Counter(), []
            return
        self._going.update(map(self._standing, some))
        vehicles = (one for one in some if isinstance(one, VehicleActor | Sleeper))
        self._going_worst = nsmallest(WORST, chain(self._going_worst, vehicles), key=_badness)

    def _standing(self, one: Seen) -> Standing:
        if isinstance(one, VehicleActor | Sleeper):
            return "vehicle", shown(one.told, one.state), one.state, is_exceeding(one)
        return standing_of(self._view(one))


def is_exceeding(actor: VehicleActor | Sleeper) -> bool:
    """Whether a vehicle drives too fast now; one that sleeps does not drive."""
    return isinstance(actor, VehicleActor) and actor.packed is None and actor.rules.speed.open_case is not None


def census_of(standings: Mapping[Standing, int], kind: str = "") -> Census:
    """Add up by each side; `kind` is `station`, `vehicle` or a station's kind, empty for all."""
    kinds, freshness, actors = Counter[str](), Counter[str](), Counter[str]()
    exceeding = 0
    for (of_kind, fresh, actor, over), count in standings.items():
        if kind in ("", of_kind) or (kind == "station" and of_kind != "vehicle"):
            kinds[of_kind] += count
            freshness[fresh] += count
            actors[actor] += count
            exceeding += count * over
    return Census(
        kinds.total(),
        {state.value: freshness[state] for state in Freshness},
        dict(kinds),
        {state.value: actors[state] for state in ActorState},
        exceeding,
    )


def standing_of(view: SourceView) -> Standing:
    """How a line stands."""
    return view.kind, view.freshness, view.actor, view.exceeding


def _badness(actor: VehicleActor | Sleeper) -> tuple[int, float]:
    """Worst first, as `station_view.badness` orders lines."""
    state = actor.state
    rank = 0 if state is ActorState.QUARANTINED else RANK[shown(actor.told, state)]
    if rank > 1 and (state in (ActorState.BACKING_OFF, ActorState.BEHIND) or is_exceeding(actor)):
        rank = 1
    return rank, actor.deadline_s if actor.deadline_s < NEVER_S else 0.0

"""Who lives here: source actors by id, services by id. The registry is an argument, never a global."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Protocol

from actors.kernel.actor import SourceActor


class Sleepers(Protocol):
    """Sources without an actor: one is made, and added to the registry, when it is asked for."""

    @property
    def asleep(self) -> int:
        """How many there are."""
        ...

    def rouse(self, actor_id: str) -> SourceActor | None:
        """Make the actor of one; None where there is none of this id."""
        ...

    def seen(self) -> Iterator[Any]:
        """What can be seen of each without making its actor."""
        ...

    def rouse_all(self) -> Iterator[SourceActor]:
        """Make them all, one after the other."""
        ...


class Registry:
    """Source actors by id, in the order they came."""

    def __init__(self) -> None:
        self._sources: dict[str, SourceActor] = {}
        self.sleepers: Sleepers | None = None

    def add(self, actor: SourceActor) -> None:
        """Add an actor; its id must be new."""
        if actor.id in self._sources:
            raise ValueError(f"an actor {actor.id} lives here already")
        self._sources[actor.id] = actor

    def get(self, actor_id: str) -> SourceActor | None:
        """Find an actor, or None."""
        actor = self._sources.get(actor_id)
        return self.sleepers.rouse(actor_id) if actor is None and self.sleepers is not None else actor

    def awake(self) -> list[SourceActor]:
        """Those that have an actor."""
        return list(self._sources.values())

    def seen(self) -> Iterator[Any]:
        """Everybody, without making an actor for those who have none."""
        return chain(self.awake(), () if self.sleepers is None else self.sleepers.seen())

    def __iter__(self) -> Iterator[SourceActor]:
        """Everybody; whoever has no actor gets one."""
        awake = self.awake()
        return iter(awake) if self.sleepers is None else chain(awake, self.sleepers.rouse_all())

    def __len__(self) -> int:
        return len(self._sources) + (0 if self.sleepers is None else self.sleepers.asleep)

"""Who lives here: source actors by id, services by id. The registry is an argument, never a global."""

from collections.abc import Iterator
from typing import Any

from actors.kernel.actor import SourceActor


class Registry:
    """Source actors by id, in the order they came."""

    def __init__(self) -> None:
        self._sources: dict[str, SourceActor[Any]] = {}

    def add(self, actor: SourceActor[Any]) -> None:
        """Add an actor; its id must be new."""
        if actor.id in self._sources:
            raise ValueError(f"an actor {actor.id} lives here already")
        self._sources[actor.id] = actor

    def get(self, actor_id: str) -> SourceActor[Any] | None:
        """Find an actor, or None."""
        return self._sources.get(actor_id)

    def __iter__(self) -> Iterator[SourceActor[Any]]:
        return iter(list(self._sources.values()))

    def __len__(self) -> int:
        return len(self._sources)

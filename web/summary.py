"""Counts the sources for the counters on top of the live page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from actors.board import SourceView
from protocols.vocabulary import ActorState, Freshness


@dataclass(frozen=True, slots=True)
class Summary:
    """How many sources stand how; every state is named, also where none has it."""

    total: int
    freshness: dict[str, int]
    kinds: dict[str, int]
    actors: dict[str, int]
    exceeding: int


def count_sources(views: Sequence[SourceView]) -> Summary:
    """Count."""
    freshness, actors = Counter(view.freshness for view in views), Counter(view.actor for view in views)
    return Summary(
        len(views),
        {state.value: freshness[state] for state in Freshness},
        dict(Counter(view.kind for view in views)),
        {state.value: actors[state] for state in ActorState},
        sum(view.exceeding for view in views),
    )

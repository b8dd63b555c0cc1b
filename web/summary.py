"""Counts lines that somebody sees, as the board counts its sources."""

from collections import Counter
from collections.abc import Iterable

from actors.board import Census, SourceView
from actors.census import census_of, standing_of


def count_sources(views: Iterable[SourceView]) -> Census:
    """Count."""
    return census_of(Counter(map(standing_of, views)))

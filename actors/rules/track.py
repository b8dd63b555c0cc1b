"""A vehicle's track as the rules want it: one message per instant, in order of time.

Messages arrive twice and in any order; the first arrival of an instant wins. Recomputation after a backlog starts here.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple


class TrackMessage(NamedTuple):
    """What a waypoint says, cleaned, with the limit at its place."""

    received_s: float
    time_s: int
    speed_kmh: float | None
    lat: float | None
    lon: float | None
    driver: str
    limit_kmh: float | None


def arrange(messages: Iterable[TrackMessage]) -> list[TrackMessage]:
    """Bring one vehicle's messages, given in order of arrival, into order of time."""
    first: dict[int, TrackMessage] = {}
    for message in messages:
        first.setdefault(message.time_s, message)
    return sorted(first.values(), key=attrgetter("time_s"))

"""What is counted of each provider's day: messages by fate and waypoints by fault, with the day's first example.

Invariant: a count is written in the transaction that stores what it counts; one row per kind and read of a socket,
never one per message.
"""

from collections.abc import Iterable
from enum import StrEnum

from protocols.times import day_start
from storage.writer import Unit


class Lapse(StrEnum):
    """What a provider owes besides messages without visible faults (TT 09/2015/TT-BGTVT Điều 4 khoản 1 and 3)."""

    NO_LICENCE = "no_licence"
    OUT_OF_ORDER = "out_of_order"


LONGEST_PLATE, LONGEST_EXAMPLE = 64, 200


class ProviderCounts:
    """The counts of one read of a socket."""

    __slots__ = ("_kinds", "_provider_id", "_received_ms")

    def __init__(self, provider_id: int, received_ms: int) -> None:
        self._provider_id = provider_id
        self._received_ms = received_ms
        self._kinds: dict[str, tuple[int, str, str]] = {}

    def note(self, kind: str, by: int = 1, plate: str = "", example: str = "") -> None:
        """Count something; the first plate and example of a kind stay."""
        if by:
            count, first_plate, first = self._kinds.get(kind, (0, _shown(plate, LONGEST_PLATE), example))
            self._kinds[kind] = (count + by, first_plate, first)

    def faults(self, kinds: Iterable[str], plate: str, example: str) -> None:
        """Count the faults of one waypoint."""
        for kind in kinds:
            self.note(str(kind), 1, plate, example)

    def write(self, unit: Unit) -> None:
        """Put the counts into the unit that stores what they count."""
        at_ms, provider_id = self._received_ms, self._provider_id
        day_s = day_start(at_ms // 1000)
        for kind, (count, plate, example) in self._kinds.items():
            key = f"{provider_id}:{day_s}:{kind}"
            shown = _shown(example, LONGEST_EXAMPLE)
            unit.add("provider_days", (key, provider_id, day_s, kind, count, at_ms, plate, shown, at_ms))


def _shown(text: str, longest: int) -> str:
    """Text that any store takes."""
    return "".join(char if char.isprintable() else "?" for char in text[:longest])

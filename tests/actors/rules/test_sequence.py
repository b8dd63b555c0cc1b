"""Order of arrival."""

import pytest

from actors.rules.identity import clean_identity
from actors.rules.sequence import Arrival, Sequence
from tests.actors.rules.tracks import Vector, limits, name_of, vectors

LATENCY_S = limits().transmission.resend_latency_s


@pytest.mark.parametrize("vector", vectors("sequence"), ids=name_of)
def test_messages_are_placed_as_expected(vector: Vector) -> None:
    found: dict[str, dict[str, list[int]]] = {}
    sequences: dict[str, tuple[Sequence, set[int], list[Arrival]]] = {}
    for raw in vector["messages"]:
        plate = clean_identity(raw["plate"])
        sequence, known, placed = sequences.setdefault(plate, (Sequence(LATENCY_S), set(), []))
        placed.append(sequence.push(raw["t"], raw["arrival"], known.__contains__))
        known.add(raw["t"])
    for plate, (_, _, placed) in sequences.items():
        found[plate] = {
            arrival: [index for index, one in enumerate(placed) if one is arrival]
            for arrival in (Arrival.OUT_OF_ORDER, Arrival.BACKLOG, Arrival.DUPLICATE)
        }
    assert found == vector["expected"]["sequence"]


def test_what_is_known_is_asked_only_below_the_mark() -> None:
    asked: list[int] = []

    def is_known(time_s: int) -> bool:
        asked.append(time_s)
        return False

    sequence = Sequence(LATENCY_S)
    for time_s in (100, 110, 110, 105):
        sequence.push(time_s, time_s + 1, is_known)
    assert asked == [105]


def test_the_mark_is_the_whole_state() -> None:
    first = Sequence(LATENCY_S)
    first.push(100, 101, lambda _: False)
    assert Sequence(LATENCY_S, first.newest_s).push(100, 102, lambda _: False) is Arrival.DUPLICATE

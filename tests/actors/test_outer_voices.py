"""What is said at an instant: asked once, and anew of whoever changed."""

from math import isnan

import numpy as np
import pytest

from actors.outer_checks import Circle, Node
from actors.outer_columns import Column, Entry
from actors.outer_voices import MOST_INSTANTS, Voices
from tests.actors.outer_kit import CADENCE_S, NOON_S, five

ROWS = np.arange(5)


class Stage:
    """Five stations, and what they say to the first of them, nearest first."""

    def __init__(self) -> None:
        network = five()
        self.nodes: list[Node] = [network[number, "T"] for number in range(1, 6)]
        self.columns = {node: Column() for node in self.nodes}
        self.voices = Voices(self.columns)
        (self.circle,) = self.nodes[0].group.circles.values()

    def say(self, number: int, time_s: int, value: float | None, flag: int = 1, *, told: bool = True) -> Entry:
        node, entry = self.nodes[number - 1], Entry(1, time_s, value, flag)
        self.columns[node].add(entry)
        if told:
            self.voices.came(node.group, time_s, (node,), (entry,))
        return entry

    def heard(self, key: int = NOON_S) -> list[float | None]:
        votes = self.voices.at(self.circle, key).votes(ROWS, None)[0].tolist()
        return [None if isnan(vote) else vote for vote in votes]


@pytest.mark.parametrize("told", [True, False])
def test_a_vote_is_that_of_the_column_whether_its_coming_was_told_or_not(told: bool) -> None:
    stage = Stage()
    stage.say(2, NOON_S, 2.0, told=told)
    stage.say(3, NOON_S - CADENCE_S, 3.0, told=told)
    stage.say(4, NOON_S, 4.0, 3, told=told)
    assert stage.heard() == [2.0, 3.0, None, None]


def test_who_spoke_near_the_instant_is_heard_anew_when_the_instants_own_value_comes() -> None:
    stage = Stage()
    stage.say(2, NOON_S - CADENCE_S, 1.0)
    assert stage.heard() == [1.0, None, None, None]
    stage.say(2, NOON_S - 60, 1.5)
    assert stage.heard() == [1.5, None, None, None]
    stage.say(2, NOON_S, 2.0)
    stage.say(3, NOON_S + 20, 3.0)
    assert stage.heard() == [2.0, 3.0, None, None]
    stage.say(2, NOON_S + 10, 9.0)
    assert stage.heard() == [2.0, 3.0, None, None]


def test_a_vote_is_taken_back_with_its_standing() -> None:
    stage = Stage()
    entry = stage.say(2, NOON_S, 2.0)
    assert stage.heard()[0] == 2.0
    entry.revise(4)
    stage.voices.came(stage.nodes[1].group, NOON_S, (stage.nodes[1],), (entry,))
    assert stage.heard()[0] is None


def test_what_is_kept_is_bounded_and_forgotten_with_the_columns() -> None:
    stage = Stage()
    for slot in range(3 * MOST_INSTANTS):
        stage.say(2, NOON_S + slot * CADENCE_S, float(slot))
        assert stage.heard(NOON_S + slot * CADENCE_S)[0] == float(slot)
    circle: Circle = stage.circle
    assert len(stage.voices.kept(circle)) == MOST_INSTANTS
    stage.voices.forget_before(NOON_S + 1000 * CADENCE_S)
    assert stage.voices.kept(circle) == []

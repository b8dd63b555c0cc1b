"""The bodies of actors: small, and with a budget."""

import sys

import pytest

from actors.kernel.actor import NEVER_S, Intensity, SourceActor
from protocols.vocabulary import ActorState


def test_a_source_actor_has_no_room_for_more_than_its_slots() -> None:
    actor = SourceActor("a")
    assert not hasattr(actor, "__dict__")
    assert sys.getsizeof(actor) < 200


def test_a_source_actor_is_born_starting_and_has_received_nothing() -> None:
    actor = SourceActor("a")
    assert (actor.state, actor.seq, actor.mail, actor.deadline_s) == (ActorState.STARTING, 0, [], NEVER_S)


def test_what_an_actor_decides_must_be_said() -> None:
    actor = SourceActor("a")
    with pytest.raises(NotImplementedError):
        actor.receive(None)
    with pytest.raises(NotImplementedError):
        actor.snapshot()
    with pytest.raises(NotImplementedError):
        actor.restore(None)


def test_back_off_doubles_up_to_a_minute() -> None:
    assert [Intensity().delay_s(restarts) for restarts in (1, 2, 3, 4)] == [0.1, 0.2, 0.4, 0.8]
    assert Intensity().delay_s(11) == Intensity().delay_s(30) == 60.0

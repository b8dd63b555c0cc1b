"""The table of an actor's life."""

import pytest

from actors.kernel.states import TRANSITIONS, IllegalTransition, check
from protocols.vocabulary import ActorState


def test_the_table_knows_every_state() -> None:
    assert set(TRANSITIONS) == set(ActorState)


def test_an_operators_stop_is_possible_from_every_other_state() -> None:
    assert all(ActorState.STOPPED in after for state, after in TRANSITIONS.items() if state is not ActorState.STOPPED)


def test_every_state_leads_back_to_running() -> None:
    reached = {ActorState.RUNNING}
    for _ in ActorState:
        reached |= {state for state, after in TRANSITIONS.items() if after & reached}
    assert reached == set(ActorState)


def test_a_legal_change_gives_the_new_state() -> None:
    assert check(ActorState.STARTING, ActorState.RUNNING) is ActorState.RUNNING


@pytest.mark.parametrize("state", list(ActorState))
def test_nobody_becomes_what_it_is(state: ActorState) -> None:
    with pytest.raises(IllegalTransition):
        check(state, state)


def test_only_a_start_leads_to_running() -> None:
    assert {state for state, after in TRANSITIONS.items() if ActorState.RUNNING in after} == {ActorState.STARTING}

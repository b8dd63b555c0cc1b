"""The life of an actor as a table; anything else is a bug and raises.

starting ──► running ──► behind
    ▲           │ crash     │
    │           ▼           ▼
    └────── backing_off ──► quarantined        an operator's stop leads to `stopped` from anywhere
"""

from protocols.vocabulary import ActorState

S = ActorState

TRANSITIONS: dict[ActorState, frozenset[ActorState]] = {
    S.STARTING: frozenset({S.RUNNING, S.BACKING_OFF, S.QUARANTINED, S.STOPPED}),
    S.RUNNING: frozenset({S.BEHIND, S.STARTING, S.BACKING_OFF, S.QUARANTINED, S.STOPPED}),
    S.BEHIND: frozenset({S.STARTING, S.BACKING_OFF, S.QUARANTINED, S.STOPPED}),
    S.BACKING_OFF: frozenset({S.STARTING, S.QUARANTINED, S.STOPPED}),
    S.QUARANTINED: frozenset({S.STARTING, S.STOPPED}),
    S.STOPPED: frozenset({S.STARTING}),
}


class IllegalTransition(Exception):
    """A state change that the table does not know."""


def check(was: ActorState, now: ActorState) -> ActorState:
    """Give the new state back, or raise IllegalTransition."""
    if now not in TRANSITIONS[was]:
        raise IllegalTransition(f"{was} cannot become {now}")
    return now

"""The life of a connection, both roles: states, steps, and the one table of what may follow what.

A method that is no step of its state is answered with 503 COMMAND_INVALID. CLOSED has no way out.
"""

from enum import Enum, auto

from protocols.amqp.codes import ConnectionFault, ReplyCode


class State(Enum):
    """Where a connection stands."""

    AWAITING_HEADER = auto()
    AWAITING_START_OK = auto()
    AUTHENTICATING = auto()
    AWAITING_TUNE_OK = auto()
    AWAITING_OPEN = auto()
    AWAITING_START = auto()
    AWAITING_TUNE = auto()
    AWAITING_OPEN_OK = auto()
    OPEN = auto()
    CLOSING = auto()
    CLOSED = auto()


class Step(Enum):
    """What moves it on."""

    HEADER = auto()
    START_OK = auto()
    LOGIN_ACCEPTED = auto()
    TUNE_OK = auto()
    OPEN = auto()
    START = auto()
    TUNE = auto()
    OPEN_OK = auto()


TRANSITIONS: dict[tuple[State, Step], State] = {
    # server
    (State.AWAITING_HEADER, Step.HEADER): State.AWAITING_START_OK,
    (State.AWAITING_START_OK, Step.START_OK): State.AUTHENTICATING,
    (State.AUTHENTICATING, Step.LOGIN_ACCEPTED): State.AWAITING_TUNE_OK,
    (State.AWAITING_TUNE_OK, Step.TUNE_OK): State.AWAITING_OPEN,
    (State.AWAITING_OPEN, Step.OPEN): State.OPEN,
    # client
    (State.AWAITING_START, Step.START): State.AWAITING_TUNE,
    (State.AWAITING_TUNE, Step.TUNE): State.AWAITING_OPEN_OK,
    (State.AWAITING_OPEN_OK, Step.OPEN_OK): State.OPEN,
}
"""Besides these: every state but CLOSED may go to CLOSING (close sent) or CLOSED (close received, or dropped)."""


def advance(state: State, step: Step, method: int = 0) -> State:
    """Look up the next state; raises ConnectionFault 503 where the table has none."""
    following = TRANSITIONS.get((state, step))
    if following is None:
        raise ConnectionFault(ReplyCode.COMMAND_INVALID, f"{step.name} while {state.name}", method)
    return following

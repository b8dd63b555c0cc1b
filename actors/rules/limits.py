"""Q17, limit value: an alarm, not quality control. Cmax = C * Kq * Kf (stacks Kp * Kv) where the limit is scaled.

pH, temperature, colour and coliform are not scaled; pH also has a lower end, which is never scaled.
Invariant: a suspect value asks for verification, a failed or missing one says nothing about the limit.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import NamedTuple

from actors.rules.flags import exceeds
from actors.rules.thresholds import require_positive
from protocols.vocabulary import Flag


@dataclass(frozen=True, slots=True)
class Limit:
    """A permitted value in the parameter's unit with its factors; `low` is the lower end of a span, as pH has."""

    value: float
    kq: float = 1.0
    kf: float = 1.0
    scaled: bool = True
    kp: float = 1.0
    kv: float = 1.0
    low: float | None = None

    def __post_init__(self) -> None:
        require_positive(kq=self.kq, kf=self.kf, kp=self.kp, kv=self.kv)

    @property
    def cmax(self) -> float:
        """The highest permitted value. Source: QCVN 40:2011/BTNMT, QCVN 19:2009/BTNMT."""
        return self.value * self.kq * self.kf * self.kp * self.kv if self.scaled else self.value


class Alarm(StrEnum):
    """What a value means against its limit."""

    NONE = "none"
    RAISED = "raised"
    AWAITING_VERIFICATION = "awaiting_verification"


class LimitVerdict(NamedTuple):
    """The limit, whether the number is beyond it (None without one), and what to do about it."""

    cmax: float
    exceeds: bool | None
    alarm: Alarm


def judge_limit(value: float | None, flag: Flag, limit: Limit) -> LimitVerdict:
    """Compare a value and its aggregate flag with its limit."""
    cmax = limit.cmax
    if value is None or not isfinite(value):
        return LimitVerdict(cmax, None, Alarm.NONE)
    beyond = exceeds(value, cmax) or (limit.low is not None and exceeds(limit.low, value))
    if not beyond or flag in (Flag.FAIL, Flag.MISSING):
        return LimitVerdict(cmax, beyond, Alarm.NONE)
    return LimitVerdict(cmax, True, Alarm.AWAITING_VERIFICATION if flag == Flag.SUSPECT else Alarm.RAISED)

"""Q17, limit value: an alarm, not quality control. Cmax = C * Kq * Kf (stacks Kp * Kv) where the limit is scaled.

pH, temperature, colour and coliform are not scaled; pH also has a lower end, which is never scaled. A limit holds for
some averagings and between two days. Before a limit is passed there is a stretch that approaches it: the last
`1 - share` of the way, of a span's width where it has two ends.
Invariant: a suspect value asks for verification, a failed or missing one says nothing about the limit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import inf, isfinite
from typing import NamedTuple

from actors.rules.flags import exceeds
from actors.rules.oxygen import REFUSED_FROM_O2
from actors.rules.thresholds import require_positive
from protocols.vocabulary import Flag

APPROACH_SHARE = 0.9
"""No rule says when a value approaches its limit (docs/decisions/0010): a setting of each limit, `approach`."""


class Averaging(StrEnum):
    """What a limit is held against: a value as it came, or a mean."""

    INSTANT = "instant"
    HOUR = "hour"
    EIGHT_HOURS = "8h"
    DAY = "day"
    YEAR = "year"


WATCHED = (Averaging.INSTANT, Averaging.HOUR, Averaging.DAY)
"""Where a permit's limit is held against values, unless it says otherwise. Source: NĐ 08/2022/NĐ-CP art. 97 (day)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A permitted value in the parameter's unit with its factors; `low` is the lower end of a span, as pH has.

    `value` is infinite where only a lower end is given (dissolved oxygen). `valid_to_s` is the first moment after it.
    `o2_ref`: the share of oxygen (%) that a stack's value is brought to before it is compared, not from
    `o2_refused_from` on. `tendency_s`: how far ahead a tendency is looked for (actors/rules/tendency.py), None for not.
    """

    value: float = inf
    kq: float = 1.0
    kf: float = 1.0
    scaled: bool = True
    kp: float = 1.0
    kv: float = 1.0
    low: float | None = None
    o2_ref: float | None = None
    averaging: tuple[Averaging, ...] = WATCHED
    valid_from_s: float = -inf
    valid_to_s: float = inf
    approach: float = APPROACH_SHARE
    o2_refused_from: float = REFUSED_FROM_O2
    tendency_s: float | None = None

    def __post_init__(self) -> None:
        require_positive(kq=self.kq, kf=self.kf, kp=self.kp, kv=self.kv)
        if self.low is None and not isfinite(self.value):
            raise ValueError("a limit has neither an upper nor a lower end; give value, lo or hi")
        if self.low is not None and self.low > self.cmax:
            raise ValueError(f"lo = {self.low:g} is over the upper end {self.cmax:g}; swap them or mend one")
        if not 0 < self.approach <= 1:
            raise ValueError(f"approach = {self.approach:g} is no share of the limit; give a number from 0.5 to 1")
        if self.o2_ref is not None and not self.o2_ref < self.o2_refused_from:
            given = f"o2_refused_from = {self.o2_refused_from:g} is not over o2_ref = {self.o2_ref:g}"
            raise ValueError(f"{given}; raise it or leave it away")
        if not self.valid_from_s < self.valid_to_s:
            raise ValueError("valid_to is not after valid_from; swap them or mend one")

    @property
    def cmax(self) -> float:
        """The highest permitted value. Source: QCVN 40:2011/BTNMT, QCVN 19:2009/BTNMT."""
        return self.value * self.kq * self.kf * self.kp * self.kv if self.scaled else self.value

    def holds(self, averaging: Averaging, time_s: float) -> bool:
        """Whether it is held against values of that averaging at that time."""
        return averaging in self.averaging and self.valid_from_s <= time_s < self.valid_to_s

    def is_passed_by(self, value: float) -> bool:
        """Whether a number is outside of what is permitted; exactly at the limit is inside."""
        return exceeds(value, self.cmax) or (self.low is not None and exceeds(self.low, value))

    def is_approached_by(self, value: float) -> bool:
        """Whether a permitted number is on the last part of the way to the limit."""
        low, high, left = self.low, self.cmax, 1 - self.approach
        if low is None:
            return exceeds(value, high - left * abs(high))
        if not isfinite(high):
            return exceeds(low / self.approach, value)
        margin = left * (high - low)
        return exceeds(value, high - margin) or exceeds(low + margin, value)


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
    beyond = limit.is_passed_by(value)
    if not beyond or flag in (Flag.FAIL, Flag.MISSING):
        return LimitVerdict(cmax, beyond, Alarm.NONE)
    return LimitVerdict(cmax, True, Alarm.AWAITING_VERIFICATION if flag == Flag.SUSPECT else Alarm.RAISED)


def limit_at(limits: Iterable[Limit], averaging: Averaging, time_s: float) -> Limit | None:
    """The limit in force for values of that averaging at that time; of several the last one that is named."""
    found = None
    for limit in limits:
        if limit.holds(averaging, time_s):
            found = limit
    return found

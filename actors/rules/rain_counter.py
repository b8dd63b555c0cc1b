"""The rain_counter rule of Q5 in a stream: a counter that falls without a reset being due is suspect.

A counter is set back at one of the day's reset hours (Việt Nam time): a fall is allowed where such an instant lies
after the value before and not after this one.
"""

from dataclasses import dataclass
from typing import Self

from actors.rules.consistency import ConsistencyRule
from protocols.times import DAY_S, HOUR_S, ICT_OFFSET_S
from protocols.vocabulary import Flag

RESET_HOURS = (19, 0)


@dataclass(frozen=True, slots=True)
class RainCounterThresholds:
    """Hours of the day, Việt Nam time, at which the counter is set back."""

    reset_hours: tuple[int, ...] = RESET_HOURS

    def reset_due(self, from_s: float, to_s: float) -> bool:
        """Say whether a reset lies in (from_s, to_s]."""
        return any(
            (to_s + ICT_OFFSET_S - hour * HOUR_S) // DAY_S > (from_s + ICT_OFFSET_S - hour * HOUR_S) // DAY_S
            for hour in self.reset_hours
        )


CounterSnapshot = tuple[float | None, float]


class RainCounterTest:
    """The counter of one series, fed in time order; state: the last usable value and its time."""

    __slots__ = ("_last_s", "_last_value", "_limits", "_rule")

    def __init__(self, limits: RainCounterThresholds) -> None:
        self._limits = limits
        self._rule = ConsistencyRule.from_table({"rule": "rain_counter"})
        self._last_s: float | None = None
        self._last_value = 0.0

    def push(self, time_s: float, value: float, usable: bool) -> Flag:
        """Judge the next value; the first one is not evaluated."""
        if not usable:
            return Flag.NOT_EVALUATED
        last_s, last_value = self._last_s, self._last_value
        self._last_s, self._last_value = time_s, value
        if last_s is None:
            return Flag.NOT_EVALUATED
        reset_due = float(self._limits.reset_due(last_s, time_s))
        return self._rule.judge({"prev": last_value, "cur": value, "reset_due": reset_due})["r"]

    def state(self) -> CounterSnapshot:
        """Give the state as a plain tuple."""
        return self._last_s, self._last_value

    @classmethod
    def from_state(cls, limits: RainCounterThresholds, state: CounterSnapshot) -> Self:
        """Go on from where a `state()` was taken."""
        test = cls(limits)
        test._last_s, test._last_value = state
        return test

"""The limits of a station beside the newest values that are held against them.

A stack's limit that is told at an oxygen content is shown without a verdict here: its correction is made where
exceedances are found.
Invariant: it shows and compares; an exceedance that counts is found and kept elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from actors.rules.limit_presets import PresetBook
from actors.rules.limit_settling import SettledLimit, limit_in_force, limit_tables, settle_limits
from actors.rules.limits import Alarm, Averaging, judge_limit
from protocols.vocabulary import Flag
from storage.models import ParameterRow


@dataclass(frozen=True, slots=True)
class Measured:
    """A value of an averaging, and when it ended."""

    time_s: int
    value: float | None
    flag: int


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One limit in force; `standing` is `inside, near, over, verify, unfit, none` or `unknown`."""

    parameter: str
    averaging: Averaging
    settled: SettledLimit
    measured: Measured | None
    standing: str

    @property
    def share(self) -> int | None:
        """How much of the upper limit is used, in per cent; None where the value is not fit to tell."""
        cmax = self.settled.limit.cmax
        if (
            self.standing == "unfit"
            or self.measured is None
            or self.measured.value is None
            or not isfinite(cmax)
            or cmax <= 0
        ):
            return None
        return max(0, round(self.measured.value / cmax * 100))


def limit_lines(
    parameters: Sequence[ParameterRow],
    book: PresetBook,
    measured: Mapping[tuple[str, Averaging], Measured],
    now_s: float,
) -> list[LimitLine]:
    """The limits in force, by parameter as registered."""
    lines: list[LimitLine] = []
    for row in parameters:
        settled = settle_limits(limit_tables(row.limit), row.symbol, row.unit, book)
        for averaging in Averaging:
            found = limit_in_force(settled, averaging, now_s)
            if found is not None:
                value = measured.get((row.symbol, averaging))
                lines.append(LimitLine(row.symbol, averaging, found, value, _standing(found, value)))
    return lines


def _standing(settled: SettledLimit, measured: Measured | None) -> str:
    limit = settled.limit
    if measured is None or measured.value is None:
        return "none"
    flag = Flag(measured.flag)
    if flag in (Flag.FAIL, Flag.MISSING):
        return "unfit"
    if limit.o2_ref is not None:
        return "unknown"
    verdict = judge_limit(measured.value, flag, limit)
    if verdict.alarm is Alarm.RAISED:
        return "over"
    if verdict.alarm is Alarm.AWAITING_VERIFICATION:
        return "verify"
    return "near" if limit.is_approached_by(measured.value) else "inside"

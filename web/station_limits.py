"""The limits of a station beside the newest values that are held against them.

A stack's limit that is told at an oxygen content is held against the value at that content, by the O2 of the same
instant or mean; without it the two cannot be compared.
Invariant: it shows and compares; an exceedance that counts is found and kept elsewhere.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from actors.rules.limit_presets import PresetBook
from actors.rules.limit_settling import SettledLimit, limit_in_force, limit_tables, settle_limits
from actors.rules.limits import Alarm, Averaging, judge_limit
from actors.rules.oxygen import Oxygen, at_reference, is_oxygen
from protocols.vocabulary import ExceedanceLevel, Flag
from storage.models import ExceedanceRow, ParameterRow

Place = tuple[str, Averaging]
"""A parameter and what its limit is held against."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value of an averaging, and when it ended."""

    time_s: int
    value: float | None
    flag: int


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One limit in force; `standing` is `inside, tending, near, over, verify, unfit, none` or `unknown`.

    `compared` is the number that is held against it: a stack's at its reference oxygen.
    """

    parameter: str
    averaging: Averaging
    settled: SettledLimit
    measured: Measured | None
    standing: str
    compared: float | None

    @property
    def share(self) -> int | None:
        """How much of the upper limit is used, in per cent; None where the value is not fit to tell."""
        cmax = self.settled.limit.cmax
        if self.standing == "unfit" or self.compared is None or not isfinite(cmax) or cmax <= 0:
            return None
        return max(0, round(self.compared / cmax * 100))


def limit_lines(
    parameters: Sequence[ParameterRow],
    book: PresetBook,
    measured: Mapping[Place, Measured],
    now_s: float,
    tending: Collection[Place] = (),
) -> list[LimitLine]:
    """The limits in force, by parameter as registered; `tending`: those with a tendency to be passed."""
    lines: list[LimitLine] = []
    for row in parameters:
        settled = settle_limits(limit_tables(row.limit), row.symbol, row.unit, book)
        for averaging in Averaging:
            found = limit_in_force(settled, averaging, now_s)
            if found is not None:
                value, place = measured.get((row.symbol, averaging)), (row.symbol, averaging)
                oxygen = None if value is None else _oxygen(measured, averaging, value.time_s)
                standing, compared = _standing(found, value, oxygen)
                standing = "tending" if standing == "inside" and place in tending else standing
                lines.append(LimitLine(row.symbol, averaging, found, value, standing, compared))
    return lines


def tending_of(rows: Collection[ExceedanceRow]) -> set[Place]:
    """Where what goes on among exceedances is a tendency."""
    return {
        (row.parameter, Averaging(row.averaging))
        for row in rows
        if row.end_s is None and row.level == ExceedanceLevel.TENDENCY
    }


def _oxygen(measured: Mapping[Place, Measured], averaging: Averaging, time_s: int) -> Oxygen | None:
    for (symbol, of), each in measured.items():
        if of is averaging and each.time_s == time_s and is_oxygen(symbol):
            return Oxygen(each.value, Flag(each.flag))
    return None


def _standing(settled: SettledLimit, measured: Measured | None, oxygen: Oxygen | None) -> tuple[str, float | None]:
    limit = settled.limit
    if measured is None or measured.value is None:
        return "none", None
    value, flag = measured.value, Flag(measured.flag)
    if flag in (Flag.FAIL, Flag.MISSING):
        return "unfit", value
    if limit.o2_ref is not None:
        corrected, flag = at_reference(value, flag, oxygen, limit.o2_ref, limit.o2_refused_from)
        if corrected is None:
            return "unknown", None
        value = corrected
    match judge_limit(value, flag, limit).alarm:
        case Alarm.RAISED:
            return "over", value
        case Alarm.AWAITING_VERIFICATION:
            return "verify", value
        case Alarm.NONE:
            return "near" if limit.is_approached_by(value) else "inside", value

"""The temporal tests written a second time, slowly and straight from their definitions, to be compared with."""

from math import isfinite

from actors.rules.flags import EPS
from actors.rules.flat_line import FlatLineThresholds
from actors.rules.spike import SpikeThresholds
from actors.rules.step import StepThresholds
from protocols.vocabulary import Flag
from tests.actors.rules.vector_files import Series


def is_missing(value: float | None) -> bool:
    return value is None or not isfinite(value)


def slow_steps(series: Series, limits: StepThresholds) -> list[Flag]:
    """The pseudo code of Q6, line by line."""
    flags: list[Flag] = []
    reference: tuple[float, float] | None = None
    failed = 0
    for time_s, value, usable in series:
        if value is None or is_missing(value):
            flags.append(Flag.MISSING)
            continue
        if not usable:
            flags.append(Flag.NOT_EVALUATED)
            continue
        if reference is None or time_s - reference[0] > limits.max_gap_s:
            flags.append(Flag.NOT_EVALUATED)
            reference, failed = (time_s, value), 0
            continue
        apart_s = time_s - reference[0]
        weight = 0.0 if apart_s <= 600 else (apart_s - 600) / 3000
        assert limits.s10 is not None and limits.s60 is not None and limits.f10 is not None and limits.f60 is not None
        suspect = limits.s10 + (limits.s60 - limits.s10) * weight
        fail = limits.f10 + (limits.f60 - limits.f10) * weight
        change = abs(value - reference[1])
        if change - fail > EPS:
            flags.append(Flag.FAIL)
            failed += 1
            if failed == limits.reanchor:
                reference, failed = (time_s, value), 0
            continue
        flags.append(Flag.SUSPECT if change - suspect > EPS else Flag.GOOD)
        reference, failed = (time_s, value), 0
    return flags


def slow_spikes(series: Series, limits: SpikeThresholds) -> list[Flag]:
    """Q7 by looking at each value's two neighbours in the whole series."""

    def serves(here: int, there: int) -> bool:
        if not 0 <= there < len(series):
            return False
        time_s, value, usable = series[there]
        return not is_missing(value) and usable and abs(time_s - series[here][0]) <= limits.max_gap_s

    flags: list[Flag] = []
    for index, (_, value, usable) in enumerate(series):
        if value is None or is_missing(value):
            flags.append(Flag.MISSING)
        elif not (usable and serves(index, index - 1) and serves(index, index + 1)):
            flags.append(Flag.NOT_EVALUATED)
        else:
            before, after = series[index - 1][1], series[index + 1][1]
            assert before is not None and after is not None
            rise, fall = value - before, after - value
            height = min(abs(rise), abs(fall)) if rise * fall < 0 else 0.0
            assert limits.sus is not None and limits.fail is not None
            grade = Flag.SUSPECT if height - limits.sus > EPS else Flag.GOOD
            flags.append(Flag.FAIL if height - limits.fail > EPS else grade)
    return flags


def slow_flat_lines(series: Series, limits: FlatLineThresholds) -> list[Flag]:
    """Q8 by scanning the window of each value."""
    flags: list[Flag] = []
    run: list[tuple[float, float]] = []
    exclude = limits.exclude
    for time_s, value, usable in series:
        if value is None or is_missing(value):
            flags.append(Flag.MISSING)
            continue
        if not usable:
            flags.append(Flag.NOT_EVALUATED)
            continue
        below = exclude is not None and exclude.le is not None and value - exclude.le <= EPS
        above = exclude is not None and exclude.ge is not None and exclude.ge - value <= EPS
        if below or above:
            run = []
            flags.append(Flag.GOOD)
            continue
        if run and time_s - run[-1][0] > limits.max_gap_s:
            run = []
        run.append((time_s, value))
        flag = Flag.GOOD
        for duration_s, grade in ((limits.sus_s, Flag.SUSPECT), (limits.fail_s, Flag.FAIL)):
            if duration_s is None or run[0][0] > time_s - duration_s:
                continue
            window = [v for t, v in run if t >= time_s - duration_s]
            if len(window) >= 3 and limits.tol - (max(window) - min(window)) > EPS:
                flag = grade
        flags.append(flag)
    return flags

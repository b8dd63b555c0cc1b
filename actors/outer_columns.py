"""The judged values of series over a stretch of time, and what the outer tests say of them.

Of the records of an instant the first is active. A neighbour speaks with its value nearest in time, of two equally near
the older one. A check of sums has one verdict for all values of its hour.
Invariant: a verdict is a function of the values in the columns, in whatever order they came.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite, isnan

from actors.outer_checks import Check, Circle, Node
from actors.rules.consistency import ConsistencyRule
from actors.rules.model import ModelThresholds, judge_model
from actors.rules.spatial import SpatialThresholds, judge_votes, transform_of
from protocols.vocabulary import Flag

SUM_SHARE = 0.75
"""An hour's sum needs this share of its values."""
UNREACHED = 1 << 62
NAN = float("nan")
WORST_VOTER = int(Flag.NOT_EVALUATED)
"""Of the flags up to this one, GOOD and NOT_EVALUATED, a value may speak for others."""


class Entry:
    """One active value: its row, value, own flag and the outer nibbles it stands with.

    `value` is a finite number or None; `vote`, what it says to others: the value where it may vote, else NaN.
    """

    __slots__ = ("flag", "outer", "row", "time_s", "value", "vote")

    def __init__(self, row: int, time_s: int, value: float | None, flag: int, outer: int = 0) -> None:
        self.row = row
        self.time_s = time_s
        self.value = value
        self.flag = flag
        self.outer = outer
        self.vote: float = NAN if value is None or flag > WORST_VOTER else value

    def revise(self, flag: int) -> None:
        """Take another flag of its own."""
        self.flag = flag
        self.vote = NAN if self.value is None or flag > WORST_VOTER else self.value


def may_vote(flag: int) -> bool:
    """A value that is suspect, failed or missing is no reference for others."""
    return flag <= WORST_VOTER


class Column:
    """One series: entries by time."""

    __slots__ = ("entries", "times")

    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}
        self.times: list[int] = []

    def add(self, entry: Entry) -> bool:
        """Keep a value; False where its instant has one already."""
        if entry.time_s in self.entries:
            return False
        self.entries[entry.time_s] = entry
        times = self.times
        if not times or entry.time_s > times[-1]:
            times.append(entry.time_s)
        else:
            insort(times, entry.time_s)
        return True

    def nearest(self, time_s: int, within_s: float) -> Entry | None:
        """The value nearest in time, of two equally near ones the older."""
        times = self.times
        if times and (last_s := times[-1]) <= time_s:
            return self.entries[last_s] if time_s - last_s <= within_s else None
        found = self.entries.get(time_s)
        if found is not None:
            return found
        at = bisect_left(times, time_s)
        before_s = time_s - times[at - 1] if at else UNREACHED
        after_s = times[at] - time_s if at < len(times) else UNREACHED
        if min(before_s, after_s) > within_s:
            return None
        return self.entries[times[at - 1] if before_s <= after_s else times[at]]

    def reach(self, time_s: int) -> tuple[float, float]:
        """The instants (low, high] for which a value at `time_s` is the nearest one of this series."""
        times = self.times
        last = len(times) - 1
        at = last if last >= 0 and times[last] == time_s else bisect_left(times, time_s)
        low = (times[at - 1] + time_s) / 2 if at else -UNREACHED
        return low, (time_s + times[at + 1]) / 2 if at < last else UNREACHED

    def low(self, time_s: int) -> float:
        """Where the reach of a value at `time_s` begins."""
        times = self.times
        if len(times) > 1 and times[-1] == time_s:
            return (times[-2] + time_s) / 2
        return self.reach(time_s)[0]

    def between(self, low: float, high: float) -> list[int]:
        """The times in (low, high]."""
        times = self.times
        at = bisect_right(times, low)
        return times[at : bisect_right(times, high, at)]

    def drop_before(self, time_s: int) -> None:
        """Forget what is older."""
        at = bisect_left(self.times, time_s)
        for old in self.times[:at]:
            del self.entries[old]
        del self.times[:at]


Columns = Mapping[Node, Column]
EMPTY = Column()


def key_of(check: Check | Circle, time_s: int) -> int:
    """What a value at this time is judged with: its instant, or the end of its hour."""
    return time_s if not check.sum_s else -(-time_s // check.sum_s) * check.sum_s


def keys_fed(columns: Columns, source: Node, time_s: int) -> Iterator[tuple[Check, int]]:
    """The keys, of all checks that a source feeds, whose verdict may hang on its value of one instant."""
    low, high = columns.get(source, EMPTY).reach(time_s)
    for check in source.feeds:
        if check.sum_s:
            yield check, key_of(check, time_s)
            continue
        for key in columns.get(check.target, EMPTY).between(*span_reached(check.circle, time_s, low, high)):
            yield check, key


def span_reached(circle: Circle, time_s: int, low: float, high: float) -> tuple[float, float]:
    """The keys (from, to] that a source's value speaks to, being the nearest one of its series within (low, high]."""
    within_s = circle.dt_max_s
    return max(low, time_s - within_s - 0.5), min(high, time_s + within_s)


def judge(check: Check, key: int, columns: Columns) -> list[tuple[Entry, Flag]]:
    """The verdict on each value that the key stands for."""
    column = columns.get(check.target)
    if column is None:
        return []
    if check.sum_s:
        return _judge_sum(check, key, column, columns)
    entry = column.entries.get(key)
    if entry is None:
        return []
    if check.test == "works":
        rules = (each for each in check.target.checks if each.test == "works")
        return [(entry, max(_judge_work(each, entry, columns) for each in rules))]
    return [(entry, _judge_instant(check, entry, columns))]


def _judge_instant(check: Check, entry: Entry, columns: Columns) -> Flag:
    value, limits = entry.value, check.limits
    if value is None or not isfinite(value):
        return Flag.MISSING
    time_s, within_s = entry.time_s, check.dt_max_s
    if isinstance(limits, ModelThresholds):
        transform = transform_of(limits.transform)
        ((node, factor),) = check.sources
        found = columns.get(node, EMPTY).nearest(time_s, within_s)
        said = None if found is None or isnan(found.vote) else transform(found.vote * factor)
        return judge_model(transform(value), said, limits)
    assert isinstance(limits, SpatialThresholds)
    most = limits.n_max
    votes: list[float] = []
    for node, shift in check.sources:
        found = columns.get(node, EMPTY).nearest(time_s, within_s)
        if found is not None and not isnan(found.vote):
            votes.append(found.vote + shift)
            if len(votes) == most:
                break
    if limits.transform != "identity":
        transform = transform_of(limits.transform)
        value, votes = transform(value), [transform(vote) for vote in votes]
    return judge_votes(value, votes, limits).flag


def _judge_sum(check: Check, key: int, column: Column, columns: Columns) -> list[tuple[Entry, Flag]]:
    members = [column.entries[time_s] for time_s in column.between(key - check.sum_s, key)]
    limits = check.limits
    assert isinstance(limits, SpatialThresholds)
    own = _sum((each for each in members if each.flag != Flag.FAIL), check.target, check.sum_s)
    flag = Flag.NOT_EVALUATED
    if own is not None:
        votes: list[float] = []
        for node, _ in check.sources:
            others = columns.get(node, EMPTY)
            found = [others.entries[time_s] for time_s in others.between(key - check.sum_s, key)]
            total = _sum(found, node, check.sum_s) if all(may_vote(each.flag) for each in found) else None
            if total is not None:
                votes.append(transform_of(limits.transform)(total))
            if len(votes) == limits.n_max:
                break
        flag = judge_votes(transform_of(limits.transform)(own), votes, limits).flag
    return [(entry, flag if entry.value is not None else Flag.MISSING) for entry in members]


def _sum(members: Iterable[Entry], node: Node, sum_s: int) -> float | None:
    """The sum of an hour; None where too few values stand in it."""
    values = [each.value for each in members if each.value is not None and isfinite(each.value)]
    return sum(values) if len(values) >= SUM_SHARE * sum_s / node.cadence_s - 1e-9 and values else None


def _judge_work(check: Check, entry: Entry, columns: Columns) -> Flag:
    if entry.value is None or not isfinite(entry.value):
        return Flag.MISSING
    name, role = check.rule
    rule = ConsistencyRule.from_table({"rule": name})
    record: dict[str, float | None] = {}
    for reads, (node, factor) in zip(rule.kind.reads, check.sources, strict=True):
        found = entry if node is check.target else columns.get(node, EMPTY).nearest(entry.time_s, check.dt_max_s)
        usable = found is not None and found.value is not None and (found is entry or found.flag != Flag.FAIL)
        record[reads] = found.value * factor if usable and found is not None and found.value is not None else None
    return rule.judge(record)[role]

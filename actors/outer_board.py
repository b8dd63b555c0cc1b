"""Which outer tests are due: fed with judged values, asked once a second, it gives the verdicts that changed.

A value is judged half an interval after its slot, when most neighbours have come. What a late neighbour changes is
judged again 20 minutes after the slot, or at once where that is over. A value much older than the newest one is handed
back as `Old`: it must be judged from the store.
Invariant: when nothing is pending, every verdict is that of the sorted whole, in whatever order the values came.
"""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import NamedTuple

from actors.messages import ReadingJudged, ReadingRevised
from actors.outer_columns import UNREACHED, Column, Entry, judge, key_of, keys_fed, may_vote
from actors.outer_network import Check, Network, Node
from actors.rules.flags import OUTER_TESTS, overall, with_verdict
from protocols.verdict import arrival_of
from protocols.vocabulary import Flag

AGAIN_S = 1200
"""When what late neighbours change is judged again. Source: QĐ 338/QĐ-KTTV art. 6.2 (20 minutes)."""
SETTLE_S = 2
"""What comes late waits this long for its companions."""
ROUND_S = 5
"""What late neighbours change is gathered: so often at most is it judged again."""
ACTIVE = ("", "in_order", "late")
"""Of the records of an instant the one that came first."""
RECENT_S = AGAIN_S + 300
"""So far behind the newest value what comes is judged here, and from the store where it is older."""


class Verdict(NamedTuple):
    """An outer test says something new of a stored value; its overall flag `turns`, and maybe to or from FAIL."""

    row: int
    station_id: int
    time_s: int
    test: str
    flag: Flag
    turns: bool
    fails: bool
    parameter: str = ""


class Old(NamedTuple):
    """A value came, or changed, that is older than the board keeps."""

    node: Node
    time_s: int
    row: int


class OuterBoard:
    """The recent values of all series of a network, and what is to be judged when."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.columns: dict[Node, Column] = {node: Column() for node in network.values()}
        self.first_stations: frozenset[int] = frozenset()
        """Judged before all others: stations of a disaster area."""
        span_s = max((_span_s(node) for node in network.values()), default=0)
        self.keep_s = RECENT_S + 3 * span_s + 300
        self.newest_row = 0
        self.newest_s = 0
        self._own: dict[int, set[tuple[Check, int]]] = {}
        self._touched: dict[int, set[tuple[Node, int]]] = {}
        self._oldest_row: dict[int, int] = {}
        self._old: list[Old] = []
        self._pruned_s = 0.0

    def take(self, now_s: float, effects: Iterable[object], rows: Iterable[int]) -> None:
        """Take what actors decided, once it is stored; `rows` are the ids of the judged readings, in their order."""
        find, ids = self.network.get, iter(rows)
        for effect in effects:
            if type(effect) is ReadingJudged:
                row = next(ids)
                node = find((effect.station_id, effect.parameter))
                if node is None:
                    self.newest_row = max(self.newest_row, row)
                elif arrival_of(effect.verdict) in ACTIVE:
                    value = effect.value if effect.value is not None and isfinite(effect.value) else None
                    entry = Entry(row, effect.time_s, value, int(effect.flag))
                    self.arrived(now_s, node, entry)
            elif type(effect) is ReadingRevised and (node := find((effect.station_id, effect.parameter))) is not None:
                self._revised(now_s, node, effect)

    def arrived(self, now_s: float, node: Node, entry: Entry) -> None:
        """A value is new."""
        time_s, row = entry.time_s, entry.row
        self.newest_row = max(self.newest_row, row)
        self.newest_s = max(self.newest_s, time_s)
        if time_s >= self.newest_s - self.keep_s and not self.columns[node].add(entry):
            return
        if time_s < self.newest_s - RECENT_S:
            self._old.append(Old(node, time_s, row))
            return
        for check in node.checks:
            key = key_of(check, time_s)
            at_s = key + node.cadence_s / 2
            due_s = int(at_s if at_s > now_s else now_s + SETTLE_S) + 1
            self._own.setdefault(due_s, set()).add((check, key))
            self._hold(due_s, row)
        if node.feeds:
            self._touch(now_s, node, time_s, row)

    def touch_before(self, now_s: float, node: Node, time_s: int, row: int) -> None:
        """After a kill: the values before a new one may have been revised with it, which nobody told."""
        if node.feeds:
            for before_s in self.columns[node].between(time_s - 2 * node.cadence_s - 1, time_s - 1):
                self._touch(now_s, node, before_s, row)

    def _revised(self, now_s: float, node: Node, effect: ReadingRevised) -> None:
        entry = self.columns[node].entries.get(effect.time_s)
        if effect.time_s < self.newest_s - RECENT_S:
            self._old.append(Old(node, effect.time_s, self.newest_row + 1))
        if entry is None:
            return
        was, entry.flag = entry.flag, int(effect.flag)
        if node.feeds and (may_vote(was), was == Flag.FAIL) != (may_vote(entry.flag), entry.flag == Flag.FAIL):
            self._touch(now_s, node, entry.time_s, self.newest_row)

    def _touch(self, now_s: float, node: Node, time_s: int, row: int) -> None:
        """A source is new or changed: whoever was judged before it must be judged again."""
        low, _ = self.columns[node].reach(time_s, UNREACHED)
        for check in node.feeds:
            last_key = check.last_key
            if (
                (last_key >= key_of(check, time_s))
                if check.sum_s
                else last_key > low and last_key >= time_s - check.dt_max_s
            ):
                due_s = -(-int(max(time_s + AGAIN_S, now_s + SETTLE_S)) // ROUND_S) * ROUND_S + 1
                self._touched.setdefault(due_s, set()).add((node, time_s))
                self._hold(due_s, row)
                return

    def _hold(self, due_s: int, row: int) -> None:
        held = self._oldest_row.get(due_s)
        if held is None or row < held:
            self._oldest_row[due_s] = row

    @property
    def done_row(self) -> int:
        """Every reading up to this row has been judged by all that concerns it."""
        held = min(self._oldest_row.values(), default=self.newest_row + 1)
        return min(held, min((old.row for old in self._old), default=held)) - 1

    @property
    def pending(self) -> int:
        """How many keys wait."""
        return sum(map(len, self._own.values())) + sum(map(len, self._touched.values())) + len(self._old)

    def old(self) -> list[Old]:
        """Take over what must be judged from the store."""
        old, self._old = self._old, []
        return old

    def hold_old(self, old: Iterable[Old]) -> None:
        """Give back what the store could not tell."""
        self._old.extend(old)

    def due(self, now_s: float) -> "list[tuple[Check, int]]":
        """Take what is due, stations of a disaster area first."""
        keys: set[tuple[Check, int]] = set()
        for at_s in [at_s for at_s in self._own if at_s <= now_s]:
            keys |= self._own.pop(at_s)
            self._release(at_s)
        for at_s in [at_s for at_s in self._touched if at_s <= now_s]:
            for node, time_s in self._touched.pop(at_s):
                keys.update(keys_fed(self.columns, node, time_s))
            self._release(at_s)
        self._prune()
        first = self.first_stations
        if not first:
            return list(keys)
        return sorted(keys, key=lambda each: each[0].target.station_id not in first)

    def _release(self, at_s: int) -> None:
        if at_s not in self._own and at_s not in self._touched:
            self._oldest_row.pop(at_s, None)

    def judge(self, keys: Iterable[tuple[Check, int]]) -> Iterator[Verdict]:
        """Judge keys; gives what changed, and takes it as told."""
        for check, key in keys:
            check.last_key = max(check.last_key, key)
            yield from verdicts(check, key, self.columns)

    def note(self, verdict: Verdict, node: Node) -> None:
        """Take over what was found in the store of a value that stands here, too."""
        entry = self.columns[node].entries.get(verdict.time_s)
        if entry is not None and entry.row == verdict.row:
            entry.outer = with_verdict(entry.outer, verdict.test, verdict.flag)

    def _prune(self) -> None:
        if self.newest_s - self._pruned_s < self.keep_s / 4:
            return
        self._pruned_s = self.newest_s
        for column in self.columns.values():
            column.drop_before(self.newest_s - self.keep_s)


def verdicts(check: Check, key: int, columns: "dict[Node, Column]") -> Iterator[Verdict]:
    """Judge one key over some columns; gives what differs from what the entries stand with, and writes it into them."""
    place = 4 * OUTER_TESTS[check.test]
    for entry, flag in judge(check, key, columns):
        if entry.outer >> place & 0xF == flag:
            continue
        if flag == entry.flag == Flag.GOOD and not entry.outer:
            entry.outer = flag << place
            yield Verdict(entry.row, check.target.station_id, entry.time_s, check.test, flag, False, False)
            continue
        was = overall(entry.flag, entry.outer)
        entry.outer = with_verdict(entry.outer, check.test, flag)
        now = overall(entry.flag, entry.outer)
        fails = (was is Flag.FAIL) is not (now is Flag.FAIL)
        target = check.target
        changed = was is not now, fails, target.symbol
        yield Verdict(entry.row, target.station_id, entry.time_s, check.test, flag, *changed)


def judge_old(old: Iterable[Old], columns: "dict[Node, Column]") -> Iterator[tuple[Node, Verdict]]:
    """Judge from loaded columns what old values concern: their own checks and those they feed."""
    keys: set[tuple[Check, int]] = set()
    for node, time_s, _ in old:
        keys.update((check, key_of(check, time_s)) for check in node.checks)
        keys.update(keys_fed(columns, node, time_s))
    for check, key in keys:
        for verdict in verdicts(check, key, columns):
            yield check.target, verdict


def _span_s(node: Node) -> int:
    return int(max((max(check.dt_max_s, check.sum_s) for check in (*node.checks, *node.feeds)), default=0))

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
from actors.outer_agenda import Agenda, divided
from actors.outer_checks import Check, Node
from actors.outer_columns import Column, Entry, key_of, keys_fed, may_vote
from actors.outer_network import Network
from actors.outer_together import Batch, judge_batch, members_at
from actors.outer_verdicts import Verdict, told, verdicts
from actors.outer_voices import Voices
from actors.rules.flags import with_verdict
from protocols.verdict import ARRIVAL_SHIFT, ARRIVALS
from protocols.vocabulary import Flag

AGAIN_S = 1200
"""When what late neighbours change is judged again. Source: QĐ 338/QĐ-KTTV art. 6.2 (20 minutes)."""
WITHIN_S = 1140
"""A value of a slow station is judged so long after its slot, within the 20 minutes of the same article."""
SETTLE_S = 2
"""What comes late waits this long for its companions."""
ROUND_S = 5
"""What late neighbours change is gathered: so often at most is it judged again."""
LAST_ACTIVE = ARRIVALS.index("late")
"""Of the records of an instant the one that came first."""
RECENT_S = AGAIN_S + 300
"""So far behind the newest value what comes is judged here, and from the store where it is older."""


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
        self._agenda = Agenda()
        self._voices = Voices(self.columns)
        self._old: list[Old] = []
        self._pruned_s = 0.0

    def take(self, now_s: float, effects: Iterable[object], rows: Iterable[int]) -> None:
        """Take what actors decided, once it is stored; `rows` are the ids of the judged readings, in their order."""
        find, ids, arrived = self.network.get, iter(rows), self.arrived
        for effect in effects:
            if type(effect) is ReadingJudged:
                row = next(ids)
                node = find((effect.station_id, effect.parameter))
                if node is None:
                    self.newest_row = max(self.newest_row, row)
                elif effect.verdict >> ARRIVAL_SHIFT & 15 <= LAST_ACTIVE:
                    value = effect.value if effect.value is not None and isfinite(effect.value) else None
                    arrived(now_s, node, Entry(row, effect.time_s, value, int(effect.flag)))
            elif type(effect) is ReadingRevised and (node := find((effect.station_id, effect.parameter))) is not None:
                self._revised(now_s, node, effect)

    def arrived(self, now_s: float, node: Node, entry: Entry) -> None:
        """A value is new."""
        time_s, row = entry.time_s, entry.row
        if row > self.newest_row:  # noqa: PLR1730 - the calls of `max` would be a tenth of all this
            self.newest_row = row
        if time_s > self.newest_s:  # noqa: PLR1730
            self.newest_s = time_s
        if time_s >= self.newest_s - self.keep_s and not self.columns[node].add(entry):
            return
        if time_s < self.newest_s - RECENT_S:
            self._old.append(Old(node, time_s, row))
            return
        for check in node.checks:
            key = key_of(check, time_s) if check.sum_s else time_s
            at_s = key + node.cadence_s / 2 if node.cadence_s < 2 * WITHIN_S else key + WITHIN_S
            due = self._agenda.at(int(at_s if at_s > now_s else now_s + SETTLE_S) + 1, row)
            members_at(due.own, key, check.circle)[check] = entry
        if node.feeds:
            self._voices.changed(node, entry)
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
        was = entry.flag
        entry.revise(int(effect.flag))
        self._voices.changed(node, entry)
        if node.feeds and (may_vote(was), was == Flag.FAIL) != (may_vote(entry.flag), entry.flag == Flag.FAIL):
            self._touch(now_s, node, entry.time_s, self.newest_row)

    def _touch(self, now_s: float, node: Node, time_s: int, row: int) -> None:
        """A source is new or changed: whoever may have been judged before it must be judged again."""
        for circle in node.fed_circles:
            last_key = circle.last_key
            if circle.sum_s:
                if last_key < key_of(circle, time_s):
                    continue
            elif last_key < time_s - circle.dt_max_s or last_key <= self.columns[node].reach(time_s)[0]:
                continue
            at_s = -(-int(max(time_s + AGAIN_S, now_s + SETTLE_S)) // ROUND_S) * ROUND_S + 1
            self._agenda.at(at_s, row).touched.setdefault(time_s, set()).add(node)
            return

    @property
    def done_row(self) -> int:
        """Every reading up to this row has been judged by all that concerns it."""
        held = self._agenda.oldest_row(self.newest_row + 1)
        return min(held, min((old.row for old in self._old), default=held)) - 1

    @property
    def pending(self) -> int:
        """How many keys wait."""
        return len(self._agenda) + len(self._old)

    def old(self) -> list[Old]:
        """Take over what must be judged from the store."""
        old, self._old = self._old, []
        return old

    def hold_old(self, old: Iterable[Old]) -> None:
        """Give back what the store could not tell."""
        self._old.extend(old)

    def due(self, now_s: float) -> list[Batch]:
        """Take what is due, stations of a disaster area first."""
        batches = self._agenda.due(now_s, self.columns)
        self._prune()
        return batches if not self.first_stations else divided(batches, self.first_stations)

    def judge(self, batches: Iterable[Batch]) -> Iterator[Verdict]:
        """Judge batches; gives what changed, and takes it as told."""
        for batch in batches:
            batch.circle.last_key = max(batch.circle.last_key, batch.key)
            yield from told(judge_batch(batch, self.columns, self._voices))

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
        self._voices.forget_before(self.newest_s - self.keep_s)


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

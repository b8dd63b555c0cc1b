"""Which outer tests are due: fed with judged values, asked once a second, it gives the verdicts that changed.

A value is judged half an interval after its slot, when most neighbours have come. What a late neighbour changes is
judged again 20 minutes after the slot, or at once where that is over. A value much older than the newest one is handed
back as `Old`: it must be judged from the store.
Invariant: when nothing is pending, every verdict is that of the sorted whole, in whatever order the values came.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from operator import attrgetter

from actors.messages import ReadingJudged, ReadingRevised
from actors.outer_agenda import Agenda, Old
from actors.outer_checks import Alike, Check, Node
from actors.outer_columns import Column, Entry, key_of, keys_fed, may_vote
from actors.outer_network import Network
from actors.outer_slots import Slots
from actors.outer_together import AnyBatch, divided, members_at
from actors.outer_verdicts import Verdict, verdicts
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


ROW_OF = attrgetter("row")


class Came:
    """Values of one instant, of series that are alike, which the board has not yet taken in."""

    __slots__ = ("entries", "nodes")

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.entries: list[Entry] = []


class OuterBoard:
    """The recent values of all series of a network, and what is to be judged when."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.columns: dict[Node, Column] = {node: Column() for node in network.values()}
        self.first_stations: frozenset[int] = frozenset()
        """Judged before all others: stations of a disaster area."""
        self.span_s = max((_span_s(node) for node in network.values()), default=0)
        """So far from a value may be what it speaks to, or what speaks to it."""
        self.keep_s = RECENT_S + 3 * self.span_s + 300
        self.newest_row = 0
        self.newest_s = 0
        self._agenda = Agenda()
        self._slots = Slots()
        self._voices = Voices(self.columns)
        self._came: dict[int, dict[Alike, Came]] = {}
        self._came_s = 0.0
        self._serial = 0
        """Counts what changes, so that a judgement tells which changes it knew."""
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
        kept = time_s >= self.newest_s - self.keep_s
        if kept and not self.columns[node].add(entry):
            return
        if time_s < self.newest_s - RECENT_S:
            if kept:
                self._keep(node, entry)
            self._old.append(Old(node, time_s, row))
            return
        if (alike := self._came.get(time_s)) is None:
            alike = self._came[time_s] = {}
        if (came := alike.get(node.alike)) is None:
            came = alike[node.alike] = Came()
        came.nodes.append(node)
        came.entries.append(entry)
        self._came_s = now_s

    def known(self, node: Node, entry: Entry) -> None:
        """A value that was judged before the board was there."""
        if self.columns[node].add(entry):
            self._keep(node, entry)

    def _keep(self, node: Node, entry: Entry) -> None:
        if (circle := node.alike.circle) is not None:
            self._slots.at(circle, entry.time_s).extend([node.row], [entry])

    def _take_in(self) -> None:
        """Enter what came: when it is judged, what it says to others, and whom of them it makes judged again."""
        if not self._came:
            return
        came, self._came = self._came, {}
        self._serial += 1
        for time_s, groups in came.items():
            for alike, those in groups.items():
                nodes, entries = those.nodes, those.entries
                row = min(map(ROW_OF, entries))
                if (circle := alike.circle) is not None:
                    due = self._agenda.at(self._due_s(time_s, alike.cadence_s), row)
                    places = self._slots.at(circle, time_s).extend([node.row for node in nodes], entries)
                    due.places.setdefault((circle, time_s), []).append(places)
                for node, entry in zip(nodes, entries, strict=True) if alike.besides else ():
                    for check in node.others:
                        key = key_of(check, time_s)
                        due = self._agenda.at(self._due_s(key, alike.cadence_s), row)
                        members_at(due.own, key, check.circle)[check] = entry
                if alike.fed:
                    self._voices.came(alike.group, time_s, nodes, entries)
                    self._touch(self._came_s, nodes, time_s, row)

    def _due_s(self, key: int, cadence_s: int) -> int:
        at_s = key + cadence_s / 2 if cadence_s < 2 * WITHIN_S else key + WITHIN_S
        return int(at_s if at_s > self._came_s else self._came_s + SETTLE_S) + 1

    def touch_before(self, now_s: float, node: Node, time_s: int, row: int) -> None:
        """After a kill: the values before a new one may have been revised with it, which nobody told."""
        self._take_in()
        self._serial += 1
        for before_s in self.columns[node].between(time_s - 2 * node.cadence_s - 1, time_s - 1):
            self._touch(now_s, (node,), before_s, row)

    def _revised(self, now_s: float, node: Node, effect: ReadingRevised) -> None:
        self._take_in()
        entry = self.columns[node].entries.get(effect.time_s)
        if effect.time_s < self.newest_s - RECENT_S:
            self._old.append(Old(node, effect.time_s, self.newest_row + 1))
        if entry is None:
            return
        was = entry.flag
        entry.revise(int(effect.flag))
        self._serial += 1
        self._voices.came(node.group, entry.time_s, (node,), (entry,))
        if (may_vote(was), was == Flag.FAIL) != (may_vote(entry.flag), entry.flag == Flag.FAIL):
            self._touch(now_s, (node,), entry.time_s, self.newest_row)

    def _touch(self, now_s: float, nodes: Sequence[Node], time_s: int, row: int) -> None:
        """Sources that are alike are new or changed: whoever may have been judged before must be judged again."""
        touched: Iterable[Node] = ()
        for circle in nodes[0].alike.fed:
            last_key = circle.last_key
            if circle.sum_s:
                some: Sequence[Node] = nodes if last_key >= key_of(circle, time_s) else ()
            elif last_key >= time_s:
                some = nodes
            elif last_key < time_s - circle.dt_max_s:
                some = ()
            else:
                columns = self.columns
                some = [node for node in nodes if last_key > columns[node].low(time_s)]
            if len(some) == len(nodes):
                touched = some
                break
            touched = [*touched, *some]
        if touched:
            at_s = -(-int(max(time_s + AGAIN_S, now_s + SETTLE_S)) // ROUND_S) * ROUND_S + 1
            due = self._agenda.at(at_s, row)
            due.touched.setdefault(time_s, {}).update(dict.fromkeys(touched, self._serial))

    @property
    def done_row(self) -> int:
        """Every reading up to this row has been judged by all that concerns it."""
        self._take_in()
        held = self._agenda.oldest_row(self.newest_row + 1)
        return min(held, min((old.row for old in self._old), default=held)) - 1

    @property
    def pending(self) -> int:
        """How many keys wait."""
        self._take_in()
        return len(self._agenda) + len(self._old)

    @property
    def has_old(self) -> bool:
        """Whether something must be judged from the store."""
        return bool(self._old)

    def old(self) -> list[Old]:
        """Take over what must be judged from the store."""
        old, self._old = self._old, []
        return old

    def hold_old(self, old: Iterable[Old]) -> None:
        """Give back what the store could not tell."""
        self._old.extend(old)

    def due(self, now_s: float) -> list[AnyBatch]:
        """Take what is due, stations of a disaster area first."""
        self._take_in()
        self._prune()
        batches = self._agenda.due(now_s, self.columns, self._slots)
        return batches if not self.first_stations else divided(batches, self.first_stations)

    def judge(self, batches: Iterable[AnyBatch]) -> list[Verdict]:
        """Judge batches; gives what changed, and takes it as told."""
        self._take_in()
        found: list[Verdict] = []
        for batch in batches:
            batch.circle.last_key = max(batch.circle.last_key, batch.key)
            found += batch.judge(self.columns, self._voices, self._serial)
        return found

    def note(self, verdict: Verdict, node: Node) -> None:
        """Take over what was found in the store of a value that stands here, too."""
        entry = self.columns[node].entries.get(verdict.time_s)
        if entry is None or entry.row != verdict.row:
            return
        entry.outer = with_verdict(entry.outer, verdict.test, verdict.flag)
        slot = None if node.alike.circle is None else self._slots.find(node.alike.circle, verdict.time_s)
        if slot is not None:
            slot.told(place for place in (slot.place_of.get(node.row),) if place is not None)

    def _prune(self) -> None:
        """Forget the past; where time leapt, what hangs on values of that past is judged from the store.

        A value speaks to keys within the span, and these hang on values within the span of theirs.
        """
        forgotten_s = self.newest_s - self.keep_s
        self._old.extend(self._agenda.take_before(forgotten_s + 2 * self.span_s, self._slots))
        if self.newest_s - self._pruned_s < self.keep_s / 4:
            return
        self._pruned_s = self.newest_s
        for column in self.columns.values():
            column.drop_before(forgotten_s)
        self._slots.forget_before(forgotten_s)
        self._voices.forget_before(forgotten_s)


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

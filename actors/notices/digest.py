"""One digest: a cause as one recipient is told of it. Pure: given the time and what stands, it says what to do.

Changes are gathered for a while, so that a fallen line is one letter and not five hundred. A digest whose last source
recovered ends; one that ended before anybody was told of it ends in silence.
Invariant: a source stands in a digest at most once; what was told is only that which a letter was written for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from protocols.vocabulary import Cause, Occasion


class Sign(NamedTuple):
    """Something that stands for a source: since when, and what was seen."""

    since_ms: int
    detail: str


@dataclass(frozen=True, slots=True)
class Paces:
    """How soon and how often a recipient is told, in milliseconds."""

    gather_ms: int
    repeat_ms: int
    answer_ms: int


@dataclass(slots=True)
class Item:
    """A source in a digest."""

    item_id: int
    source: str
    since_ms: int
    added_ms: int
    detail: str
    recovered_ms: int | None = None


class Step(NamedTuple):
    """What a look brought: items that are new or recovered, the letter that is due, whether this is the end."""

    added: tuple[Item, ...] = ()
    recovered: tuple[Item, ...] = ()
    occasion: Occasion | None = None
    closed: bool = False


@dataclass(slots=True)
class Digest:
    """The running state of one notice.

    `told_ms` is when its newest letter was written, `asked_ms` since when an answer is due; 0 before the first letter.
    """

    notice_id: int
    recipient: str
    cause: Cause
    token: str
    opened_ms: int
    items: list[Item] = field(default_factory=list)
    asked_ms: int = 0
    told_ms: int = 0
    acknowledged: bool = False
    escalated: bool = False

    def standing(self) -> list[Item]:
        """What has not recovered."""
        return [item for item in self.items if item.recovered_ms is None]

    def news(self) -> list[Item]:
        """Standing items that no letter has told of."""
        return [item for item in self.standing() if item.added_ms > self.told_ms]

    def recoveries(self) -> list[Item]:
        """Items that recovered after the newest letter."""
        return [item for item in self.items if item.recovered_ms is not None and item.recovered_ms > self.told_ms]

    def look(self, now_ms: int, wanted: Mapping[str, Sign], take_id: Callable[[], int], paces: Paces) -> Step:
        """Compare with what stands now.

        Args:
            wanted: source -> sign, of everything that stands for this recipient and cause.
            take_id: gives the next item's number.
        """
        known = {item.source: item for item in self.standing()}
        recovered = tuple(item for source, item in known.items() if source not in wanted)
        for item in recovered:
            item.recovered_ms = now_ms
        added = tuple(
            Item(take_id(), source, sign.since_ms, now_ms, sign.detail)
            for source, sign in sorted(wanted.items())
            if source not in known
        )
        self.items.extend(added)
        if not self.standing():
            return Step(added, recovered, Occasion.RECOVERED if self.told_ms else None, closed=True)
        return Step(added, recovered, self._occasion(now_ms, paces))

    def _occasion(self, now_ms: int, paces: Paces) -> Occasion | None:
        news = self.news()
        changes_ms = [item.added_ms for item in news]
        if self.told_ms:
            changes_ms += [item.recovered_ms or 0 for item in self.recoveries()]
        if changes_ms and now_ms - min(changes_ms) >= paces.gather_ms:
            return Occasion.CHANGED if self.told_ms else Occasion.OPENED
        if not self.told_ms or self.acknowledged:
            return None
        if not self.escalated and now_ms - self.asked_ms >= paces.answer_ms:
            return Occasion.ESCALATED
        if now_ms - self.told_ms >= paces.repeat_ms:
            return Occasion.REMINDER
        return None

    def told(self, now_ms: int, occasion: Occasion) -> None:
        """A letter was written. News ask for an answer again: an old acknowledgement does not cover them."""
        if self.acknowledged and self.news():
            self.acknowledged = self.escalated = False
            self.asked_ms = now_ms
        if occasion is Occasion.ESCALATED:
            self.escalated = True
        self.asked_ms = self.asked_ms or now_ms
        self.told_ms = now_ms

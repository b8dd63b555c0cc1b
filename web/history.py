"""A station's files as cells on a time axis: each expected file is one slot. Pure.

        due (not yet) ── late_s ──► waiting ── a cadence ──► missing
        got               late                 backfilled         where a file came, by when it came

Invariant: a slot before the station's first file is `before`, never missing; a slot in the future is `due`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actors.rules.history import BACKFILL_S
from actors.rules.timetable import Timetable
from protocols.times import DAY_S, HOUR_S, hour_end
from storage.models import FileRow, FlipRow
from storage.slot_files import Worth

CAME = ("got", "late", "backfilled")
STATES = (*CAME, "missing", "waiting", "due", "before")
LEAST_SHARE = 0.05
"""Fewer bad values than this are no pattern on a bar: they have the page of flags."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One expected file. `share` is 0 to 4: the fourths of its values that failed or are suspect."""

    time_s: int
    state: str
    file: FileRow | None = None
    faulty: bool = False
    share: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """When a station's files are expected, how late each may be, and since when any was."""

    timetable: Timetable
    late_s: int
    first_s: float | None

    def day(self, day_s: int) -> list[int]:
        """The slots of a calendar day: 288 at five minutes."""
        return self.timetable.slots(day_s - 1, day_s + DAY_S - 1)

    def last_day(self, now_s: int) -> list[int]:
        """The slots of the 24 right-closed clock hours up to the one that is running."""
        return self.timetable.slots(hour_end(now_s) - DAY_S, hour_end(now_s))


def slots(
    times: Sequence[int], pace: Pace, files: Sequence[FileRow], worth: Mapping[int, Worth], now_s: float
) -> list[Slot]:
    """Lay the files (ascending by receipt) into the slots they stand for."""
    by_slot: dict[int, list[FileRow]] = {time_s: [] for time_s in times}
    for file in files:
        if file.time_s is not None and (there := by_slot.get(pace.timetable.nearest(file.time_s))) is not None:
            there.append(file)
    shares: dict[int, list[Worth]] = {}
    for time_s, each in worth.items():
        shares.setdefault(pace.timetable.nearest(time_s), []).append(each)
    return [_slot(time_s, by_slot[time_s], _share(shares.get(time_s, ())), pace, now_s) for time_s in times]


def _slot(time_s: int, files: Sequence[FileRow], share: int, pace: Pace, now_s: float) -> Slot:
    kept = [file for file in files if file.fate == "stored"]
    if not kept:
        refused = files[-1] if files else None
        return Slot(time_s, _empty(time_s, pace, now_s), refused, refused is not None, share)
    delay_s = kept[0].received_ms / 1000 - time_s
    backfill_s = max(BACKFILL_S, pace.late_s)
    state = "got" if delay_s <= pace.late_s else "late" if delay_s <= backfill_s else "backfilled"
    return Slot(time_s, state, kept[-1], bool(kept[-1].faults), share)


def _empty(time_s: int, pace: Pace, now_s: float) -> str:
    if pace.first_s is None or time_s + pace.late_s < pace.first_s:
        return "before" if time_s <= now_s else "due"
    if now_s < time_s + pace.late_s:
        return "due"
    return "waiting" if now_s < time_s + pace.late_s + pace.timetable.cadence_s else "missing"


def _share(worth: Sequence[Worth]) -> int:
    values = sum(each.values for each in worth)
    return fourths(sum(each.bad for each in worth) / values if values else 0.0)


def fourths(bad: float) -> int:
    """A share as the hatching shows it."""
    return 0 if bad < LEAST_SHARE else 1 + min(3, int(bad * 4))


def by_hour(row: Sequence[Slot], from_s: int) -> list[list[Slot]]:
    """The slots of 24 hours from `from_s` on; a slot at an hour's end belongs to the hour that `from_s` closes over."""
    hours: list[list[Slot]] = [[] for _ in range(24)]
    for slot in row:
        hours[min(23, (slot.time_s - from_s) // HOUR_S)].append(slot)
    return hours


def count_slots(row: Sequence[Slot]) -> dict[str, int]:
    """How many slots are in each state; `came` and `expected` (due by now) above them, `faulty` beside."""
    counts = {state: sum(slot.state == state for slot in row) for state in STATES}
    came = sum(counts[state] for state in CAME)
    return counts | {
        "came": came,
        "expected": came + counts["missing"] + counts["waiting"],
        "faulty": sum(slot.faulty for slot in row),
    }


def day_look(cell: Mapping[str, Any]) -> tuple[str, int, int | None]:
    """State, hatching and per cent of one day of the station's history."""
    if not cell["expected"]:
        return "before", 0, None
    rate = min(1.0, cell["received"] / cell["expected"])
    state = "missing" if rate < 0.75 else "late" if rate < 0.95 else "got"
    if state == "got" and cell["backfilled"] > 0.05 * cell["expected"]:
        state = "backfilled"
    return state, fourths(cell["failed"] / cell["received"] if cell["received"] else 0.0), int(rate * 100)


def runs(row: Sequence[Slot]) -> dict[int, tuple[int, int, int]]:
    """For each missing slot: first and last instant of its hole, and how many slots it has."""
    holes: dict[int, tuple[int, int, int]] = {}
    hole: list[int] = []
    for slot in (*row, None):
        if slot is not None and slot.state == "missing":
            hole.append(slot.time_s)
        elif hole:
            holes |= dict.fromkeys(hole, (hole[0], hole[-1], len(hole)))
            hole = []
    return holes


def uptime(flips: Sequence[FlipRow], freshness: str, from_s: float, now_s: float) -> float | None:
    """The share of [from_s, now_s] in which the source was not silent; None where it was not known at all.

    Args:
        flips: newest first, at least those since `from_s`.
        freshness: how it stands now.
    """
    spent_s: dict[str, float] = {}
    end_s, state = now_s, freshness
    for flip in flips:
        begin_s = max(from_s, flip.at_s)
        spent_s[state] = spent_s.get(state, 0.0) + max(0.0, end_s - begin_s)
        end_s, state = begin_s, flip.was
        if flip.at_s <= from_s:
            break
    spent_s[state] = spent_s.get(state, 0.0) + max(0.0, end_s - from_s)
    known_s = sum(spent_s.values()) - spent_s.get("never_seen", 0.0)
    return 1 - spent_s.get("silent", 0.0) / known_s if known_s else None

"""When a source is late and when it is silent: pure functions of its last sign of life, cadence, grace and now.

        never_seen ──first sign──► fresh ──cadence──► late ──grace──► silent
                                     ▲──────────any sign────────────────┘

Late is visible but raises no alarm; silent does. The watchdog of Q2 has a deadline of its own. A moment
belongs to the state it begins, so waking exactly at a deadline always finds the new state.
Invariant: the true time of a change is its deadline, not the moment somebody looked.
"""

from typing import NamedTuple

from actors.rules.timetable import Timetable
from protocols.vocabulary import Freshness

WATCHDOG_BEATS, WATCHDOG_S = 2.0, 120.0


class Standing(NamedTuple):
    """A source's freshness, and the moment it changes by itself (None: only a sign of life changes it)."""

    freshness: Freshness
    next_deadline_s: float | None


def due_at(last_sign_s: float, cadence_s: float) -> float:
    """Say when the next sign of life is expected: from then on the source is late."""
    return last_sign_s + cadence_s


def deadline(last_sign_s: float, cadence_s: float, grace_s: float) -> float:
    """Say when grace ends: from then on the source is silent."""
    return last_sign_s + cadence_s + grace_s


def standing(
    last_sign_s: float | None, cadence_s: float, grace_s: float, now_s: float, first_expected_s: float | None = None
) -> Standing:
    """Say how a source stands now.

    Args:
        last_sign_s: epoch seconds of the last sign of life, None where there was none.
        first_expected_s: when a source that never spoke should have; None lets it stay never seen.
    """
    if last_sign_s is None:
        if first_expected_s is None:
            return Standing(Freshness.NEVER_SEEN, None)
        silent_s = first_expected_s + grace_s
        return Standing(Freshness.SILENT, None) if now_s >= silent_s else Standing(Freshness.NEVER_SEEN, silent_s)
    return standing_by(due_at(last_sign_s, cadence_s), grace_s, now_s)


def standing_by(due_s: float, grace_s: float, now_s: float) -> Standing:
    """Say how a source stands whose next sign of life is due at `due_s`, by whatever timetable."""
    late_s, silent_s = due_s, due_s + grace_s
    if now_s >= silent_s:
        return Standing(Freshness.SILENT, None)
    return Standing(Freshness.LATE, silent_s) if now_s >= late_s else Standing(Freshness.FRESH, late_s)


def watchdog_at(due_s: float, timetable: Timetable) -> float:
    """Say when a silence becomes a "thiếu dữ liệu": two more intervals and 2 minutes after a record was due (Q2)."""
    return timetable.after(due_s, WATCHDOG_BEATS) + WATCHDOG_S

"""Where the runs of a station's values stood at some instants: what goes on for long is not read from its start again.

Marks stand at full hours, the older the further apart, so a late value costs about as far as it reaches back.
Invariant: a cache; what a mark says follows from the values up to it, and it is dropped once one of them may change.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from actors.rules.exceedance import Fold, Held, Run
from actors.rules.limits import Averaging
from actors.station_profile import StationProfile
from protocols.times import DAY_S, HOUR_S, day_start

SPACING = ((8 * HOUR_S, HOUR_S), (2 * DAY_S, 6 * HOUR_S), (14 * DAY_S, DAY_S))
"""Up to which age marks stand how far apart: 30 of one station and averaging."""

Runs = Mapping[str, Run]
"""What may go on, by parameter."""


class Mark(NamedTuple):
    """What went on after all values up to an instant, itself included."""

    time_s: int
    runs: Runs


class Marks:
    """The marks of all stations."""

    def __init__(self) -> None:
        self._of: dict[tuple[int, Averaging], tuple[StationProfile, list[Mark]]] = {}

    def before(self, profile: StationProfile, averaging: Averaging, after_s: int) -> Mark | None:
        """The newest mark that values after `after_s` cannot change; later ones, and those of other limits, go."""
        key = profile.station_id, averaging
        known, marks = self._of.get(key, (profile, []))
        while marks and (known is not profile or marks[-1].time_s > after_s):
            marks.pop()
        if not marks:
            self._of.pop(key, None)
            return None
        return marks[-1]

    def keep(self, profile: StationProfile, averaging: Averaging, marks: Iterable[Mark]) -> None:
        """Add marks that are later than those that stand."""
        _, standing = self._of.setdefault((profile.station_id, averaging), (profile, []))
        for mark in marks:
            if standing and not standing[-1].runs and not mark.runs:
                standing.pop()
            standing.append(mark)
        if standing:
            standing[:] = [mark for mark in standing if _is_kept(mark.time_s, standing[-1].time_s - mark.time_s)]

    def forget(self, profile: StationProfile, averaging: Averaging) -> None:
        """Nothing goes on that would be read again."""
        self._of.pop((profile.station_id, averaging), None)


def _is_kept(time_s: int, age_s: int) -> bool:
    of_day_s = time_s - day_start(time_s)
    return any(age_s < up_to_s and of_day_s % step_s == 0 for up_to_s, step_s in SPACING)


def mark_times(times: Iterable[int]) -> list[int]:
    """The full hours at which values up to these instants can be marked."""
    return sorted({time_s // HOUR_S * HOUR_S for time_s in times})


def fold_marked(fold: Fold, values: Iterable[Held], times: Sequence[int]) -> list[Run | None]:
    """Let values in ascending time through; gives what went on at each of the instants."""
    stood: list[Run | None] = []
    for held in values:
        while len(stood) < len(times) and times[len(stood)] < held.time_s:
            stood.append(fold.run)
        fold.take(held)
    return stood + [fold.run] * (len(times) - len(stood))

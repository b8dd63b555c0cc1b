"""How the last values of a station stand against their limits: plain values read off its actor, for the board.

Invariant: a station that is silent exceeds nothing; what it measured last says nothing about now.
"""

from collections.abc import Iterable

from actors.rules.exceedance import SURENESS, hold
from actors.rules.limits import Averaging, Limit, limit_at
from actors.rules.oxygen import correct_oxygen, is_oxygen, usable_oxygen
from actors.series import Series
from actors.station import StationActor
from protocols.vocabulary import ExceedanceLevel, Freshness


def limit_now(series: Series) -> Limit | None:
    """The limit that the last value is held against."""
    last = series.last
    return None if last is None else limit_at(series.profile.limits, Averaging.INSTANT, last.time_s)


def level_now(actor: StationActor, series: Series) -> ExceedanceLevel:
    """How the last value of a parameter stands."""
    limit, last = limit_now(series), series.last
    if limit is None or last is None:
        return ExceedanceLevel.WITHIN
    value = last.value
    if limit.o2_ref is not None:
        value = correct_oxygen(value, _oxygen_at(actor.series.values(), last.time_s), limit.o2_ref)
    held = hold(last.time_s, value, series.last_flag, last.status, limit)
    return ExceedanceLevel.WITHIN if held is None else held.level


def station_level(actor: StationActor, of_means: ExceedanceLevel) -> ExceedanceLevel:
    """The worst of a station's last values and of what goes on among its means."""
    if actor.freshness is Freshness.SILENT:
        return ExceedanceLevel.WITHIN
    return worst_level([of_means, *(level_now(actor, series) for series in actor.series.values())])


def worst_level(levels: Iterable[ExceedanceLevel]) -> ExceedanceLevel:
    """The surest and furthest of several."""
    return max(levels, key=lambda level: SURENESS.index(level) if level in SURENESS else -1)


def _oxygen_at(series: Iterable[Series], time_s: int) -> float | None:
    for each in series:
        if is_oxygen(each.profile.symbol) and each.last is not None and each.last.time_s == time_s:
            return usable_oxygen(each.last.value, each.last_flag)
    return None

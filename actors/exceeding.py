"""How the last values of a station stand against their limits: plain values read off its actor, for the board.

Invariant: a station that is silent exceeds nothing; what it measured last says nothing about now.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from actors.rules.exceedance import SURENESS, hold
from actors.rules.limits import Averaging, Limit, limit_at
from actors.rules.oxygen import Oxygen, is_oxygen
from actors.series import Series
from actors.station import StationActor
from protocols.vocabulary import ExceedanceLevel, Freshness


class GoingOn(NamedTuple):
    """What goes on at a station and cannot be read off its last values."""

    of_means: ExceedanceLevel = ExceedanceLevel.WITHIN
    tending: Collection[str] = ()


NOTHING = GoingOn()


def limit_now(series: Series) -> Limit | None:
    """The limit that the last value is held against."""
    last = series.last
    return None if last is None else limit_at(series.profile.limits, Averaging.INSTANT, last.time_s)


def level_now(actor: StationActor, series: Series, tending: Collection[str] = ()) -> ExceedanceLevel:
    """How the last value of a parameter stands; `tending`: those with a tendency to pass their limit."""
    limit, last = limit_now(series), series.last
    if limit is None or last is None:
        return ExceedanceLevel.WITHIN
    oxygen = None if limit.o2_ref is None else _oxygen_at(actor.series.values(), last.time_s)
    held = hold(last.time_s, last.value, series.last_flag, last.status, limit, oxygen)
    if held is None:
        return ExceedanceLevel.WITHIN
    tends = held.level is ExceedanceLevel.WITHIN and series.profile.symbol in tending
    return ExceedanceLevel.TENDENCY if tends else held.level


def station_level(actor: StationActor, going_on: GoingOn) -> ExceedanceLevel:
    """The worst of a station's last values and of what goes on beside them."""
    if actor.freshness is Freshness.SILENT:
        return ExceedanceLevel.WITHIN
    last = (level_now(actor, series, going_on.tending) for series in actor.series.values())
    return worst_level([going_on.of_means, *last])


def worst_level(levels: Iterable[ExceedanceLevel]) -> ExceedanceLevel:
    """The surest and furthest of several."""
    return max(levels, key=lambda level: SURENESS.index(level) if level in SURENESS else -1)


def _oxygen_at(series: Iterable[Series], time_s: int) -> Oxygen | None:
    for each in series:
        if is_oxygen(each.profile.symbol) and each.last is not None and each.last.time_s == time_s:
            return Oxygen(each.last.value, each.last_flag)
    return None

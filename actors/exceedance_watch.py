"""Decides, as values are stored, where exceedances must be looked for, and writes that into the same transaction.

Of single values only those count that are near a limit or beyond it, or as old as what an exceedance already knows: one
number for each series (`reach`) tells that, so a value within its limit costs a comparison. Where a value alone does
not tell (a stack's needs its oxygen, a tendency those before it) each one counts, and each one of the oxygen.
Invariant: a value that could begin, change or end an exceedance is never stored without the work to look at it.
"""

from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import NamedTuple

from actors.messages import Effect, ReadingJudged, ReadingRevised
from actors.products import Made
from actors.rules.limits import Averaging, Limit, limit_at
from actors.rules.oxygen import is_oxygen
from actors.station_profile import StationProfile
from protocols.times import hour_end
from protocols.vocabulary import Period
from storage.ids import Ids
from storage.writer import Unit

OF_PERIOD = {
    Period.HOUR: Averaging.HOUR,
    Period.EIGHT_HOURS: Averaging.EIGHT_HOURS,
    Period.DAY: Averaging.DAY,
}
"""Which means are held against which limits."""


class Watched(NamedTuple):
    """Of a station: the limits of its single values by parameter, and the parameters of which each value counts."""

    profile: StationProfile
    limits: dict[str, tuple[Limit, ...]]
    always: frozenset[str]


class ExceedanceWatch:
    """What stands between the ledger, the averaging clock and the clock of exceedances."""

    def __init__(self, ids: Ids, profiles: Callable[[int], StationProfile | None]) -> None:
        self._ids = ids
        self._profiles = profiles
        self._of_station: dict[int, Watched] = {}
        self.reach: dict[tuple[int, str], float] = {}

    def judged(self, unit: Unit, effects: Sequence[Effect]) -> None:
        """Readings are about to be stored with their flags, or revised."""
        wanted: set[tuple[int, int]] = set()
        for effect in effects:
            if isinstance(effect, ReadingJudged | ReadingRevised) and self._matters(effect):
                wanted.add((effect.station_id, hour_end(effect.time_s)))
        for station_id, end_s in sorted(wanted):
            self._want(unit, station_id, Averaging.INSTANT, end_s)

    def made(self, unit: Unit, profile: StationProfile, made: Made) -> None:
        """A mean is about to be stored (actors/products.py: OnMade)."""
        averaging = OF_PERIOD.get(made.period)
        if averaging is None:
            return
        if any(averaging in limit.averaging for series in profile.series for limit in series.limits):
            self._want(unit, made.station_id, averaging, made.end_s)

    def turned(self, unit: Unit, hours: Iterable[tuple[int, int]]) -> None:
        """What tests beyond the station say of values of these hours is about to be stored."""
        for station_id, end_s in sorted(hours):
            watched = self._watched(station_id)
            if watched is not None and watched.limits:
                self._want(unit, station_id, Averaging.INSTANT, end_s)

    def _want(self, unit: Unit, station_id: int, averaging: Averaging, end_s: int) -> None:
        unit.add("exceedance_work", (self._ids.take("exceedance_work"), station_id, str(averaging), end_s))

    def _matters(self, effect: ReadingJudged | ReadingRevised) -> bool:
        if effect.time_s <= self.reach.get((effect.station_id, effect.parameter), -inf):
            return True
        watched = self._watched(effect.station_id)
        if watched is None:
            return False
        if effect.parameter in watched.always:
            return True
        if isinstance(effect, ReadingRevised) or effect.value is None:
            return False
        limit = limit_at(watched.limits.get(effect.parameter, ()), Averaging.INSTANT, effect.time_s)
        if limit is not None and (limit.is_passed_by(effect.value) or limit.is_approached_by(effect.value)):
            self.reach[effect.station_id, effect.parameter] = inf
            return True
        return False

    def _watched(self, station_id: int) -> Watched | None:
        profile = self._profiles(station_id)
        known = self._of_station.get(station_id)
        if profile is not None and (known is None or known.profile is not profile):
            known = self._of_station[station_id] = _watched(profile)
        return None if profile is None else known


def _asks_more(limit: Limit) -> bool:
    """Whether a value alone does not tell how it stands."""
    return limit.o2_ref is not None or limit.tendency_s is not None


def _watched(profile: StationProfile) -> Watched:
    limits = {
        series.symbol: series.limits
        for series in profile.series
        if any(Averaging.INSTANT in limit.averaging for limit in series.limits)
    }
    always = {symbol for symbol, own in limits.items() if any(_asks_more(limit) for limit in own)}
    if any(limit.o2_ref is not None for own in limits.values() for limit in own):
        always |= {series.symbol for series in profile.series if is_oxygen(series.symbol)}
    return Watched(profile, limits, frozenset(always))

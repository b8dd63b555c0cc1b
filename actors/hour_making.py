"""Makes the hours of some stations in one unit: hourly products, running 8 h ones, air indexes, the days to make.

Many stations of one hour, or many hours of one station, are read together: five queries, however many. What later hours
take from a changed one (8 h, NowCast) is made again with it.
Invariant: whatever stands in the store after a making is a function of the readings alone, not of their order.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from actors.air_index import NOWCAST_REACH_S, AirIndexes
from actors.hour_products import Hours, hour_products, longer_products
from actors.hourly_owing import HourlyOwing
from actors.kernel.clock import Now
from actors.products import Made, OnMade, Product
from actors.rules.rain import day_window
from actors.rules.timetable import Timetable
from actors.station_profile import StationProfile
from actors.versions import next_version, product_of
from protocols.times import HOUR_S, hour_end
from protocols.vocabulary import Period, ProductKind
from storage.hours import stations_waiting
from storage.ids import Ids
from storage.layers import Effective, Layer, effective_span
from storage.products import StoredProduct, hours_in_use, longer_in_use
from storage.writer import Unit

EIGHT_HOURS_S = 8 * HOUR_S


@dataclass(frozen=True, slots=True)
class Hourly:
    """Hours to make: the same run of hours of some stations."""

    first_s: int
    last_s: int
    wanted: Mapping[int, frozenset[int]]
    """Station -> ends of its hours."""


class HourMaking:
    """Fills units with what hours come to."""

    def __init__(
        self,
        now: Now,
        ids: Ids,
        profiles: Callable[[int], StationProfile | None],
        owing: HourlyOwing,
        on_made: Sequence[OnMade],
    ) -> None:
        self._now = now
        self._ids = ids
        self._profiles = profiles
        self._owing = owing
        self.on_made = on_made
        self._air = AirIndexes(now, ids)
        self.pace: Callable[[StationProfile], Timetable] = lambda profile: profile.timetable
        """The timetable that a station follows now, increased frequency included."""

    async def make(self, unit: Unit, work: Hourly) -> set[str]:
        """Add everything that the hours come to; returns whom files are owed."""
        profiles = {station_id: profile for station_id in work.wanted if (profile := self._profiles(station_id))}
        layers = await effective_span(profiles, work.first_s - HOUR_S, work.last_s)
        kept = await hours_in_use(profiles, work.first_s - NOWCAST_REACH_S, work.last_s + NOWCAST_REACH_S)
        owed: set[str] = set()
        fresh: dict[int, set[int]] = {}
        hours: dict[int, dict[int, Hours]] = {}
        for station_id, profile in profiles.items():
            own = kept.get(station_id, {})
            known = hours[station_id] = {end_s: _products(row) for end_s, row in own.items()}
            layer = layers.get(station_id, Layer({}, {}))
            for hour_s, readings in _by_hour(layer, work, work.wanted[station_id]):
                units = {parameter: row.unit for parameter, row in own.get(hour_s, {}).items()}
                products = hour_products(profile.plan, hour_s, readings, units, self._raised(profile, hour_s))
                made = next_version(
                    profile, Period.HOUR, hour_s, products, own.get(hour_s, {}), self._now(), layer.corrected_ms
                )
                if made is None:
                    continue
                known[hour_s] = {each.parameter: each for each in made.values}
                fresh.setdefault(station_id, set()).add(hour_s)
                self._store(unit, made)
                owed |= self._follow(unit, profile, made)
        if fresh:
            moved = await self._eight_hours(unit, profiles, work, fresh, hours)
            await self._air.make_hours(unit, profiles, work.first_s, work.last_s, fresh, hours)
            self._dirty_days(unit, profiles, fresh, moved)
        return owed

    async def make_empty(self, unit: Unit, hour_s: int, station_ids: Collection[int]) -> int:
        """Add the products of an hour in which these stations should have sent something and nothing came.

        They are version 0: what comes later is the first version, as if nobody had looked. No file is owed for them.
        What came late and waits to be made is no empty hour.
        """
        profiles = {station_id: profile for station_id in station_ids if (profile := self._profiles(station_id))}
        kept = await hours_in_use(profiles, hour_s - NOWCAST_REACH_S, hour_s + NOWCAST_REACH_S)
        waiting = await stations_waiting(hour_s) & profiles.keys()
        came = await effective_span(waiting, hour_s - HOUR_S, hour_s)
        hours: dict[int, dict[int, Hours]] = {}
        for station_id, profile in profiles.items():
            own = kept.get(station_id, {})
            if station_id in came and came[station_id].readings:
                continue
            if hour_s in own or not self.pace(profile).slots(hour_s - HOUR_S, hour_s):
                continue
            units = {each.symbol: each.unit or "" for each in profile.series}
            products = hour_products(profile.plan, hour_s, {}, units, self._raised(profile, hour_s))
            nothing = tuple(replace(each, version=0) for each in products)
            known = hours[station_id] = {end_s: _products(row) for end_s, row in own.items()}
            known[hour_s] = {each.parameter: each for each in nothing}
            self._store(unit, Made(station_id, Period.HOUR, hour_s, nothing, 0, frozenset(known[hour_s])))
        fresh = {station_id: {hour_s} for station_id in hours}
        if fresh:
            work = Hourly(hour_s, hour_s, dict.fromkeys(hours, frozenset({hour_s})))
            moved = await self._eight_hours(unit, profiles, work, fresh, hours)
            await self._air.make_hours(unit, profiles, hour_s, hour_s, fresh, hours)
            self._dirty_days(unit, profiles, fresh, moved)
        return len(fresh)

    def _raised(self, profile: StationProfile, hour_s: int) -> int | None:
        """How many records an hour of increased frequency awaits; None for any other."""
        timetable, from_s = self.pace(profile), hour_s - HOUR_S
        return len(timetable.slots(from_s, hour_s)) if timetable.is_raised(from_s, hour_s) else None

    async def _eight_hours(
        self,
        unit: Unit,
        profiles: Mapping[int, StationProfile],
        work: Hourly,
        fresh: Mapping[int, set[int]],
        hours: Mapping[int, Mapping[int, Hours]],
    ) -> dict[int, set[int]]:
        """The running means: one stands beside each hour that is there, of the eight hours that end with it."""
        in_use = await longer_in_use(fresh, Period.EIGHT_HOURS, work.first_s, work.last_s + EIGHT_HOURS_S - HOUR_S)
        moved: dict[int, set[int]] = {}
        for station_id, changed in fresh.items():
            profile, known = profiles[station_id], hours[station_id]
            for end_s in reached(changed, EIGHT_HOURS_S, known):
                products = longer_products(profile.plan, end_s, EIGHT_HOURS_S, known)
                old = in_use.get(station_id, {}).get(end_s, {})
                made = next_version(profile, Period.EIGHT_HOURS, end_s, products, old, self._now())
                if made is not None:
                    moved.setdefault(station_id, set()).add(end_s)
                    self.store_longer(unit, made)
                    self._follow(unit, profile, made)
        return moved

    def _dirty_days(
        self,
        unit: Unit,
        profiles: Mapping[int, StationProfile],
        fresh: Mapping[int, set[int]],
        moved: Mapping[int, set[int]],
    ) -> None:
        """The days that the hours lie in must be made once they are over; of air also those of the 8 h means."""
        for station_id, changed in fresh.items():
            plan = profiles[station_id].plan
            days = {(Period.DAY, day_window(end_s, 0)[1]) for end_s in changed | moved.get(station_id, set())}
            if any(each is not None and each.kind is ProductKind.SUM for each in plan.of.values()):
                start_hour = plan.settings.day_start_hour
                days |= {(Period.HYDROMET_DAY, day_window(end_s, start_hour)[1]) for end_s in changed}
            for period, end_s in sorted(days):
                unit.add("dirty_days", (self._ids.take("dirty_days"), station_id, str(period), end_s))

    def _follow(self, unit: Unit, profile: StationProfile, made: Made) -> set[str]:
        owed = self._owing.owe(unit, profile, made)
        for follow in self.on_made:
            follow(unit, profile, made)
        return owed

    def _store(self, unit: Unit, made: Made) -> None:
        made_ms, take = int(self._now() * 1000), self._ids.take
        for each in made.values:
            if each.parameter in made.changed:
                key = (take("hourly"), made.station_id, each.parameter, made.end_s, each.version)
                parts = None if each.parts is None else orjson.dumps(each.parts).decode()
                unit.add("hourly", (*key, *_facts(each, made_ms), str(each.kind), each.wind_kind, parts))

    def store_longer(self, unit: Unit, made: Made) -> None:
        """Add the rows of what is new of a longer period."""
        made_ms, take = int(self._now() * 1000), self._ids.take
        for each in made.values:
            if each.parameter in made.changed:
                key = (take("longer_products"), made.station_id, str(made.period), each.parameter, made.end_s)
                unit.add(
                    "longer_products",
                    (*key, each.version, *_facts(each, made_ms), str(each.kind), each.wind_kind),
                )

    def finish(self, unit: Unit, profile: StationProfile, made: Made) -> None:
        """Store a longer period and hand it on."""
        self.store_longer(unit, made)
        self._follow(unit, profile, made)


def reached(changed: Iterable[int], window_s: int, known: Mapping[int, Hours]) -> list[int]:
    """Ends of the windows that hold a changed hour, where an hour stands."""
    return sorted({end_s for at in changed for end_s in range(at, at + window_s, HOUR_S) if end_s in known})


def _facts(each: Product, made_ms: int) -> tuple[float | int | str | None, ...]:
    return (each.value, each.unit, int(each.flag), each.count, each.expected, made_ms, each.reason)


def _products(rows: Mapping[str, StoredProduct]) -> dict[str, Product]:
    return {parameter: product_of(parameter, row) for parameter, row in rows.items()}


def _by_hour(layer: Layer, work: Hourly, wanted: frozenset[int]) -> list[tuple[int, Mapping[str, Sequence[Effective]]]]:
    if work.first_s == work.last_s:
        return [(work.last_s, layer.readings)]
    split: dict[int, dict[str, list[Effective]]] = {hour_s: defaultdict(list) for hour_s in sorted(wanted)}
    for parameter, rows in layer.readings.items():
        for row in rows:
            if (of_hour := split.get(hour_end(row.time_s))) is not None:
                of_hour[parameter].append(row)
    return list(split.items())

"""Makes the days that are over: products and air index of many stations' day from their stored hours, in one unit."""

from collections.abc import Callable, Collection

from actors.air_index import AirIndexes
from actors.hour_making import HourMaking
from actors.hour_products import longer_products
from actors.kernel.clock import Now
from actors.station_profile import StationProfile
from actors.versions import next_version, product_of
from protocols.times import DAY_S, HOUR_S
from protocols.vocabulary import Period, ProductKind
from storage.ids import Ids
from storage.products import hours_in_use, longer_in_use
from storage.writer import Unit


class DayMaking:
    """Fills units with what days come to; stores and hands on as the hours do."""

    def __init__(self, now: Now, ids: Ids, profiles: Callable[[int], StationProfile | None], hours: HourMaking) -> None:
        self._now = now
        self._profiles = profiles
        self._hours = hours
        self._air = AirIndexes(now, ids)

    async def make(self, unit: Unit, period: Period, end_s: int, station_ids: Collection[int]) -> None:
        """Add the day that ends at `end_s` of each station."""
        profiles = {station_id: profile for station_id in station_ids if (profile := self._profiles(station_id))}
        rows = await hours_in_use(profiles, end_s - DAY_S + HOUR_S, end_s)
        in_use = await longer_in_use(profiles, period, end_s, end_s)
        hours = {
            station_id: {at: {name: product_of(name, row) for name, row in hour.items()} for at, hour in own.items()}
            for station_id, own in rows.items()
        }
        for station_id, profile in profiles.items():
            products = longer_products(profile.plan, end_s, DAY_S, hours.get(station_id, {}))
            if period is Period.HYDROMET_DAY:
                products = [each for each in products if each.kind is ProductKind.SUM]
            old = in_use.get(station_id, {}).get(end_s, {})
            made = next_version(profile, period, end_s, products, old, self._now())
            if made is not None:
                self._hours.finish(unit, profile, made)
        if period is Period.DAY:
            eight = await longer_in_use(profiles, Period.EIGHT_HOURS, end_s - DAY_S + HOUR_S, end_s)
            await self._air.make_days(unit, profiles, end_s, hours, eight)

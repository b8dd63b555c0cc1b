"""The averaging clock: makes the hourly means of every touched hour, and the files that destinations are owed.

An hour is made once, when it is due (minute 5 by default); what arrives later touches it again and makes a new version
if a mean changed. The worklist is durable: it is written with the readings and taken away with the means.
Source: TT 10/2021/TT-BTNMT (hourly means to the ministry); 75 % completeness is a setting (docs/rules.md).
"""

from collections.abc import Callable, Sequence

import structlog
import trio

from actors.hourly_owing import HourlyOwing
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.products import Made, OnMade, Product
from actors.rules.averaging import HourlyMean, Member, hourly_mean
from actors.station_profile import StationProfile
from protocols.times import HOUR_S
from protocols.vocabulary import Flag, Period, ProductKind
from storage.hours import HourReading, dirty_hours, newest_versions, readings_of_hour
from storage.ids import Ids
from storage.models import DestinationRow, DirtyHourRow, HourlyRow
from storage.writer import RETRY_S, StoreError, Unit, Writer

log = structlog.get_logger()

SETTLE_S = 2.0
"""A late value waits this long for its companions before its hour is made again."""
DONE = "DELETE FROM dirty_hours WHERE id = ?"


class AveragingClock:
    """The service `clock:hourly`.

    Args:
        profiles: station id -> profile.
        destinations: name -> destination of kind files.
        owed: called with the destinations' names after their files were stored.
        on_made: each adds what follows from a making to the unit that stores it.
    """

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        profiles: Callable[[int], StationProfile | None],
        destinations: Callable[[], dict[str, DestinationRow]],
        owed: Callable[[set[str]], None],
        on_made: Sequence[OnMade] = (),
    ) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._ids = ids
        self._profiles = profiles
        self._destinations = destinations
        self._owing = HourlyOwing(now, ids, destinations)
        self._owed = owed
        self._on_made = on_made
        self._wake = trio.Event()
        self.made = 0

    def touched(self) -> None:
        """Some hour was touched."""
        self._wake.set()

    async def run(self, ready: Callable[[], None]) -> None:
        """Make what is due, for ever."""
        ready()
        while True:
            self._wake = trio.Event()
            try:
                while await self._host(self._make_due):
                    await trio.lowlevel.checkpoint()
            except StoreError as error:
                log.warning("hours_wait", reason=error.reason)
                await trio.sleep(RETRY_S)
                continue
            with trio.move_on_after(self._sleep_s()):
                await self._wake.wait()
                await trio.sleep(SETTLE_S)

    def _sleep_s(self) -> float:
        """Until the next hour becomes due."""
        delay_s = self._delay_s()
        return HOUR_S - (self._now() - delay_s) % HOUR_S + 0.1

    def _delay_s(self) -> float:
        """How long after its end an hour is made: the earliest minute that a destination asks for."""
        return 60 * min((row.minute for row in self._destinations().values()), default=5)

    async def due(self) -> list[DirtyHourRow]:
        """The hours that wait and are due."""
        return await dirty_hours(int((self._now() - self._delay_s()) // HOUR_S * HOUR_S))

    async def _make_due(self) -> int:
        hours = await self.due()
        owed: set[str] = set()
        try:
            for hour in hours:
                owed |= await self._make(hour)
        finally:
            self._owed(owed)
        return len(hours)

    async def _make(self, hour: DirtyHourRow) -> set[str]:
        unit = Unit(updates=[(DONE, (hour.id,))])
        profile = self._profiles(hour.station_id)
        owed: set[str] = set()
        if profile is not None:
            made = await self._means(unit, profile, hour.hour_s)
            if made is not None:
                owed = self._owing.owe(unit, profile, made)
                for follow in self._on_made:
                    follow(unit, profile, made)
        await self._writer.store(unit)
        self.made += 1
        return owed

    async def _means(self, unit: Unit, profile: StationProfile, hour_s: int) -> Made | None:
        """Make the means of one hour; None where nothing changed."""
        readings = await readings_of_hour(profile.station_id, hour_s)
        in_use = await newest_versions(profile.station_id, hour_s)
        version = 1 + max((row.version for row in in_use.values()), default=0)
        products: list[Product] = []
        for parameter in sorted(readings):
            mean, old = mean_of(readings[parameter], hour_s, profile.cadence_s), in_use.get(parameter)
            reason = "" if version == 1 else "late or revised readings"
            if old is not None and same_mean(old, mean):
                products.append(_product(parameter, mean, old.unit, old.version, old.reason))
                continue
            products.append(_product(parameter, mean, readings[parameter][-1].unit, version, reason))
            self._row(unit, profile.station_id, hour_s, products[-1])
        changed = frozenset(each.parameter for each in products if each.version == version)
        if not changed:
            return None
        return Made(profile.station_id, Period.HOUR, hour_s, tuple(products), version, changed)

    def _row(self, unit: Unit, station_id: int, hour_s: int, made: Product) -> None:
        key = (self._ids.take("hourly"), station_id, made.parameter, hour_s, made.version)
        made_ms = int(self._now() * 1000)
        facts = (made.value, made.unit, int(made.flag), made.count, made.expected, made_ms, made.reason)
        unit.add("hourly", (*key, *facts))


def _product(parameter: str, mean: HourlyMean, unit: str, version: int, reason: str) -> Product:
    kind = ProductKind.MEAN
    return Product(parameter, kind, mean.value, unit, mean.flag, mean.members, mean.expected, version, reason)


def mean_of(rows: Sequence[HourReading], hour_s: int, cadence_s: int) -> HourlyMean:
    """Average the stored readings of one parameter."""
    members = [Member(row.time_s, row.value, Flag(row.flag)) for row in rows]
    return hourly_mean(members, hour_s, cadence_s)


def same_mean(old: HourlyRow, mean: HourlyMean) -> bool:
    """Whether a stored version says the same as a new mean."""
    return (old.value, old.flag, old.count, old.expected) == (mean.value, mean.flag, mean.members, mean.expected)

"""The air quality index of each hour and day of a station, from its stored means, in versions.

Means in mg/m3 or ng/m3 are brought to µg/m3; Nm3 of ambient air is taken as m3 (both are at 25 °C in QCVN 05:2023);
ppm and ppb are not, since no source says at which temperature: such a pollutant has no part in the index.
Source: QĐ 1459/QĐ-TCMT. The ozone of 8 hours is the largest mean that ends within the day.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import orjson

from actors.hour_products import Hours
from actors.kernel.clock import Now
from actors.products import Product
from actors.rules.aqi import NOWCAST_HOURS, PARTICLES, Aqi, aqi_of_day, aqi_of_hour, nowcast
from actors.rules.aqi_table import load_aqi_table
from actors.station_profile import StationProfile
from actors.versions import frozen
from protocols.symbols import canonical_symbol
from protocols.times import DAY_S, HOUR_S, day_of
from protocols.units import canonical_unit, convert
from protocols.vocabulary import Period, ProductKind, StationKind
from storage.ids import Ids
from storage.products import StoredIndex, StoredProduct, indexes_in_use
from storage.writer import Unit

NOWCAST_REACH_S = (NOWCAST_HOURS - 1) * HOUR_S
POLLUTANTS = {"PM2.5": "pm25", "PM10": "pm10", "O3": "o3_1h", "CO": "co", "SO2": "so2", "NO2": "no2"}
GOAL = "µg/m3"
NORMAL = {"µg/Nm3": "µg/m3", "mg/Nm3": "mg/m3"}
REASON = "changed means"


def micrograms(value: float | None, unit: str) -> float | None:
    """A mean in µg/m3; None where it is missing or its unit does not lead there."""
    own = canonical_unit(unit)
    return None if value is None else convert(value, NORMAL.get(own, own), GOAL)


def measured(profile: StationProfile, hours: Iterable[Hours]) -> dict[str, str]:
    """Pollutant -> parameter, of what a station registers or its hours hold, in a unit that counts."""
    found: dict[str, str] = {}
    told = {(series.symbol, series.unit or ""): None for series in profile.series}  # in order, each once
    told |= {(parameter, product.unit): None for hour in hours for parameter, product in hour.items()}
    for parameter, unit in told:
        pollutant, own = POLLUTANTS.get(canonical_symbol(parameter)), profile.plan.plan(parameter)
        if pollutant and own is not None and own.kind is ProductKind.MEAN and micrograms(0.0, unit) is not None:
            found.setdefault(pollutant, parameter)
    return found


def index_of_hour(
    profile: StationProfile, end_s: int, hours: Mapping[int, Hours]
) -> tuple[Aqi, dict[str, float | None]] | None:
    """The index of an hour and the NowCast of its particles; None where nothing that counts is measured."""
    window, mode = [hours.get(end_s - age * HOUR_S, {}) for age in range(NOWCAST_HOURS)], profile.plan.settings.aqi_mode
    of = measured(profile, window)
    if not of:
        return None
    series = {pm: [_mean(hour.get(of[pm])) for hour in window] for pm in PARTICLES if pm in of}
    gases = {gas: _mean(window[0].get(name)) for gas, name in of.items() if gas not in PARTICLES}
    found = aqi_of_hour(gases, series, load_aqi_table(_day(end_s)), mode)
    return found, {pm: nowcast(means, mode) for pm, means in series.items()}


def index_of_day(
    profile: StationProfile, end_s: int, hours: Mapping[int, Hours], ozone_8h: Sequence[float | None]
) -> Aqi | None:
    """The index of a day from its hours and the 8 h means of ozone that end in it."""
    window = [hours.get(each, {}) for each in range(end_s - DAY_S + HOUR_S, end_s + 1, HOUR_S)]
    of = measured(profile, window)
    if not of:
        return None
    day: dict[str, Sequence[float | None]] = {
        pollutant: [_mean(hour.get(name)) for hour in window] for pollutant, name in of.items()
    }
    if "o3_1h" in of:
        day["o3_8h"] = ozone_8h
    return aqi_of_day(day, load_aqi_table(_day(end_s - HOUR_S)))


class AirIndexes:
    """Adds indexes to units where they differ from those in use."""

    def __init__(self, now: Now, ids: Ids) -> None:
        self._now = now
        self._ids = ids

    async def make_hours(
        self,
        unit: Unit,
        profiles: Mapping[int, StationProfile],
        first_s: int,
        last_s: int,
        fresh: Mapping[int, set[int]],
        hours: Mapping[int, Mapping[int, Hours]],
    ) -> None:
        """Make the indexes of the changed hours, and of those whose NowCast looks back on them."""
        air = [each for each in fresh if profiles[each].kind is StationKind.AIR]
        in_use = await indexes_in_use(air, Period.HOUR, first_s, last_s + NOWCAST_REACH_S)
        for station_id in air:
            known, profile = hours[station_id], profiles[station_id]
            reach = {at + age * HOUR_S for at in fresh[station_id] for age in range(NOWCAST_HOURS)}
            for end_s in sorted(at for at in reach if at in known or self._is_silent(at, known)):
                found = index_of_hour(profile, end_s, known)
                old = in_use.get(station_id, {}).get(end_s)
                if found is not None and (end_s in known or old is not None or any_number(found[1])):
                    self._store(unit, profile, Period.HOUR, end_s, *found, old)

    def _is_silent(self, end_s: int, known: Mapping[int, Hours]) -> bool:
        """Whether nothing came in an hour after one that is there: two of the last three hours make a NowCast still.

        Of the newest hours the empty ones are filled when they are due (actors/empty_hours.py); these came long after.
        """
        return end_s - HOUR_S in known and end_s + HOUR_S <= self._now()

    async def make_days(
        self,
        unit: Unit,
        profiles: Mapping[int, StationProfile],
        end_s: int,
        hours: Mapping[int, Mapping[int, Hours]],
        eight: Mapping[int, Mapping[int, Mapping[str, StoredProduct]]],
    ) -> None:
        """Make the indexes of a day."""
        air = [each for each, profile in profiles.items() if profile.kind is StationKind.AIR]
        in_use = await indexes_in_use(air, Period.DAY, end_s, end_s)
        for station_id in air:
            ozone = [
                micrograms(row.value, row.unit)
                for at in range(end_s - DAY_S + HOUR_S, end_s + 1, HOUR_S)
                for parameter, row in eight.get(station_id, {}).get(at, {}).items()
                if canonical_symbol(parameter) == "O3" and row.kind == ProductKind.MEAN
            ]
            found = index_of_day(profiles[station_id], end_s, hours.get(station_id, {}), ozone)
            if found is not None:
                old = in_use.get(station_id, {}).get(end_s)
                self._store(unit, profiles[station_id], Period.DAY, end_s, found, {}, old)

    def _store(
        self,
        unit: Unit,
        profile: StationProfile,
        period: Period,
        end_s: int,
        found: Aqi,
        nowcasts: dict[str, float | None],
        old: StoredIndex | None,
    ) -> None:
        mode = profile.plan.settings.aqi_mode
        new = (found.value, found.main, found.sub, nowcasts, mode)
        if old is not None and (old.aqi, old.main, old.sub, old.nowcast, old.mode) == new:
            return
        reason = "" if old is None else frozen(profile, end_s, self._now()) + REASON
        key = (self._ids.take("aqi"), profile.station_id, str(period), end_s, 1 if old is None else old.version + 1)
        said = (found.value, found.main, orjson.dumps(found.sub).decode(), orjson.dumps(nowcasts).decode())
        unit.add("aqi", (*key, *said, mode, int(self._now() * 1000), reason))


def any_number(nowcasts: Mapping[str, float | None]) -> bool:
    """Whether there is a NowCast."""
    return any(mean is not None for mean in nowcasts.values())


def _mean(product: Product | None) -> float | None:
    return None if product is None else micrograms(product.value, product.unit)


def _day(time_s: int) -> date:
    return date(*day_of(time_s))

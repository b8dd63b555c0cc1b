"""The look at slow drift: daily means of a series, CUSUM over them, tickets for its alarms, PELT to date the changes.

A series stands at its last judged day with a state of constant size; new days go on from there. Where an older day
changed, its days are made again and the CUSUM is run again from the first day, which costs a millisecond for a year.
Invariant: an alarm makes a ticket and never touches a single value.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from actors.kernel.clock import Now
from actors.rules.cusum import CusumSnapshot, CusumTest, CusumThresholds, Drift
from actors.rules.drift import (
    DAYS_LOOKED_AT,
    NO_DAY,
    DayMean,
    DriftThresholds,
    PeltTable,
    change_days,
    day_mean,
    fed_with,
    hour_means,
)
from actors.rules.threshold_tables import canonical_hash
from protocols.times import DAY_S, day_start
from protocols.vocabulary import Flag
from storage.drift import (
    WITHDRAWN,
    Hours,
    drift_days,
    drift_tickets,
    first_hour,
    hours_made,
    state_key,
    state_of,
    values_by_hour,
)
from storage.ids import Ids
from storage.models import DriftStateRow
from storage.writer import Unit, Writer

CHUNK_DAYS = 60
LONGEST_DAYS = 1500
"""A series that begins earlier is looked at from here on."""
WITHDRAW = (
    "UPDATE drift_tickets SET state = ? WHERE station_id = ? AND parameter = ? AND day_s >= ? AND day_s <= ? "
    "AND state IN ('open', 'confirmed') AND day_s NOT IN ({days})"
)
CONFIRM = "UPDATE drift_tickets SET state = 'confirmed', change_s = ? WHERE id = ? AND state IN ('open', 'confirmed')"


@dataclass(frozen=True, slots=True)
class DriftSeries:
    """One series to look at; `neighbours` are the stations whose median is taken off, none where it has too few."""

    station_id: int
    parameter: str
    cadence_s: int
    cusum: CusumThresholds | None
    pelt: PeltTable | None
    day: DriftThresholds = field(default_factory=DriftThresholds)
    neighbours: tuple[int, ...] = ()
    n_min: int = 3

    @property
    def settings_hash(self) -> str:
        """Changes when the days or their judgement would."""
        return canonical_hash([self.cusum, self.day, self.neighbours, self.n_min, self.cadence_s])


@dataclass(frozen=True, slots=True)
class JudgedDay:
    """One day as it is written down."""

    day_s: int
    mean: DayMean
    fed: float | None
    flag: Flag


class DriftJudge:
    """Brings series up to date; one at a time."""

    def __init__(self, now: Now, writer: Writer, ids: Ids) -> None:
        self._now = now
        self._writer = writer
        self._ids = ids
        self._turn = asyncio.Lock()

    async def renew(self, series: DriftSeries, touched_s: int | None) -> int:
        """Judge the days that are over; returns how many were judged.

        Args:
            touched_s: the earliest hour of the series that changed since it was last looked at; None for none.
        """
        async with self._turn:
            return await self._renew(series, touched_s)

    async def _renew(self, series: DriftSeries, touched_s: int | None) -> int:
        until_s = day_start(int(self._now())) - DAY_S
        kept = await state_of(series.station_id, series.parameter)
        if kept is not None and kept.settings_hash != series.settings_hash:
            kept = None
        if kept is None:
            first_s = await first_hour(series.station_id, series.parameter)
            if first_s is None:
                return 0
            begin_s = from_s = max(day_of_hour(first_s), until_s - LONGEST_DAYS * DAY_S)
        else:
            begin_s, from_s = kept.first_day_s, kept.last_day_s + DAY_S
            if touched_s is not None:
                from_s = min(from_s, max(day_of_hour(touched_s), until_s - LONGEST_DAYS * DAY_S))
                begin_s = min(begin_s, from_s)
        if from_s > until_s:
            return 0
        test = await self._test_before(series, kept, begin_s, from_s)
        for at_s in range(from_s, until_s + 1, CHUNK_DAYS * DAY_S):
            to_s = min(at_s + (CHUNK_DAYS - 1) * DAY_S, until_s)
            judged, alarms = judge_days(await self._days(series, at_s, to_s), test, at_s, to_s)
            await self._store(series, judged, alarms, begin_s, to_s, test)
        return (until_s - from_s) // DAY_S + 1

    async def _test_before(
        self, series: DriftSeries, kept: DriftStateRow | None, begin_s: int, from_s: int
    ) -> CusumTest | None:
        """The CUSUM as it stands before a day: from its state, or run again over the days as they are kept."""
        if series.cusum is None:
            return None
        if kept is not None and from_s == kept.last_day_s + DAY_S and begin_s == kept.first_day_s:
            return CusumTest.from_state(series.cusum, _cusum_state(kept.state))
        test = CusumTest(series.cusum)
        rows = await drift_days(series.station_id, series.parameter, begin_s, from_s - DAY_S)
        fed = {row.day_s: row.fed for row in rows}
        for day_s in range(begin_s, from_s, DAY_S):
            test.push(fed.get(day_s))
        return test

    async def _days(self, series: DriftSeries, from_s: int, to_s: int) -> dict[int, tuple[DayMean, float | None]]:
        """Means of the days from `from_s` to `to_s`, and what CUSUM is fed with."""
        stations = (series.station_id, *series.neighbours)
        hours = await self._hours(series, stations, from_s, to_s + DAY_S)
        means = {station_id: days_of(hours.get(station_id, {}), series) for station_id in stations}
        days: dict[int, tuple[DayMean, float | None]] = {}
        for day_s, day in means[series.station_id].items():
            fed = day.mean
            if series.neighbours:
                around = [means[other].get(day_s, NO_DAY).mean for other in series.neighbours]
                fed = fed_with(day.mean, [mean for mean in around if mean is not None], series.n_min)
            days[day_s] = day, fed
        return days

    async def _hours(self, series: DriftSeries, stations: Sequence[int], after_s: int, to_s: int) -> Hours:
        if series.day.hour_share is None:
            return await hours_made(stations, series.parameter, after_s, to_s)
        values = await values_by_hour(stations, series.parameter, after_s, to_s)
        return {
            station_id: hour_means(by_hour, series.cadence_s, series.day.hour_share)
            for station_id, by_hour in values.items()
        }

    async def _store(
        self,
        series: DriftSeries,
        judged: Sequence[JudgedDay],
        alarms: Sequence[Drift],
        begin_s: int,
        to_s: int,
        test: CusumTest | None,
    ) -> None:
        """Keep some days, their alarms and the state after them, all in one transaction."""
        unit, key = Unit(), (series.station_id, series.parameter)
        for day in judged:
            row = (*key, day.day_s, day.mean.mean, day.mean.hours, day.fed, int(day.flag))
            unit.add("drift_days", (self._ids.take("drift_days"), *row))
        made_ms = int(self._now() * 1000)
        for drift in alarms:
            start_s, day_s = begin_s + drift.start_day * DAY_S, begin_s + drift.day * DAY_S
            ticket = (*key, day_s, drift.direction, start_s, made_ms, "open", None)
            unit.add("drift_tickets", (self._ids.take("drift_tickets"), *ticket))
        if judged:
            standing = ", ".join(str(begin_s + drift.day * DAY_S) for drift in alarms) or "-1"
            sql = WITHDRAW.format(days=standing)
            unit.updates.append((sql, (WITHDRAWN, *key, judged[0].day_s, judged[-1].day_s)))
        state = orjson.dumps([] if test is None else test.state()).decode()
        unit.add("drift_states", (state_key(*key), series.settings_hash, begin_s, to_s, state, 0))
        await self._writer.store(unit)

    async def confirm(self, series: DriftSeries) -> int:
        """The weekly second look: give each alarm of the last 400 days the change that PELT finds near its start."""
        table = series.pelt or PeltTable()
        until_s = day_start(int(self._now())) - DAY_S
        changes = await self.changes(series, until_s - (DAYS_LOOKED_AT - 1) * DAY_S, until_s)
        unit = Unit()
        for ticket in await drift_tickets(series.station_id, series.parameter, until_s - DAYS_LOOKED_AT * DAY_S):
            near = [day_s for day_s in changes if ticket.start_s - table.min_size * DAY_S <= day_s <= ticket.day_s]
            if near:
                nearest_s = min(near, key=lambda day_s: abs(day_s - ticket.start_s))
                unit.updates.append((CONFIRM, (nearest_s, ticket.id)))
        if unit.updates:
            await self._writer.store(unit)
        return len(unit.updates)

    async def changes(self, series: DriftSeries, from_s: int, to_s: int) -> list[int]:
        """The days in a period on which a new level begins; of a long one the last 400 are looked at."""
        rows = await drift_days(series.station_id, series.parameter, from_s, to_s)
        days = [(row.day_s, row.fed) for row in rows if row.fed is not None]
        return change_days(days, series.pelt or PeltTable(), series.cusum.sigma_min if series.cusum else 0.0)


def judge_days(
    days: Mapping[int, tuple[DayMean, float | None]], test: CusumTest | None, from_s: int, to_s: int
) -> tuple[list[JudgedDay], list[Drift]]:
    """Feed the test day by day; a series without CUSUM has days that nobody evaluated."""
    judged: list[JudgedDay] = []
    alarms: list[Drift] = []
    for day_s in range(from_s, to_s + 1, DAY_S):
        mean, fed = days.get(day_s, (NO_DAY, None))
        flag, drift = (Flag.NOT_EVALUATED if fed is not None else Flag.MISSING), None
        if test is not None:
            flag, drift = test.push(fed)
        if drift is not None:
            alarms.append(drift)
        judged.append(JudgedDay(day_s, mean, fed, flag))
    return judged, alarms


def days_of(hours: Mapping[int, float], series: DriftSeries) -> dict[int, DayMean]:
    """Gather hours into days."""
    gathered: dict[int, list[float]] = {}
    for hour_s in sorted(hours):
        gathered.setdefault(day_of_hour(hour_s), []).append(hours[hour_s])
    return {day_s: day_mean(values, series.cadence_s, series.day.day_share) for day_s, values in gathered.items()}


def day_of_hour(hour_s: int) -> int:
    """The day of an hour by its end: the hour that ends at midnight belongs to the day before."""
    return day_start(hour_s - 1)


def _cusum_state(state: Sequence[Any]) -> CusumSnapshot:
    index, silent, baseline, mu, sigma, up, down, up_start, down_start = state
    return index, silent, tuple(baseline), mu, sigma, up, down, up_start, down_start

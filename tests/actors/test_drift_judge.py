"""Drift from the hours of a store: day by day and all at once agree, late days are judged again, neighbours count."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.drift_judge import DriftJudge, DriftSeries, day_of_hour
from actors.rules.cusum import CusumThresholds, judge_drift
from actors.rules.drift import DriftThresholds
from protocols.times import DAY_S, HOUR_S, day_start
from storage.drift import drift_days, drift_tickets
from storage.ids import load_ids
from storage.models import DriftTicketRow, HourlyRow, ReadingRow
from storage.writer import Writer
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio
FIRST_S = day_start(1_774_000_000)
CUSUM = CusumThresholds(M=5, sigma_min=1.0, h=4.0, max_gap=3)
SHIFT = [50.0] * 8 + [53.0] * 6


class Days:
    """A store of hours, with a clock that a test moves from day to day."""

    def __init__(self, writer: Writer, judge: DriftJudge, clock_s: list[float]) -> None:
        self._writer = writer
        self._judge = judge
        self.clock_s = clock_s
        self._versions = 0

    async def keep(self, day: int, value: float | None, station_id: int = 1) -> None:
        """Keep a full day of hours."""
        rows: list[HourlyRow] = []
        for hour in range(1, 25):
            self._versions += 1
            at_s, flag = FIRST_S + day * DAY_S + hour * HOUR_S, 9 if value is None else 1
            rows.append(
                HourlyRow(
                    id=self._versions, station_id=station_id, parameter="COD", hour_s=at_s, version=self._versions,
                    value=value, unit="mg/L", flag=flag, count=12, expected=12, made_ms=0,
                )
            )  # fmt: skip
        await HourlyRow.bulk_create(rows)

    async def renew(self, series: DriftSeries, day: int, touched: int | None = None) -> list[int]:
        """Look at the series on the morning after a day; gives all flags."""
        self.clock_s[0] = FIRST_S + (day + 1) * DAY_S + 9000.0
        await self._judge.renew(series, None if touched is None else FIRST_S + touched * DAY_S + HOUR_S)
        return await self.flags(day)

    async def flags(self, day: int) -> list[int]:
        return [row.flag for row in await drift_days(1, "COD", FIRST_S, FIRST_S + day * DAY_S)]

    async def confirm(self, series: DriftSeries) -> int:
        return await self._judge.confirm(series)


def series(**more: object) -> DriftSeries:
    return DriftSeries(1, "COD", 300, CUSUM, None, **more)  # type: ignore[arg-type]


async def days_of(writer: Writer, database: object) -> Days:
    clock_s = [0.0]
    return Days(writer, DriftJudge(lambda: clock_s[0], writer, await load_ids(database)), clock_s)  # type: ignore[arg-type]


async def test_day_by_day_it_says_what_the_rule_says_of_the_whole_and_opens_a_ticket(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, writer):
        days = await days_of(writer, database)
        for day, value in enumerate(SHIFT):
            await days.keep(day, value)
            await days.renew(series(), day)
        flags, drifts = judge_drift(SHIFT, CUSUM)
        assert await days.flags(len(SHIFT)) == flags
        (ticket,) = await drift_tickets(1, "COD")
        assert ticket.day_s == FIRST_S + drifts[0].day * DAY_S and ticket.state == "open"
        assert ticket.start_s == FIRST_S + drifts[0].start_day * DAY_S
        for day in range(len(SHIFT), 25):
            await days.keep(day, 53.0)
        await days.renew(series(), 24)
        assert await days.confirm(series()) == 1
        (ticket,) = await drift_tickets(1, "COD")
        assert (ticket.state, ticket.change_s) == ("confirmed", FIRST_S + 8 * DAY_S)


async def test_a_late_day_is_judged_again_from_there_and_its_alarm_may_fall(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, writer):
        days = await days_of(writer, database)
        for day, value in enumerate(SHIFT):
            await days.keep(day, value)
        await days.renew(series(), len(SHIFT) - 1)
        assert await DriftTicketRow.all().count() == 1
        mended = [*SHIFT[:8], *[50.0] * 6]
        for day in range(8, 14):
            await days.keep(day, 50.0)
        assert await days.renew(series(), len(SHIFT) - 1, touched=8) == judge_drift(mended, CUSUM)[0]
        assert await drift_tickets(1, "COD") == []
        assert (await DriftTicketRow.get()).state == "withdrawn"


async def test_a_day_with_too_few_hours_is_missing_and_changes_nothing(sqlite_url: str) -> None:
    values = [50.0, None, 50.0, 50.0]
    async with opened(sqlite_url) as (database, writer):
        days = await days_of(writer, database)
        for day, value in enumerate(values):
            await days.keep(day, value)
        assert await days.renew(series(), 3) == judge_drift(values, CUSUM)[0]


async def test_what_the_neighbours_show_too_is_weather_and_no_drift(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, writer):
        days = await days_of(writer, database)
        for day, value in enumerate(SHIFT):
            for station_id in (1, 2, 3, 4):
                await days.keep(day, value, station_id)
        around = series(neighbours=(2, 3, 4))
        flags = await days.renew(around, len(SHIFT) - 1)
        assert flags == [2] * 5 + [1] * 9 and not await DriftTicketRow.exists()


async def test_one_reading_a_day_is_a_day_where_the_inventory_says_so(sqlite_url: str) -> None:
    async with opened(sqlite_url) as (database, writer):
        days = await days_of(writer, database)
        for day, value in enumerate(SHIFT):
            at_s = FIRST_S + day * DAY_S + 12 * HOUR_S
            await ReadingRow.create(
                id=day + 1, station_id=1, parameter="COD", time_s=at_s, value=value, raw_text="", unit="mg/L",
                device_status="00", flag=1, file_id=1, line=day,
            )  # fmt: skip
            await HourlyRow.create(
                id=day + 1, station_id=1, parameter="COD", hour_s=at_s, version=1, value=None, unit="mg/L", flag=9,
                count=1, expected=12, made_ms=0,
            )  # fmt: skip
        one = series(day=DriftThresholds(day_share=0, hour_share=0))
        assert await days.renew(one, len(SHIFT) - 1) == judge_drift(SHIFT, CUSUM)[0]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(10)))
async def test_days_may_come_in_any_order(sqlite_url: str, order: list[int], tmp_path: Path) -> None:
    values = SHIFT[4:14]
    async with opened(sqlite_url) as (database, writer):
        await HourlyRow.all().delete()
        for table in ("drift_days", "drift_states", "drift_tickets"):
            await database.connection().execute_query(f"DELETE FROM {table}")
        days = await days_of(writer, database)
        for day in order:
            await days.keep(day, values[day])
            await days.renew(series(), 9, touched=day)
        assert await days.flags(9) == judge_drift(values, CUSUM)[0]


async def test_the_hour_that_ends_at_midnight_belongs_to_the_day_before() -> None:
    assert day_of_hour(FIRST_S) == FIRST_S - DAY_S and day_of_hour(FIRST_S + 1) == FIRST_S

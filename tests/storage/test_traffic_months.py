"""Months of vehicles: whatever happened in whatever order, a period is the sum of its days."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.times import day_begin, day_number, day_start_of
from storage.database import Database
from storage.models import TrafficDayRow, TrafficMonthRow, VehicleOwnerRow, VehicleRow
from storage.sqlite_engine import SqliteEngine
from storage.traffic_days import COUNTS, DROP_DAYS, counts_of, driven, row_id
from storage.traffic_months import BEGUN, MADE, SPAN, SUMS, days_of, forgotten, month_of, month_unit, whole_months
from storage.traffic_sums import Asked, TrafficSums
from storage.vehicle_owners import OPEN
from storage.writer import Unit, Writer
from tests.storage.blank import open_blank
from tests.storage.stores import opened

JANUARY = month_of(day_number(day_start_of(date(2026, 1, 1))))
FIRST, LAST = days_of(JANUARY - 1)[0], days_of(JANUARY + 3)[1]
VEHICLES = (-2, -1, 1, 2, 3)
Step = tuple[Any, ...]

months = st.integers(JANUARY, JANUARY + 2)
days = st.one_of(st.integers(FIRST, LAST), months.map(lambda month: days_of(month)[0]))
vehicles = st.sampled_from(VEHICLES)
written = st.one_of(
    st.tuples(st.just("drive"), vehicles, days, st.integers(1, 9_999_999), st.integers(0, 80_000)),
    st.tuples(st.just("count"), vehicles, days, st.lists(st.integers(0, 5), min_size=16, max_size=16)),
)
steps = st.one_of(written, st.tuples(st.just("sell"), vehicles, days), st.tuples(st.just("expire"), days))
some = st.lists(steps, max_size=8)
turns = st.tuples(st.sampled_from(["over", "over", "half"]), months)
scripts = st.tuples(some, turns, some, turns, st.lists(written, min_size=3, max_size=8), some).map(
    lambda parts: [step for part in parts for step in (part if isinstance(part, list) else [part])]
)
whole = st.tuples(months.map(lambda month: days_of(month - 1)[0]), months.map(lambda month: days_of(month)[1]))
periods = st.one_of(whole, st.tuples(days, days))


class Fleet:
    """A store with some vehicles of no days yet."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self.database = database
        self.writer = writer
        self.made = JANUARY - 2

    async def begin(self) -> None:
        for model in (TrafficDayRow, TrafficMonthRow, VehicleOwnerRow, VehicleRow):
            await model.all().delete()
        for number in VEHICLES:
            await VehicleRow.create(id=number, plate=f"29A{number}")
            await self._own(number, 0, OPEN, "A")
        await self._mark(BEGUN, JANUARY - 2)
        await self._mark(MADE, JANUARY - 2)

    async def _own(self, number: int, from_day: int, to_day: int, company: str) -> None:
        await VehicleOwnerRow.create(
            id=row_id(number, from_day), vehicle_id=number, from_day=from_day, to_day=to_day, company=company,
            department="", terminal="", provider="", business="", registered=True,
        )  # fmt: skip

    async def _mark(self, name: str, month: int) -> None:
        unit = Unit()
        unit.mark(name, month)
        await self.writer.store(unit)

    async def take(self, step: Step) -> None:
        match step:
            case ("drive", number, day, way_dm, moving_s):
                await self.writer.store(Unit(updates=[*driven(number, day_begin(day), way_dm / 10, moving_s, 3)]))
            case ("count", number, day, counts):
                await self.writer.store(Unit(updates=[*counts_of(number, day, counts)]))
            case ("over" | "half", month) if month > self.made:
                await self._mark(BEGUN, month)
                for each in range(self.made + 1, month + 1):
                    await self.writer.store(month_unit(each, -2, 1))  # a kill after the first part
                    if step[0] == "over":
                        await self.writer.store(month_unit(each, 2, 3))
                if step[0] == "over":
                    await self._mark(MADE, month)
                    self.made = month
            case ("sell", number, day):
                stands = await VehicleOwnerRow.get(vehicle_id=number, to_day=OPEN)
                if stands.from_day < day:
                    await VehicleOwnerRow.filter(id=stands.id).update(to_day=day - 1)
                    await self._own(number, day, OPEN, stands.company + "'")
            case ("expire", day):
                dropped = (DROP_DAYS, (day, VEHICLES[0], VEHICLES[-1]))
                await self.writer.store(Unit(updates=[dropped, *forgotten(day, VEHICLES[0], VEHICLES[-1])]))
            case _:
                pass  # that month was over before

    async def told(self, asked: Asked) -> dict[tuple[int, str], list[float]]:
        """What a report adds up."""
        found: dict[tuple[int, str], list[float]] = {}
        async for rows in TrafficSums(self.database).vehicles(asked, SUMS, named=True):
            for row in rows:
                key = row["vehicle_id"], row["company"]
                add(found.setdefault(key, [0] * len(SUMS)), [row[name] for name in SUMS])
        return {key: [round(value, 1) for value in values] for key, values in found.items()}

    async def true(self, asked: Asked) -> dict[tuple[int, str], list[float]]:
        """The sum of the days, one by one."""
        found: dict[tuple[int, str], list[float]] = {}
        kept: defaultdict[int, list[TrafficDayRow]] = defaultdict(list)
        for row in await TrafficDayRow.all():
            kept[row.id // SPAN].append(row)
        for owner in await VehicleOwnerRow.all():
            if owner.from_day > asked.to_day or owner.to_day < asked.from_day:
                continue
            sums = found.setdefault((owner.vehicle_id, owner.company), [0] * len(SUMS))
            for row in kept[owner.vehicle_id]:
                day = row.id % SPAN
                if max(asked.from_day, owner.from_day) <= day <= min(asked.to_day, owner.to_day):
                    own = {"active_days": int(row.moving_s > 0), "driving_days": int(row.continuous + row.daily > 0)}
                    add(sums, [own[name] if name in own else getattr(row, name) for name in SUMS])
        return {key: [round(value, 1) for value in values] for key, values in found.items()}

    async def check(self, script: Sequence[Step], period: tuple[int, int]) -> None:
        await self.begin()
        for step in script:
            await self.take(step)
        asked = Asked(min(period), max(period))
        assert await self.told(asked) == await self.true(asked)


def add(sums: list[float], values: Sequence[float]) -> None:
    for at, (name, value) in enumerate(zip(SUMS, values, strict=True)):
        sums[at] = max(sums[at], value) if name == "worst_kmh" else sums[at] + value


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Fleet]]:
    folder: Path = tmp_path_factory.mktemp("months")
    with asyncio.Runner() as runner:
        database = runner.run(open_blank(folder))
        writer = Writer(SqliteEngine(folder / "trambox.db"), database.pen)
        runner.run(writer.open())
        yield runner, Fleet(database, writer)
        runner.run(writer.close())
        runner.run(database.close())


@settings(deadline=None, max_examples=25)
@given(script=scripts, period=periods)
def test_a_period_is_the_sum_of_its_days_whatever_happened_before(
    ground: tuple[asyncio.Runner, Fleet], script: list[Step], period: tuple[int, int]
) -> None:
    """Days written late, counted again, sold vehicles, a kill while months are made, and days that were let go."""
    runner, fleet = ground
    fleet.made = JANUARY - 2
    runner.run(fleet.check(script, period))


@pytest.mark.asyncio
async def test_both_engines_keep_months_up(store_url: str) -> None:
    random = Random(4)
    async with opened(store_url) as (database, writer):
        fleet = Fleet(database, writer)
        script: list[Step] = []
        for _ in range(120):
            day = random.randint(FIRST, LAST)
            script.append(("drive", random.choice(VEHICLES), day, random.randrange(9_999_999), 60))
            script.append(("count", random.choice(VEHICLES), day, [random.randrange(4) for _ in COUNTS]))
        script[60:60] = [("half", JANUARY + 1)]
        script[120:120] = [("over", JANUARY + 1), ("sell", 2, days_of(JANUARY)[0] + 9)]
        script.append(("expire", FIRST + 12))
        await fleet.check(script, (FIRST + 5, LAST - 5))
        assert await TrafficMonthRow.all().count() > 10


def test_only_months_that_lie_whole_in_a_period_and_were_made_are_taken() -> None:
    first, last = days_of(JANUARY)
    assert list(whole_months(first, last, JANUARY)) == [JANUARY]
    assert list(whole_months(first + 1, last, JANUARY)) == []
    assert list(whole_months(first, last - 1, JANUARY)) == []
    assert list(whole_months(first, last, JANUARY - 1)) == []
    assert list(whole_months(first - 1, last + 28, JANUARY + 9)) == [JANUARY, JANUARY + 1]
    assert list(whole_months(0, last, JANUARY)) == list(range(JANUARY + 1))

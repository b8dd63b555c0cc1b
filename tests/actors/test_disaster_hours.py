"""What is said afterwards of increased frequency: hours that are made already expect other records from then on."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from actors.disaster_view import DisasterRefused
from actors.disasters import Disasters
from actors.station import StationActor
from protocols.times import HOUR_S
from storage.ids import load_ids
from storage.models import AreaRow, DirtyHourRow, HourlyRow
from tests.actors.averaging_kit import MIDNIGHT_S, Clock, air_profile, clock_over, day_of_values

pytestmark = pytest.mark.asyncio
HOURS = 4
NOW_S = MIDNIGHT_S + HOURS * HOUR_S + 600
CODE = "HY_KHI"


class Coast:
    """An area with a station whose first four hours are made, at six records an hour."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.actor = StationActor(clock.profile)
        self.touched = 0
        clock.averaging.hours.pace = lambda profile: self.actor.timetable

    async def open(self, stations: list[str]) -> None:
        await AreaRow.create(name="coast", stations=stations)
        database = self.clock.database
        ids = await load_ids(database)
        self.disasters = Disasters(
            lambda: self.clock.now_s, database, ids, lambda: {CODE: self.actor}, lambda actor: None, self._touched
        )
        await self.disasters.load(at_start=True)
        await self.clock.put(day_of_values(MIDNIGHT_S, HOURS))
        await self.clock.make(NOW_S)

    def _touched(self) -> None:
        self.touched += 1

    async def declare(self, from_s: int, to_s: int | None = None) -> None:
        await self.disasters.declare("coast", from_s, to_s, 60, "bão số 3", "an")
        await self.clock.make(NOW_S)

    async def hours(self) -> list[tuple[int, int, int, str]]:
        """Of one parameter: hour, version, expected, reason; the version in use of each hour."""
        rows = await HourlyRow.filter(parameter="O3").order_by("hour_s", "version")
        last = {(row.hour_s - MIDNIGHT_S) // HOUR_S: (row.version, row.expected, row.reason) for row in rows}
        return [(hour, *told) for hour, told in last.items()]


@asynccontextmanager
async def coast(url: str, stations: list[str]) -> AsyncGenerator[Coast]:
    async with clock_over(url, air_profile()) as clock:
        found = Coast(clock)
        await found.open(stations)
        yield found


async def test_hours_made_before_it_was_declared_expect_what_the_disaster_expected(store_url: str) -> None:
    async with coast(store_url, [CODE]) as at:
        await at.declare(MIDNIGHT_S + 2 * HOUR_S)
        assert at.touched == 1
        assert await at.hours() == [
            (1, 1, 6, ""),
            (2, 1, 6, ""),
            (3, 2, 60, "expected records: 6 -> 60"),
            (4, 2, 60, "expected records: 6 -> 60"),
        ]
        assert await DirtyHourRow.filter(hour_s__lte=NOW_S).count() == 0


async def test_an_end_put_right_gives_the_hours_after_it_their_pace_back(sqlite_url: str) -> None:
    async with coast(sqlite_url, [CODE]) as at:
        await at.declare(MIDNIGHT_S + HOUR_S)
        await at.disasters.end("coast", "binh", MIDNIGHT_S + 3 * HOUR_S)
        await at.clock.make(NOW_S)
        assert [told[:3] for told in await at.hours()] == [(1, 1, 6), (2, 2, 60), (3, 2, 60), (4, 3, 6)]
        row = await at.disasters.end("coast", "chi", MIDNIGHT_S + 4 * HOUR_S)
        await at.clock.make(NOW_S)
        assert (await at.hours())[-1] == (4, 4, 60, "expected records: 6 -> 60")
        assert (row.to_s, row.ended_by) == (MIDNIGHT_S + 4 * HOUR_S, "chi")


async def test_an_end_that_cannot_be_is_refused(sqlite_url: str) -> None:
    async with coast(sqlite_url, [CODE]) as at:
        with pytest.raises(KeyError):
            await at.disasters.end("coast", "binh", MIDNIGHT_S)
        await at.declare(MIDNIGHT_S + HOUR_S, NOW_S + HOUR_S)
        with pytest.raises(DisasterRefused, match="cannot have ended before"):
            await at.disasters.end("coast", "binh", MIDNIGHT_S)
        await at.disasters.end("coast", "binh", MIDNIGHT_S + 2 * HOUR_S)
        await at.declare(MIDNIGHT_S + 3 * HOUR_S, NOW_S + HOUR_S)
        await at.disasters.end("coast", "binh")
        with pytest.raises(DisasterRefused, match="cannot have ended before"):
            await at.disasters.end("coast", "binh", MIDNIGHT_S + 2 * HOUR_S)


async def test_a_station_that_an_import_brings_into_the_area_gets_the_pace_of_its_disasters(sqlite_url: str) -> None:
    async with coast(sqlite_url, []) as at:
        await at.declare(MIDNIGHT_S + 2 * HOUR_S)
        assert (await at.hours())[-1] == (4, 1, 6, "")
        await AreaRow.filter(name="coast").update(stations=[CODE])
        await at.disasters.load()
        await at.clock.make(NOW_S)
        assert [told[:3] for told in await at.hours()] == [(1, 1, 6), (2, 1, 6), (3, 2, 60), (4, 2, 60)]
        await AreaRow.filter(name="coast").update(stations=[])
        await at.disasters.load()
        await at.clock.make(NOW_S)
        assert [told[:3] for told in await at.hours()] == [(1, 1, 6), (2, 1, 6), (3, 3, 6), (4, 3, 6)]

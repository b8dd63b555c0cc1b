"""Increased frequency during a disaster, in virtual time: what a station is due, and that it goes back by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from actors.disaster_view import DisasterRefused
from actors.disasters import Disasters
from actors.kernel.sealed import seal
from actors.messages import DeadlinePassed, Flipped, GapChanged
from actors.station import StationActor
from protocols.times import HOUR_S
from protocols.vocabulary import Freshness
from storage.database import Database
from storage.ids import load_ids
from storage.models import AreaRow, DirtyHourRow, DisasterRow
from tests.actors.station_kit import CADENCE_S, GRACE_S, NOON_S, file, look, reading, station
from tests.storage.blank import open_blank

pytestmark = pytest.mark.asyncio


class Coast:
    """An area with the station TB_A, and a clock that the test turns."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now_s = float(NOON_S)
        self.actor = station()
        self.looked: list[StationActor] = []
        self.touched = 0

    async def open(self) -> "Coast":
        await AreaRow.get_or_create(name="coast", defaults={"title": "Ven biển", "stations": ["TB_A", "TB_GONE"]})
        ids = await load_ids(self.database)
        self.disasters = Disasters(
            lambda: self.now_s, self.database, ids, lambda: {"TB_A": self.actor}, self.looked.append, self.touch
        )
        await self.disasters.load(at_start=True)
        return self

    def touch(self) -> None:
        self.touched += 1

    async def hours(self) -> set[int]:
        """The hours that wait to be made again; they are taken off the list."""
        found = {row.hour_s for row in await DirtyHourRow.all()}
        await DirtyHourRow.all().delete()
        return found

    async def declare(self, minutes: int | None = 60, cadence_s: int = 60) -> DisasterRow:
        to_s = None if minutes is None else int(self.now_s) + minutes * 60
        return await self.disasters.declare("coast", int(self.now_s), to_s, cadence_s, "bão số 3", "an")


@pytest_asyncio.fixture
async def coast(tmp_path: Path) -> AsyncIterator[Coast]:
    database = await open_blank(tmp_path)
    try:
        yield await Coast(database).open()
    finally:
        await database.close()


async def test_a_station_of_the_area_is_due_sooner_and_afterwards_as_ever(coast: Coast) -> None:
    actor = coast.actor
    actor.receive(file(1, NOON_S, reading(NOON_S, 5.0)))
    assert actor.due_s == NOON_S + CADENCE_S
    await coast.declare(minutes=60)
    assert (actor.due_s, actor.deadline_s, coast.looked) == (NOON_S + 60, NOON_S + 60, [actor])
    (flip,) = [each for each in actor.receive(look(NOON_S + 60)) if isinstance(each, Flipped)]
    assert (flip.now, flip.at_s) == (Freshness.LATE, NOON_S + 60)
    (flip,) = [each for each in actor.receive(look(NOON_S + 60 + GRACE_S)) if isinstance(each, Flipped)]
    assert flip.now is Freshness.SILENT
    last_s = NOON_S + 3600
    actor.receive(file(2, last_s, reading(last_s, 5.0)))
    assert actor.due_s == last_s + CADENCE_S


async def test_gaps_count_what_the_disaster_expected(coast: Coast) -> None:
    await coast.declare(minutes=10)
    coast.actor.receive(file(1, NOON_S, reading(NOON_S, 5.0)))
    effects = coast.actor.receive(file(2, NOON_S + 600, reading(NOON_S + 600, 5.0)))
    assert [each.missing for each in effects if isinstance(each, GapChanged)] == [9]
    effects = coast.actor.receive(file(3, NOON_S + 900, reading(NOON_S + 900, 5.0)))
    assert [each for each in effects if isinstance(each, GapChanged)] == []


async def test_a_disaster_holds_over_a_restart_and_ends_at_its_hour(coast: Coast) -> None:
    coast.actor.receive(file(1, NOON_S, reading(NOON_S, 5.0)))
    await coast.declare(minutes=60)
    kept = seal(coast.actor.snapshot())
    coast.actor = station()
    coast.actor.resume(1, kept)
    coast.now_s += 600
    await coast.open()
    assert coast.actor.deadline_s == NOON_S + 60
    assert coast.disasters.struck() == {coast.actor.profile.station_id}
    coast.now_s += 3600
    assert coast.disasters.struck() == frozenset()
    coast.actor.receive(DeadlinePassed(0, 0, coast.now_s))
    coast.actor.receive(file(2, coast.now_s, reading(int(coast.now_s), 5.0)))
    assert coast.actor.due_s == coast.now_s + CADENCE_S


async def test_who_ends_it_early_is_kept(coast: Coast) -> None:
    await coast.declare(minutes=None)
    coast.now_s += 120
    row = await coast.disasters.end("coast", "binh")
    assert (row.to_s, row.begun_by, row.ended_by) == (NOON_S + 120, "an", "binh")
    (view,) = coast.disasters.views()
    assert [each["state"] for each in view["disasters"]] == ["over"]
    with pytest.raises(KeyError):
        await coast.disasters.end("coast", "binh")
    await coast.declare()
    assert await DisasterRow.all().count() == 2


async def test_what_has_not_begun_is_taken_back(coast: Coast) -> None:
    await coast.disasters.declare("coast", NOON_S + 600, None, 60, "tin bão", "an")
    assert coast.disasters.views()[0]["disasters"][0]["state"] == "coming"
    row = await coast.disasters.end("coast", "an")
    assert row.to_s == row.from_s
    assert coast.disasters.views()[0]["disasters"][0]["state"] == "over"
    assert coast.actor.timetable == coast.actor.profile.timetable


@pytest.mark.parametrize(
    ("from_s", "to_s", "cadence_s", "reason", "field"),
    [
        (0, None, 30, "bão", "cadence_s"),
        (0, -60, 60, "bão", "to"),
        (-7200, -3600, 60, "bão", "to"),
        (0, None, 60, "  ", "reason"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_its_field(
    coast: Coast, from_s: int, to_s: int | None, cadence_s: int, reason: str, field: str
) -> None:
    with pytest.raises(DisasterRefused) as refused:
        await coast.disasters.declare(
            "coast", NOON_S + from_s, None if to_s is None else NOON_S + to_s, cadence_s, reason, "an"
        )
    assert refused.value.field == field


async def test_a_second_one_over_the_first_is_refused(coast: Coast) -> None:
    await coast.declare()
    with pytest.raises(DisasterRefused, match="end it first"):
        await coast.declare()
    with pytest.raises(KeyError):
        await coast.disasters.declare("hills", NOON_S, None, 60, "bão", "an")


async def test_an_area_that_an_import_changed_while_nothing_ran_is_followed_at_the_start(coast: Coast) -> None:
    """The station left the area: its hours of the disaster are made again, once, with what is expected of it now."""
    await coast.declare(minutes=120)
    coast.now_s += 3 * 3600
    await coast.open()
    await coast.hours()
    coast.touched = 0
    await AreaRow.filter(name="coast").update(stations=["TB_GONE"])
    await coast.open()
    assert await coast.hours() == {NOON_S + HOUR_S, NOON_S + 2 * HOUR_S}
    assert coast.touched == 1
    await coast.open()
    assert await coast.hours() == set()
    await AreaRow.filter(name="coast").update(stations=["TB_A"])
    await coast.disasters.load()
    assert len(await coast.hours()) == 2, "and while it runs"
    assert coast.touched == 2


async def test_an_area_that_is_new_or_older_than_this_makes_nothing_again(coast: Coast) -> None:
    await coast.declare(minutes=120)
    coast.now_s += 3 * 3600
    await coast.hours()
    await AreaRow.filter(name="coast").update(followed=None)
    await coast.open()
    assert await coast.hours() == set()
    assert (await AreaRow.get(name="coast")).followed == ["TB_A", "TB_GONE"]

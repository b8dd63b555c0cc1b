"""Those that sleep are read once, counted as if each were looked at, and go where they wake."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pytest
from typing_extensions import override

from actors.fleet import Fleet, Place
from actors.kernel.sealed import seal
from actors.map_feed import SWEEP_S, FleetGrid, MapFeed
from actors.map_view import Tally, Wanted, told
from actors.messages import DeadlinePassed, WaypointStored
from actors.vehicle import VehicleActor
from protocols.waypoint import Waypoint
from storage.fleet import FleetRow
from tests.actors.test_map_view import LIMITS, WINDOW

T0 = 1_780_000_000
PLACES = [(105.0 + number / 40, 20.0 + number / 50) for number in range(101)]
"""From below the window's lower left corner, along its diagonal, to above it; 81 of them stand in it."""
pytestmark = pytest.mark.asyncio


class Asked(Fleet):
    """A fleet that counts how often one of its vehicles is asked for."""

    asked = 0

    @override
    def pin(self, vehicle_id: int) -> VehicleActor | Place | None:
        self.asked += 1
        return super().pin(vehicle_id)


@dataclass
class Country:
    """Vehicles that sleep, and a clock."""

    fleet: Asked
    now_s: float = 0.0

    def __post_init__(self) -> None:
        self.grid = FleetGrid(self.fleet, lambda: self.now_s)

    async def exactly(self, wanted: Wanted) -> dict[str, Any]:
        """Look at each vehicle by itself."""
        pins = [pin for number in self.fleet if (pin := self.fleet.pin(number)) is not None]
        return told((await Tally(wanted).look(pins)).found(), wanted)

    async def after_a_sweep(self, feed: MapFeed) -> dict[str, Any]:
        self.now_s += SWEEP_S
        return await feed.whole()


def country(places: Collection[tuple[float, float]] = PLACES) -> Country:
    """One vehicle at each place, every third silent."""

    def called(row: FleetRow) -> VehicleActor:
        actor = VehicleActor(row.id, row.plate, None, LIMITS)
        assert row.state is not None and actor.sleep(row.seq or 0, row.state)
        fleet.add(actor)
        return actor

    fleet = Asked(called)
    rows = []
    for number, (lon, lat) in enumerate(places, 1):
        actor = VehicleActor(number, f"29A{number:05}", None, LIMITS)
        actor.restore(None)
        actor.receive(WaypointStored(1, T0 * 1000, waypoint(actor.plate, lon, lat)))
        if number % 3 == 0:
            actor.receive(DeadlinePassed(0, T0 + 1800.0, T0 + 9000.0))
        rows.append(FleetRow(number, actor.plate, "", None, None, None, 1, 1, T0, b"", seal(actor.snapshot())))
    fleet.lay_down(rows)
    return Country(fleet)


def waypoint(plate: str, lon: float, lat: float, time_s: int = T0) -> Waypoint:
    return Waypoint(plate, "", 40.0, time_s, lon, lat, 90.0, None, None, None)


@pytest.mark.parametrize("limit", [10, 1000])
@pytest.mark.parametrize(
    "narrowed", [{}, {"state": "silent"}, {"q": "0001"}, {"plates": {"29A00001", "29A00007"}}, {"violating": True}]
)
async def test_the_columns_say_what_a_look_at_each_row_says(limit: int, narrowed: dict[str, Any]) -> None:
    there = country()
    wanted = Wanted(WINDOW, limit, lambda pin: True, **narrowed)
    exact = await there.exactly(wanted)
    assert exact == told(await there.grid.all(wanted), wanted) == await MapFeed(there.grid, wanted).whole()
    assert narrowed or exact["total"] == 81
    assert there.fleet.awake() == []


async def test_however_often_a_map_looks_each_row_is_read_once() -> None:
    there = country()
    feed = MapFeed(there.grid, Wanted(WINDOW, 10, lambda pin: False))
    first = await feed.whole()
    read = there.fleet.asked
    for _ in range(3):
        assert await there.after_a_sweep(feed) == first
    assert (read, there.fleet.asked) == (len(PLACES), len(PLACES))


@pytest.mark.parametrize("limit", [10, 1000])
async def test_who_wakes_and_drives_is_counted_once_where_it_is(limit: int) -> None:
    there = country()
    wanted = Wanted(WINDOW, limit, lambda pin: False)
    feed = MapFeed(there.grid, wanted)
    await feed.whole()
    for number in (2, 101):
        actor = there.fleet.actor(number)
        actor.receive(WaypointStored(2, (T0 + 30) * 1000, waypoint(actor.plate, 106.5, 20.5, T0 + 30)))
        assert (await feed.whole())["total"] == 81
    seen = await there.after_a_sweep(feed)
    exact = await there.exactly(wanted)
    assert seen["total"] == exact["total"] == 82 and seen["cells"] == exact["cells"]
    if limit == 1000:
        assert dict(zip(*by(seen, "plate", "lon"), strict=True))["29A00002"] == 106.5


async def test_who_comes_later_and_sleeps_is_found_too() -> None:
    there = country(PLACES[:5])
    feed = MapFeed(there.grid, Wanted(WINDOW, 10, lambda pin: False))
    assert (await feed.whole())["total"] == 5
    row = there.fleet.sleeping[5]
    there.fleet.lay_down([row._replace(id=6, plate="29A00006"), FleetRow(7, "29A00007", "", None, None, None)])
    assert (await there.after_a_sweep(feed))["vehicles"]["plate"][-1] == "29A00006"


def by(view: dict[str, Any], *names: str) -> list[list[Any]]:
    return [view["vehicles"][name] for name in names]

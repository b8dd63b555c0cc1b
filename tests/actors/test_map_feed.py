"""A follower of the map is told everything once, then what moved, went or came, and never more than its limit."""

import pytest

from actors.map_feed import SWEEP_S, FleetGrid, MapFeed
from actors.map_view import Wanted, Window
from actors.vehicle import VehicleActor
from protocols.waypoint import Waypoint
from tests.actors.listed import Listed
from tests.actors.test_map_view import WINDOW, vehicle


class Country:
    """Vehicles, a clock, and how often all of them were walked over."""

    def __init__(self, fleet: list[VehicleActor]) -> None:
        self.fleet = fleet
        self.now_s = 0.0
        self.listed = Listed(fleet)
        self.grid = FleetGrid(self.listed, lambda: self.now_s)

    @property
    def walks(self) -> int:
        return self.listed.walks

    def feed(self, limit: int = 10, window: Window = WINDOW) -> MapFeed:
        return MapFeed(self.grid, Wanted(window, limit, lambda actor: False))


def drive(actor: VehicleActor, lon: float, lat: float = 21.0) -> None:
    assert actor.last is not None
    actor.last = Waypoint(actor.plate, "", 40.0, actor.last.time_s + 30, lon, lat, 90.0, None, None, None)


@pytest.mark.asyncio
async def test_what_moves_is_told_and_what_stands_is_not() -> None:
    country = Country([vehicle(1, 105.5, 21.0), vehicle(2, 105.6, 21.0)])
    feed = country.feed()
    assert (await feed.whole())["total"] == 2
    assert feed.moved() is None
    drive(country.fleet[1], 105.61)
    told = feed.moved()
    assert told is not None
    kind, data = told
    assert (kind, data["vehicles"]["plate"], data["vehicles"]["lon"], data["gone"]) == (
        "moved",
        ["29A00002"],
        [105.61],
        [],
    )
    assert feed.moved() is None


@pytest.mark.asyncio
async def test_who_leaves_is_gone_at_once_and_who_comes_is_found_by_the_next_look_around() -> None:
    country = Country([vehicle(1, 105.5, 21.0), vehicle(2, 110.0, 21.0)])
    feed = country.feed()
    await feed.whole()
    drive(country.fleet[0], 108.0)
    drive(country.fleet[1], 106.0)
    told = feed.moved()
    assert told is not None and told[1]["gone"] == ["29A00001"] and told[1]["total"] == 0
    country.now_s += SWEEP_S
    told = await feed.look_around()
    assert told is not None and told[1]["vehicles"]["plate"] == ["29A00002"] and told[1]["gone"] == []
    assert await feed.look_around() is None


@pytest.mark.asyncio
async def test_above_the_limit_there_are_counts_and_below_it_vehicles_again() -> None:
    country = Country([vehicle(number, 105.1 + number / 100, 21.0) for number in range(5)])
    feed = country.feed(limit=4)
    view = await feed.whole()
    assert view["vehicles"] is None and sum(count for _, _, count in view["cells"]) == 5
    assert feed.moved() is None and await feed.look_around() is None
    drive(country.fleet[0], 120.0)
    country.now_s += SWEEP_S
    told = await feed.look_around()
    assert told is not None and told[0] == "view" and len(told[1]["vehicles"]["plate"]) == 4


@pytest.mark.asyncio
async def test_many_followers_share_one_walk_over_the_vehicles() -> None:
    country = Country([vehicle(number, 105.1 + number / 100, 21.0) for number in range(50)])
    small = Window(105.1, 20.9, 105.2, 21.1)
    feeds = [country.feed(100, small) for _ in range(20)]
    views = [await feed.whole() for feed in feeds]
    assert {view["total"] for view in views} == {11} and country.walks == 1
    country.now_s += SWEEP_S
    for feed in feeds:
        await feed.look_around()
    assert country.walks == 2


@pytest.mark.asyncio
async def test_a_scope_that_became_narrower_lets_vehicles_go() -> None:
    country = Country([vehicle(1, 105.5, 21.0), vehicle(2, 105.6, 21.0)])
    feed = country.feed()
    await feed.whole()
    feed.narrow(frozenset({"29A00001"}))
    told = await feed.look_around()
    assert told is not None and told[1]["gone"] == ["29A00002"] and told[1]["total"] == 1

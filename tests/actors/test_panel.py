"""The live board over real actors."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actors import census
from actors.board import Concern, ForwardView
from actors.events import Events
from actors.kernel.actor import Intensity
from actors.kernel.services import Services
from actors.messages import Flipped
from actors.panel import FLIPS_PUSHED, Panel, lateness
from protocols.vocabulary import ActorState, DeliveryState, Freshness
from tests.actors.station_kit import NOON_S
from tests.actors.yard import PLATES, Yard, open_yard, reopened
from web.summary import count_sources

pytestmark = pytest.mark.asyncio


def panel(yard: Yard) -> Panel:
    services = Services(yard.now, Intensity(), lambda service: None, lambda crash: None)
    return Panel(
        yard.now, yard.registry, yard.supervisor, services, yard.counters, Events(), dict, yard.world.names, list
    )


async def test_thousands_that_fall_silent_at_once_are_no_thousands_of_events(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        board = panel(yard)
        events, silent = board._events, Flipped("vehicle:29X", Freshness.LATE, Freshness.SILENT, 1.0, "no waypoint")
        following: Any = events.follow(0)
        await asyncio.wait([first := asyncio.ensure_future(anext(following))], timeout=0.01)
        for _ in range(2000):
            board.flipped(silent)
        board.tick()
        board.flipped(silent)
        board.tick()
        told = [await first]
        while len(told) < events._last:
            told.append(await anext(following))
        await following.aclose()
        kinds = [event.kind for event in told]
        assert kinds.count("flip") == FLIPS_PUSHED + 1 and kinds.count("resync") == 1
        assert kinds.index("resync") > FLIPS_PUSHED, "what is read anew was told after the flood"


async def test_the_worst_source_comes_first(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.upload("TB_B", NOON_S, 5.0)
        yard.pass_time(3600)
        await yard.upload("TB_A", NOON_S + 3600, 5.0)
        shown = panel(yard).sources(kind="station")
        assert [(view.id, view.freshness) for view in shown] == [
            ("station:TB_B", Freshness.SILENT),
            ("station:TB_A", Freshness.FRESH),
        ]


async def test_sources_are_filtered_by_kind_state_and_words(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        yard.supervisor.stop(yard.world.stations["TB_A"], "lan")
        board = panel(yard)
        assert {view.kind for view in board.sources(kind="vehicle")} == {"vehicle"}
        assert [view.id for view in board.sources(state=ActorState.STOPPED)] == ["station:TB_A"]
        assert [view.id for view in board.sources(q="tb_b")] == ["station:TB_B"]


async def test_only_the_vehicles_asked_for_are_listed_and_no_station(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        board = panel(yard)
        assert [view.name for view in board.sources(plates=[PLATES[1], "29X0"])] == [PLATES[1]]
        assert board.sources(kind="station", plates=PLATES) == []


async def test_sources_are_counted_by_each_side(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        board = panel(yard)
        await yard.upload("TB_A", NOON_S, 5.0)
        await yard.drive(PLATES[0], NOON_S, 50.0)
        yard.supervisor.stop(yard.world.vehicles[2], "lan")
        census = board.census()
        assert census == count_sources(board.sources())
        assert (census.total, census.freshness["fresh"], census.freshness["paused"]) == (4, 2, 1)
        assert board.census("vehicle") == count_sources(board.sources(kind="vehicle"))
        assert board.census("station") == count_sources(board.sources(kind="station"))


async def test_of_a_great_fleet_the_worst_are_listed_and_the_numbers_are_those_of_the_last_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_yard(tmp_path) as yard:
        exact = panel(yard)
        await yard.drive(PLATES[0], NOON_S, 50.0)
        await yard.drive(PLATES[1], NOON_S + 1800, 50.0)
        yard.pass_time(1801)
        counted = exact.census()
        for name, value in (("GREAT", 3), ("SLICE", 2), ("FIRST_SLICES", 1), ("WORST", 1)):
            monkeypatch.setattr(census, name, value)
        board = panel(yard)
        for _ in range(4):
            board.tick()
        assert board.census() == counted
        assert [view.name for view in board.sources(kind="vehicle")] == [PLATES[0]]
        assert [view.name for view in board.sources(kind="vehicle", q=PLATES[1].lower())] == [PLATES[1]]
        assert [view.name for view in board.sources(kind="vehicle", state=Freshness.FRESH)] == [PLATES[1]]
        assert len(board.sources(kind="station")) == 2
        yard.supervisor.stop(yard.world.vehicles[1], "lan")
        before = board.census()
        for _ in range(4):
            board.tick()
        assert (before.actors["stopped"], board.census().actors["stopped"]) == (0, 1)


async def test_vehicles_that_sleep_are_counted_and_found_as_all_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.drive(PLATES[0], NOON_S, 50.0)
        yard.pass_time(1801)
        await yard.drive(PLATES[1], NOON_S + 1800, 50.0)
        await yard.snapshots.save_all()
        counted = panel(yard).census()
    for name, value in (("GREAT", 3), ("SLICE", 2), ("FIRST_SLICES", 1), ("WORST", 1)):
        monkeypatch.setattr(census, name, value)
    async with reopened(tmp_path) as after:
        board = panel(after)
        for _ in range(4):
            board.tick()
        assert board.census() == counted
        assert after.world.vehicles.awake() == []
        assert [view.name for view in board.sources(kind="vehicle")] == [PLATES[0]]
        assert [view.name for view in board.sources(kind="vehicle", state=Freshness.FRESH)] == [PLATES[1]]


async def test_the_strip_adds_up_with_what_was_received(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.upload("TB_A", NOON_S, 5.0)
        await yard.upload("TB_A", NOON_S, 5.0)
        balance = panel(yard).balance()
        assert balance.balanced
        assert balance.files == {"received": 2, "stored": 1, "duplicate": 1, "refused": 0}


async def test_a_source_nobody_knows_has_no_page(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        assert await panel(yard).source("station:NOBODY") is None


async def test_a_source_that_no_destination_takes_is_not_called_all_sent(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await yard.upload("TB_A", NOON_S, 5.0)
        assert {view.delivery for view in panel(yard).sources()} == {DeliveryState.NONE}


async def test_a_file_is_told_at_once_and_again_when_it_has_been_judged(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        board = panel(yard)
        told = board.events(0)
        first = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0)
        board.changed(yard.world.stations["TB_A"])
        assert (await first).data["id"] == "station:TB_A"
        board.tick()
        assert [(await anext(told)).kind for _ in range(2)] == ["received", "strip"]
        assert isinstance(told, AsyncGenerator)
        await told.aclose()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, None),
        ({"deadline_s": None, "oldest_age_s": 900.0}, None),
        ({"p99_s": 119.0, "oldest_age_s": 100.0}, None),
        ({"deadline_misses_today": 4}, {"misses": 4, "limit_s": 120.0, "oldest_s": 0.0, "p99_s": 1.5}),
        ({"oldest_age_s": 130.04}, {"misses": 0, "limit_s": 120.0, "oldest_s": 130.0, "p99_s": 1.5}),
        ({"p99_s": 121.0}, {"misses": 0, "limit_s": 120.0, "oldest_s": 0.0, "p99_s": 121.0}),
        ({"oldest_age_s": 500.0, "p99_s": None}, {"misses": 0, "limit_s": 120.0, "oldest_s": 500.0}),
    ],
)
async def test_a_destination_that_misses_its_two_minutes_is_a_concern(
    changes: dict[str, Any], told: dict[str, Any] | None
) -> None:
    """TT 09/2015/TT-BGTVT art. 4.3."""
    well = ForwardView("csgt", "waypoints", DeliveryState.CURRENT, 0, None, "", 0, 1.5, 9, 9, 0, 0.4, 120.0)
    concern = lateness(replace(well, **changes))
    assert concern == (None if told is None else Concern("forward_late", "csgt", told))

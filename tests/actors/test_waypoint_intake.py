"""Waypoints on their way in, into a real store: every body gets its one fate, in order, once."""

import asyncio
from pathlib import Path

import pytest
import structlog

from protocols.amqp.boundary import ProviderGrant
from protocols.formats.ufms import build_waypoint
from protocols.formats.ufms_pb2 import BaseMessage, BusWayPoint, BusWayPoints, RegVehicle
from protocols.times import DAY_S
from protocols.waypoint import Waypoint
from storage.audit import recount
from storage.models import (
    AsideRow,
    CounterRow,
    ProviderDayRow,
    RefusedUnitRow,
    VehicleRow,
    VehicleWordRow,
    WaypointRow,
)
from storage.writer import Unit
from tests.actors.waypoint_door import NOW_S, STRICT, body, door


@pytest.mark.asyncio
async def test_a_waypoint_is_stored_with_its_exact_bytes_and_handed_on(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        sent = body("29A12345", NOW_S)
        await d.send(sent)
        (row,) = await WaypointRow.all()
        assert (row.body, row.time_s, row.received_ms, row.prev) == (sent, NOW_S, NOW_S * 1000, 0)
        assert [r.id for r in d.rows] == [message.seq for message in d.mail] == [row.id]
        assert await d.sums() == {"received": 1, "stored": 1}


@pytest.mark.asyncio
async def test_each_row_names_the_previous_one_of_its_vehicle(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        await d.send(body("29A1", NOW_S), body("29A2", NOW_S), body("29A1", NOW_S + 1))
        await d.send(body("29A2", NOW_S + 1), body("29A1", NOW_S + 2))
        rows = await WaypointRow.all().order_by("id")
        assert [row.prev for row in rows] == [0, 0, rows[0].id, rows[1].id, rows[2].id]


@pytest.mark.asyncio
async def test_the_same_instant_of_a_vehicle_again_is_a_duplicate_and_kept_aside(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        await d.send(body("29A1", NOW_S))
        await d.send(body("29A1", NOW_S), body("29A2", NOW_S))
        (aside,) = await AsideRow.all()
        assert (aside.fate, aside.reason, aside.body) == ("duplicate", "same vehicle and time", body("29A1", NOW_S))
        assert await d.sums() == {"received": 3, "stored": 2, "duplicate": 1}


@pytest.mark.asyncio
async def test_a_plate_with_dashes_and_dots_is_the_same_vehicle(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        await d.send(body("29A-123.45", NOW_S), body("29A12345", NOW_S), body("29a 12345", NOW_S + 1))
        assert [row.plate for row in await VehicleRow.all()] == ["29A12345"]
        assert await d.sums() == {"received": 3, "stored": 2, "duplicate": 1}


@pytest.mark.asyncio
@pytest.mark.parametrize("broken", [b"", b"\xff\xff", body("29A1", NOW_S)[:-9], body("---", NOW_S), body("9" * 25, 1)])
async def test_what_cannot_be_read_is_refused_and_kept(tmp_path: Path, broken: bytes) -> None:
    async with door(tmp_path) as d:
        await d.send(broken, body("29A1", NOW_S))
        (aside,) = await AsideRow.all()
        assert (aside.fate, aside.body, bool(aside.reason)) == ("refused", broken, True)
        assert await d.sums() == {"received": 2, "stored": 1, "refused": 1}


@pytest.mark.asyncio
async def test_another_message_of_the_schema_is_kept_and_is_no_waypoint(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        told = RegVehicle(vehicle="29A1", vehicle_type=RegVehicle.BUS, driver="1", company="A")
        other = BaseMessage(msg_type=BaseMessage.REG_VEHICLE, reg_vehicle=told).SerializeToString()
        await d.send(other)
        (aside,) = await AsideRow.all()
        assert (aside.fate, aside.reason, aside.body) == ("stored", "REG_VEHICLE", other)
        assert dict(await CounterRow.all().values_list("name", "value")) == {"messages.other": 1}


@pytest.mark.asyncio
async def test_a_vehicle_that_nobody_registered_is_registered_by_its_first_waypoint(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        await d.send(body("29A1", NOW_S))
        (vehicle,) = await VehicleRow.all()
        assert (vehicle.plate, vehicle.provider, vehicle.registered) == ("29A1", "gps1", False)


@pytest.mark.asyncio
async def test_where_a_provider_may_not_register_an_unknown_vehicle_is_refused_and_kept(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        await d.send(body("29A1", NOW_S), grant=STRICT)
        (aside,) = await AsideRow.all()
        assert (aside.fate, aside.reason, aside.time_s) == ("refused", "vehicle not registered", NOW_S)
        assert aside.body == body("29A1", NOW_S)
        assert await d.sums() == {"received": 1, "refused": 1}
        assert not await VehicleRow.exists()


@pytest.mark.asyncio
async def test_a_known_vehicle_is_taken_from_a_provider_that_may_not_register(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        await d.send(body("29A1", NOW_S))
        await d.send(body("29A-1", NOW_S + 1), grant=STRICT)
        assert await d.sums() == {"received": 2, "stored": 2}


@pytest.mark.asyncio
async def test_every_stored_waypoint_is_due_to_each_destination(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        await d.send(body("29A1", NOW_S), body("29A1", NOW_S), body("29A1", NOW_S + 1))
        counted = dict(await CounterRow.filter(name__startswith="destination.").values_list("name", "value"))
        assert counted == {"destination.csgt.due": 2, "destination.csgt.waiting": 2}


@pytest.mark.asyncio
async def test_a_backlog_older_than_the_window_is_deduplicated_from_the_journal(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        old = [body("29A1", NOW_S - 2 * DAY_S + 10 * i) for i in range(100)]
        d.now_s = NOW_S - 2 * DAY_S + 1000
        await d.send(*old[::2])
        d.now_s = NOW_S
        await d.send(body("29A1", NOW_S))
        await d.send(*old)
        assert await d.sums() == {"received": 151, "stored": 101, "duplicate": 50}
        assert d.reads >= 1


@pytest.mark.asyncio
async def test_old_and_fresh_instants_in_one_read_are_all_taken(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        mixed = [NOW_S - 5000, NOW_S, NOW_S - 4800, NOW_S - 5000, NOW_S + 1, NOW_S - DAY_S]
        await d.send(*(body("29A1", time_s) for time_s in mixed))
        rows = await WaypointRow.all().order_by("id")
        assert [row.time_s for row in rows] == [NOW_S - 5000, NOW_S, NOW_S - 4800, NOW_S + 1, NOW_S - DAY_S]
        assert await d.sums() == {"received": 6, "stored": 5, "duplicate": 1}


@pytest.mark.asyncio
async def test_a_double_is_seen_though_its_first_arrival_still_waits_for_the_disk(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        async with d.journal._database.pen:
            d.offer("first", body("29A1", NOW_S - 5000), body("29A1", NOW_S))
            d.offer("again", body("29A1", NOW_S - 5000))
            await asyncio.sleep(0.02)
            assert d.told == []
        await d.until(lambda: len(d.told) == 2)
        assert await d.sums() == {"received": 3, "stored": 2, "duplicate": 1}


@pytest.mark.asyncio
async def test_what_another_connection_brings_while_a_book_is_read_is_not_taken_twice(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        other = ProviderGrant(1, "gps1", ("tracking.gps1",), "127.0.0.1")
        await d.send(body("29A1", NOW_S - 9000))
        await d.send(body("29A1", NOW_S - 5000))
        d.reading.clear()
        d.offer("slow", body("29A1", NOW_S - 9600))
        await d.until(lambda: d.reads == 1)
        d.offer("meanwhile", body("29A1", NOW_S - 4999), body("29A1", NOW_S), grant=other)
        await d.until(lambda: d.told == ["meanwhile"])
        d.reading.set()
        await d.until(lambda: len(d.told) == 2)
        await d.send(body("29A1", NOW_S - 4999), body("29A1", NOW_S - 9600))
        assert await d.sums() == {"received": 7, "stored": 5, "duplicate": 2}


@pytest.mark.asyncio
async def test_receipts_of_a_connection_keep_their_order_though_one_offer_waits_for_a_book(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        other = ProviderGrant(1, "gps1", ("tracking.gps1",), "127.0.0.1")
        await d.send(body("29A1", NOW_S - 8000), body("29A1", NOW_S))
        d.reading.clear()
        d.offer("1 slow", body("29A1", NOW_S - 9000))
        d.offer("2", body("29A1", NOW_S + 1))
        d.offer("3", b"broken")
        d.offer("neighbour", body("29A2", NOW_S), grant=other)
        await d.until(lambda: d.told == ["neighbour"])
        d.reading.set()
        await d.until(lambda: len(d.told) == 4)
        assert d.told == ["neighbour", "1 slow", "2", "3"]


@pytest.mark.asyncio
async def test_a_batch_that_the_store_will_never_take_is_acknowledged_as_refused_and_the_track_stays_whole(
    tmp_path: Path,
) -> None:
    async with door(tmp_path) as d:
        await d.send(body("29A1", NOW_S))
        taken = Unit(rows={"waypoints": [(3, 0, -9, 0, 0, 1, b"")]})
        await d.writer.store(taken)
        await d.send(body("29A1", NOW_S + 1), body("29A1", NOW_S + 2))
        assert await RefusedUnitRow.all().count() == 1
        await d.send(body("29A1", NOW_S + 3))
        assert await d.sums() == {"received": 4, "stored": 2, "refused": 2}
        head = d.tracks.find("29A1").head  # type: ignore[union-attr]
        assert [row.time_s for row in await d.journal.track(head)] == [NOW_S, NOW_S + 3]
        assert len(d.rows) == 2


@pytest.mark.asyncio
async def test_a_bug_while_old_waypoints_are_taken_is_told_and_nothing_after_it_is_confirmed(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        await d.send(body("29A1", NOW_S - 4000), body("29A1", NOW_S))
        book, d.intake._instants = d.intake._instants, broken_book
        with structlog.testing.capture_logs() as logs:
            d.offer("old", body("29A1", NOW_S - 5000))
            await d.until(lambda: any(line["event"] == "catch_up_died" for line in logs))
        d.intake._instants = book
        d.offer("newer", body("29A1", NOW_S + 1))
        await d.send(body("29A2", NOW_S), grant=STRICT)
        assert d.told == []


async def broken_book(head: int, day: int, vehicle_id: int, *, early: bool) -> list[int]:
    raise ZeroDivisionError("a bug")


@pytest.mark.asyncio
async def test_defects_and_fates_are_counted_by_provider_and_day_and_nothing_is_mended(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        swapped = build_waypoint(Waypoint("29A12345", "SOBANGLAIXE", 240.0, NOW_S, 20.9, 105.8, None, None, None, None))
        await d.send(swapped, body("29A-12345", NOW_S + 1), body("29A12345", NOW_S + 25_200), body("29A12345", NOW_S))
        await d.send(b"\xff")
        days = {row.kind: row for row in await ProviderDayRow.all()}
        assert {kind: row.count for kind, row in days.items()} == {
            "received": 5, "stored": 3, "duplicate": 1, "refused": 1, "swapped_axes": 1, "placeholder_driver": 1,
            "implausible_speed": 1, "plate_format": 1, "shifted_7h": 1, "no_licence": 2,
        }  # fmt: skip
        assert days["swapped_axes"].example_plate == "29A12345" and "x=20.9" in days["swapped_axes"].example
        assert "protobuf" in days["refused"].example
        assert (await WaypointRow.all().order_by("id"))[0].body == swapped


@pytest.mark.asyncio
async def test_a_missing_licence_and_disorder_are_counted_of_the_provider_and_a_resend_is_not(tmp_path: Path) -> None:
    """Source: TT 09/2015/TT-BGTVT Điều 4 khoản 1 and 3."""
    async with door(tmp_path) as d:
        sent = [("29A1", "", 0), ("29A1", "010123456789", -5), ("29A1", "", -119), ("29A1", "010123456789", -121)]
        for plate, driver, at_s in sent:
            await d.send(
                build_waypoint(Waypoint(plate, driver, 9.0, NOW_S + at_s, 105.8, 20.9, None, None, None, None))
            )
        days = {row.kind: (row.count, row.example_plate) for row in await ProviderDayRow.all()}
        assert (days["no_licence"], days["out_of_order"]) == ((2, "29A1"), (2, "29A1"))


@pytest.mark.asyncio
async def test_a_missing_plate_time_or_licence_is_counted_though_the_message_is_refused_or_has_a_blank(
    tmp_path: Path,
) -> None:
    async with door(tmp_path) as d:
        await d.send(body("", NOW_S), body("---", NOW_S), body("29A1", 0))
        await d.send(build_waypoint(Waypoint("29A1", " ", 9.0, NOW_S, 105.8, 20.9, None, None, None, None)))
        days = {row.kind: row.count for row in await ProviderDayRow.all()}
        assert days == {"received": 4, "refused": 3, "stored": 1, "no_plate": 2, "no_time": 1, "no_licence": 1}
        assert any("letter" in row.reason for row in await AsideRow.all())


@pytest.mark.asyncio
async def test_the_events_of_a_bus_are_waypoints_and_their_message_is_kept_whole(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        events = [BusWayPoint(vehicle="51B1", speed=9, datetime=NOW_S + n, x=106.7, y=10.8) for n in range(3)]
        message = BaseMessage(msg_type=BaseMessage.BUS_WAY_POINTS, bus_way_points=BusWayPoints(events=events))
        await d.send(body("29A1", NOW_S), message.SerializeToString(), body("29A1", NOW_S + 1))
        assert [row.time_s - NOW_S for row in await WaypointRow.all().order_by("id")] == [0, 0, 1, 2, 1]
        (aside,) = await AsideRow.all()
        assert (aside.body, aside.reason) == (message.SerializeToString(), "BUS_WAY_POINTS")
        assert await d.sums() == {"received": 5, "stored": 5}
        assert (await recount()).waypoints == {"received": 5, "stored": 5, "duplicate": 0, "refused": 0}


@pytest.mark.asyncio
async def test_what_a_tracker_registers_stands_beside_the_vehicle(tmp_path: Path) -> None:
    async with door(tmp_path) as d:
        said = RegVehicle(vehicle="29A-1", vehicle_type=RegVehicle.BUS, driver="9", company="Sông Hồng")
        registers = BaseMessage(msg_type=BaseMessage.REG_VEHICLE, reg_vehicle=said).SerializeToString()
        await d.send(registers, body("29A1", NOW_S))
        (word,) = await VehicleWordRow.all()
        assert (word.plate, word.company, word.provider) == ("29A1", "Sông Hồng", "gps1")
        (vehicle,) = await VehicleRow.all()
        assert (vehicle.company, vehicle.registered) == ("", False)

"""The driving clock over a real store: tracks judged anew, hours of licences, what a restart and time alone change."""

from pathlib import Path

import pytest

from actors.driver_hours import KEPT_S, LATE_S
from actors.driving_clock import CLOSING_S, DrivingClock
from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits
from actors.touched_tracks import LONGEST_WAIT_S, QUIET_S
from protocols.times import DAY_S, day_number, midnight_s
from protocols.vocabulary import ActorState
from storage.models import StretchRow, TrafficDayRow, ViolationRow
from storage.traffic_days import row_id
from storage.violations import stretches_of_drivers
from tests.actors.station_kit import NOON_S
from tests.actors.yard import PLATES, Yard, open_yard, reopened

pytestmark = pytest.mark.asyncio
BOOK = LimitBook(load_limits())
HOURS_S = 4 * 3600
Told = list[tuple[str, int, int | None, bool]]


async def clock_of(yard: Yard) -> DrivingClock:
    """The service as it stands after its start."""
    host, vehicles = yard.bridge.host, yard.world.vehicles
    clock = DrivingClock(yard.now, host, yard.writer, yard.ids, yard.waypoints, vehicles, BOOK, yard.counters.get)
    yard.ledger.watch = clock.judged
    assert await clock.begin()
    return clock


async def look(yard: Yard, clock: DrivingClock, after_s: float = QUIET_S) -> None:
    """Let it look once everything is quiet."""
    newest_ms = max(actor.last_seen_ms for actor in yard.world.vehicles.values())
    yard.clock_s = max(yard.clock_s, newest_ms / 1000) + after_s
    await yard.writer.flush()
    await clock.look()
    await yard.writer.flush()


async def told(*kinds: str, vehicle_id: int = 1) -> Told:
    rows = await ViolationRow.filter(vehicle_id=vehicle_id, kind__in=kinds).order_by("start_s", "kind")
    return [
        (row.kind, row.start_s - NOON_S, None if row.end_s is None else row.end_s - NOON_S, row.closed) for row in rows
    ]


async def speeding(yard: Yard, *but: int) -> None:
    """120 s too fast, every 5 s; some messages do not come."""
    for second in range(0, 200, 5):
        if second not in but:
            await yard.drive(PLATES[0], NOON_S + second, 100.0 if 20 <= second < 140 else 50.0, "D1")


async def test_a_late_message_that_was_slow_makes_two_cases_of_one(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        clock = await clock_of(yard)
        await speeding(yard, 80)
        await yard.writer.flush()
        assert await told("speed") == [("speed", 20, 140, True)]
        first = await ViolationRow.get(kind="speed")
        await yard.drive(PLATES[0], NOON_S + 80, 30.0, "D1", NOON_S + 300)
        assert yard.world.vehicles[1].touched_s == NOON_S + 80
        await look(yard, clock)
        assert await told("speed") == [("speed", 20, 80, True), ("speed", 85, 140, True)]
        assert (await ViolationRow.get(kind="speed", start_s=NOON_S + 20)).id == first.id
        assert yard.world.vehicles[1].touched_s == 0
        assert clock.statistics() == {"touched": 0, "rejudged": 1, "revised": 1}


async def test_a_backlog_that_fills_a_silence_withdraws_it(tmp_path: Path) -> None:
    """Source: TT 09/2015/TT-BGTVT Điều 4 khoản 3: after an outage old data are sent with the current."""
    async with open_yard(tmp_path) as yard:
        clock = await clock_of(yard)
        for second in (0, 10, 1210, 1220):
            await yard.drive(PLATES[0], NOON_S + second, 50.0, "D1")
        await yard.writer.flush()
        assert await told("no_transmission", "frequency") == [("no_transmission", 10, 1210, True)]
        for second in range(20, 1210, 10):
            await yard.drive(PLATES[0], NOON_S + second, 50.0, "D1", NOON_S + 1400)
        await look(yard, clock)
        assert await told("no_transmission", "frequency", "order") == []
        (stretch,) = await StretchRow.all()
        assert (stretch.start_s - NOON_S, stretch.end_s - NOON_S) == (0, 1220)


async def test_while_a_backlog_pours_in_a_track_is_let_be_but_not_for_ever(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        clock = await clock_of(yard)
        await speeding(yard, *range(80, 160, 5))
        yard.clock_s = NOON_S + 300
        for second in range(80, 110, 5):
            await yard.drive(PLATES[0], NOON_S + second, 30.0, "D1", int(yard.clock_s))
            await clock.look()
            yard.clock_s += QUIET_S / 2
        assert clock.statistics()["rejudged"] == 0
        await yard.drive(PLATES[0], NOON_S + 110, 30.0, "D1", int(NOON_S + 300 + LONGEST_WAIT_S))
        yard.clock_s = NOON_S + 300 + LONGEST_WAIT_S
        await clock.look()
        assert clock.statistics()["rejudged"] == 1


async def test_of_a_great_fleet_touched_tracks_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actors.touched_tracks.ASKED_A_LOOK", 1)
    async with open_yard(tmp_path) as yard:
        clock = await clock_of(yard)
        for plate in PLATES:
            await yard.drive(plate, NOON_S + 10, 50.0, "D1")
            await yard.drive(plate, NOON_S, 50.0, "D1", NOON_S + 300)
        first, second = yard.world.vehicles.values()
        first.state = ActorState.BEHIND  # stands before the other, and is not ready
        yard.clock_s = NOON_S + 310
        await clock.look()
        assert clock.statistics()["rejudged"] == 0
        await clock.look()
        assert (first.touched_s, second.touched_s, clock.statistics()["rejudged"]) == (NOON_S, 0, 1)


async def test_a_track_that_was_touched_when_the_process_ended_is_judged_by_the_next(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        await speeding(yard, 80)
        await yard.drive(PLATES[0], NOON_S + 80, 30.0, "D1", NOON_S + 300)
        await yard.snapshots.save_all()
        await yard.writer.flush()
        assert await told("speed") == [("speed", 20, 140, True)]
    async with reopened(tmp_path) as after:
        clock = await clock_of(after)
        await look(after, clock)
        assert await told("speed") == [("speed", 20, 80, True), ("speed", 85, 140, True)]
        await after.drive(PLATES[0], NOON_S + 400, 50.0, "D1")
        assert after.world.vehicles[1].touched_s == 0
    async with reopened(tmp_path) as last:
        await look(last, await clock_of(last))
        assert await told("speed") == [("speed", 20, 80, True), ("speed", 85, 140, True)]


async def test_the_totals_of_a_day_are_corrected_by_its_backlog(tmp_path: Path) -> None:
    midnight = midnight_s(NOON_S) + 86400
    async with open_yard(tmp_path) as yard:
        clock = await clock_of(yard)
        for second in (-3000, -2990, -2000, -1990, 10):
            await yard.drive(PLATES[0], midnight + second, 50.0, "D1")
        await yard.writer.flush()
        day = await TrafficDayRow.get(id=row_id(1, day_number(midnight - 86400)))
        assert (day.moving_s, day.messages) == (20, 4)
        for second in range(-2980, -2000, 10):
            await yard.drive(PLATES[0], midnight + second, 50.0, "D1", midnight + 20)
        await look(yard, clock)
        day = await TrafficDayRow.get(id=row_id(1, day_number(midnight - 86400)))
        assert (day.moving_s, day.messages) == (1010, 102)
        assert day.way_m > 10_000


async def long_drive(yard: Yard, plate: str, from_s: int, to_s: int, driver: str = "D1") -> None:
    for second in range(from_s, to_s + 1, 300):
        await yard.drive(plate, NOON_S + second, 50.0, driver)


async def test_a_driver_of_two_vehicles_has_one_clock_and_time_alone_closes_the_case(tmp_path: Path) -> None:
    """Source: TT 09/2015/TT-BGTVT Điều 5 khoản 3: 4 hours of a driver."""
    async with open_yard(tmp_path) as yard:
        clock = await clock_of(yard)
        await long_drive(yard, PLATES[0], 0, 7200)
        await look(yard, clock)
        await long_drive(yard, PLATES[1], 7500, HOURS_S + 600)
        await look(yard, clock)
        assert await told("continuous_driving") == []
        (case,) = await told("continuous_driving", vehicle_id=2)
        assert case == ("continuous_driving", 0, HOURS_S + 600, False)
        row = await ViolationRow.get(kind="continuous_driving")
        assert (row.driver, row.detail) == ("D1", {"driver": "D1", "driving_s": HOURS_S + 600, "vehicle_ids": [1, 2]})
        await look(yard, clock, 900 + LATE_S + CLOSING_S)
        assert await told("continuous_driving", vehicle_id=2) == [("continuous_driving", 0, HOURS_S + 600, True)]
    async with reopened(tmp_path) as after:
        await look(after, await clock_of(after))
        assert await told("continuous_driving", vehicle_id=2) == [("continuous_driving", 0, HOURS_S + 600, True)]


async def test_a_day_too_short_for_any_case_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    async def count(drivers: list[str], from_s: int, to_s: int | None = None) -> list[StretchRow]:
        read.append(from_s - NOON_S)
        return await stretches_of_drivers(drivers, from_s, to_s)

    monkeypatch.setattr("actors.driving_clock.stretches_of_drivers", count)
    async with open_yard(tmp_path) as yard:
        clock = await clock_of(yard)
        await long_drive(yard, PLATES[0], 0, 3600)
        await look(yard, clock)
        assert read, "where its day began is read once"
        read.clear()
        await long_drive(yard, PLATES[0], 3630, 7200)
        await long_drive(yard, PLATES[1], 7500, 11000)
        await look(yard, clock)
        assert read == []
        await long_drive(yard, PLATES[1], 13000, 16000)
        await look(yard, clock)
        assert read == [0]
        assert await told("continuous_driving", vehicle_id=2) == []
        await long_drive(yard, PLATES[0], 11000, 13000)
        await look(yard, clock)
        assert await told("continuous_driving", vehicle_id=2) == [("continuous_driving", 0, 16000, False)]


async def test_a_case_that_stood_open_at_the_end_is_closed_by_the_next_process(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        clock = await clock_of(yard)
        await long_drive(yard, PLATES[0], 0, HOURS_S + 900)
        await look(yard, clock)
        assert await told("continuous_driving") == [("continuous_driving", 0, HOURS_S + 900, False)]
        await yard.snapshots.save_all()
    async with reopened(tmp_path) as after:
        await look(after, await clock_of(after), 7200)
        assert await told("continuous_driving") == [("continuous_driving", 0, HOURS_S + 900, True)]


async def test_a_backlog_that_names_another_driver_takes_the_case_from_the_first(tmp_path: Path) -> None:
    """An empty licence is the last known driver: one late message gives the rest of the way to another."""
    async with open_yard(tmp_path) as yard:
        clock = await clock_of(yard)
        await long_drive(yard, PLATES[0], 0, 7200)
        await long_drive(yard, PLATES[0], 7500, HOURS_S + 1200, "")
        await look(yard, clock)
        assert [row.driver for row in await ViolationRow.filter(kind="continuous_driving")] == ["D1"]
        await yard.drive(PLATES[0], NOON_S + 7250, 50.0, "D2", NOON_S + HOURS_S + 3700)
        await look(yard, clock)
        assert await ViolationRow.filter(kind="continuous_driving").count() == 0
        rows = {row.driver: (row.start_s - NOON_S, row.end_s - NOON_S) for row in await StretchRow.all()}
        assert rows == {"D1": (0, 7250), "D2": (7250, HOURS_S + 1200)}


async def test_a_vehicle_that_falls_silent_tells_how_far_its_driver_came(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        clock = await clock_of(yard)
        await long_drive(yard, PLATES[0], 0, HOURS_S)
        await look(yard, clock)
        (stretch,) = await StretchRow.all()
        assert stretch.end_s < NOON_S + HOURS_S
        yard.pass_time(HOURS_S + 1000)
        await look(yard, clock)
        (stretch,) = await StretchRow.all()
        assert stretch.end_s == NOON_S + HOURS_S
        assert [case[:3] for case in await told("continuous_driving")] == [("continuous_driving", 0, HOURS_S)]


async def test_stretches_that_change_no_more_are_let_go_and_what_was_judged_from_them_stays(tmp_path: Path) -> None:
    async with open_yard(tmp_path) as yard:
        clock = await clock_of(yard)
        await long_drive(yard, PLATES[0], 0, HOURS_S + 900)
        await look(yard, clock)
        await look(yard, clock, KEPT_S - DAY_S)
        assert await StretchRow.all().count() == 1
        await look(yard, clock, DAY_S)  # they were new at the sweep before
    async with reopened(tmp_path) as after:
        clock = await clock_of(after)
        await look(after, clock, KEPT_S)
        await long_drive(after, PLATES[0], KEPT_S + HOURS_S + 1200, KEPT_S + HOURS_S + 1800)
        await look(after, clock, KEPT_S)
        await look(after, clock, KEPT_S)
        assert await StretchRow.all().count() == 0
        assert await told("continuous_driving") == [("continuous_driving", 0, HOURS_S + 900, True)]

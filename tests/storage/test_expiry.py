"""What is older than its retention goes as an event: counter, line of the audit log, file."""

from datetime import timedelta
from pathlib import Path

import pytest

from actors.counters import Counters
from protocols.times import DAY_S, day_begin, day_number, day_on
from storage.audit import read_running, recount
from storage.expiry import Expiry
from storage.late_totals import late_total
from storage.models import AuditRow, CounterRow, TrafficDayRow, VehicleRow, ViolationRow
from storage.traffic_days import driven, row_id
from storage.writer import Unit
from tests.storage.archive_box import T0, archive_box


@pytest.mark.asyncio
async def test_files_older_than_their_retention_go_and_the_sums_remember_them(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        await box.store((1, 0), (1, 30), (1, DAY_S), (2, DAY_S))
        await box.move(2)
        at_ms = (T0 + 30 + 365 * DAY_S) * 1000
        assert await box.expiry.waypoints(365, at_ms, "night") == 0
        assert await box.expiry.waypoints(365, at_ms + 1, "an") == 2
        assert [file.parent.name for file in box.archive.folder.glob("*/*")] == ["day=2024-10-05"]
        assert (await CounterRow.get(name="waypoints.expired")).value == 2
        line = await AuditRow.get()
        assert (line.user, line.action, line.target) == ("an", "expire", "waypoints:2024-10-04")
        sums = await recount(tmp_path)
        assert sums == await read_running() and sums.waypoints["stored"] == 4
        assert [row.time_s for row in await box.journal.track(box.heads[1], vehicle_id=1)] == [T0 + DAY_S]


@pytest.mark.asyncio
async def test_a_file_that_a_crash_left_after_its_expiry_is_swept(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        await box.store((1, 0))
        await box.move(1)
        file = box.archive.file(box.archive.parts[0])
        held = file.read_bytes()
        await box.expiry.waypoints(365, (T0 + 400 * DAY_S) * 1000, "night")
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(held)
        await box.begin()
        assert box.archive.sweep() == 1 and not file.parent.exists()


@pytest.mark.asyncio
async def test_closed_violations_older_than_their_retention_go(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        unit = Unit()
        for number, start_s, end_s, closed in (
            (1, T0, T0 + 60, True), (2, T0, None, True), (3, T0, None, False), (4, T0, T0 + 9 * DAY_S, True),
        ):  # fmt: skip
            unit.add("violations", (number, 1, "speed", start_s, end_s, closed, "{}", f"D{number}"))
        await box.writer.store(unit)
        now_ms = (T0 + 1095 * DAY_S + DAY_S) * 1000
        assert await box.expiry.violations(1095, now_ms, "night") == 2
        assert [row.id for row in await ViolationRow.all().order_by("id")] == [3, 4]
        assert (await CounterRow.get(name="violations.expired")).value == 2
        assert (await AuditRow.get()).target == "violations:2024-10-05"


@pytest.mark.asyncio
async def test_days_of_vehicles_go_with_the_violations_they_count(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        unit, begun = Unit(), day_number(T0)
        for vehicle_id in (1, -2):
            await VehicleRow.update_or_create({"plate": f"29A{vehicle_id}"}, id=vehicle_id)
            for day in (begun - 2, begun - 1, begun, begun + 1):
                unit.updates.extend(driven(vehicle_id, day_begin(day), 1.0, 1, 1))
        await box.writer.store(unit)
        now_ms = (day_begin(begun) + 1095 * DAY_S) * 1000
        assert await box.expiry.traffic_days(1095, now_ms, "night") == 4
        assert await TrafficDayRow.all().count() == 4
        assert not await TrafficDayRow.filter(id__in=[row_id(1, begun - 1), row_id(-2, begun - 1)]).exists()
        assert await box.expiry.traffic_days(1095, now_ms, "night") == 0
        assert (await CounterRow.get(name="traffic_days.expired")).value == 4


@pytest.mark.asyncio
async def test_totals_of_late_items_go_by_their_day_and_memory_forgets_them(store_url: str, tmp_path: Path) -> None:
    async with archive_box(store_url, tmp_path) as box:
        day, counters = day_on(T0), Counters()
        old = [late_total(name, day) for name in ("bo", "a.late.2000-01-01")]
        kept = [late_total("bo", day + timedelta(days=1)), "destination.a.late.2000-01-01.due"]
        await box.writer.store(Unit(counters=dict.fromkeys([*old, *kept], 3)))
        await counters.load()
        expiry = Expiry(box.database, box.archive, box.writer, box.ids, counters.forget)
        end_ms = (day_begin(day_number(T0) + 1) + 365 * DAY_S) * 1000
        assert await expiry.late_totals(365, end_ms - 1, "night") == 0
        assert await expiry.late_totals(365, end_ms, "night") == 2
        assert await expiry.late_totals(365, end_ms, "night") == 0
        stood = dict(await CounterRow.exclude(name__endswith=".expired").values_list("name", "value"))
        assert stood == counters.snapshot() == dict.fromkeys(kept, 3)
        assert (await CounterRow.get(name="late_totals.expired")).value == 2
        line = await AuditRow.get()
        assert (line.user, line.action, line.target) == ("night", "expire", f"late_totals:{day + timedelta(days=1)}")

"""Every table of the writer, row for row, on both engines: what is given comes back, and what a second insert does."""

import json
from typing import Any

import pytest

from storage import models
from storage.models import (
    ActorRow,
    AsideRow,
    DirtyHourRow,
    FileRow,
    GapRow,
    OutFileRow,
    VehicleRow,
    VehicleStateRow,
    WaypointRow,
)
from storage.tables import tables
from storage.writer import Unit
from tests.storage.stores import opened

ALL_BYTES = bytes(range(256))
ROWS: dict[str, tuple[Any, ...]] = {
    "files": (
        1, 2, "tb", "ftp", "::1", "nước", "a/b", 3, 4, "0" * 64, "stored", "", "tt10_2021", 5, '["ổ"]', 6, ALL_BYTES,
    ),
    "waypoints": (1, 0, -5, 1_780_000_000, 1_780_000_000_123, 1, ALL_BYTES),
    "asides": (1, 1, None, None, 5, "refused", "why", ALL_BYTES),
    "hourly": (1, 2, "R", 3600, 1, 4.25, "mm", 1, 11, 12, 5, "", "sum", "", '{"total": 4.25, "suspect": 0}'),
    "longer_products": (1, 2, "8h", "WindDir", 3600, 1, None, "độ", 3, 8, 8, 5, "", "vector", "variable"),
    "aqi": (1, 2, "1h", 3600, 1, 75, "pm25", '{"pm25": 75, "co": null}', '{"pm25": 37.5}', "law_norm", 5, ""),
    "dirty_days": (1, 2, "day", 3600),
    "readings": (1, 2, "PM2.5", 3, None, "", "µg/m³", "00", 9, 0x1000, 4, 5, 6, 0, "ug/m3", 32),
    "station_days": (1, 2, -25200, 3, 1, 0, -1),
    "dirty_hours": (1, 2, 3600, 4),
    "gaps": (1, 2, "COD", 3, None, 4, "open"),
    "flips": (1, "station:A", "fresh", "late", 1.5, ""),
    "violations": (1, -2, "speed", 3, None, False, '{"v_kmh": 91.5}', "D1"),
    "stretches": (1, 2, "D1", 3, 4),
    "dirty_traffic_days": (1, -2, 20454),
    "notices": (1, "Trực ban", "missing", "token", 2, None, 3, "", None, None),
    "notice_items": (1, 2, "station:A", 3, 4, "10:30", None),
    "letters": (1, 2, "opened", "email", "a@example.vn", "Trạm mất", "dữ liệu", 3, "waiting", 0, 4, None, ""),
    "notice_replies": (1, 2, 3, "Lan", "đã thay"),
    "archive_parts": (1, 86400, 0, 9, 9, 5000, "0" * 64, 7, '{"2": 9}', 8, None),
    "pulled": (1, "logger", "/in/a.txt", 10, 3, 4, 5),
    "samples": (1, 2, "an", 3, "vượt", "1", "file", "token", "waiting", 0, None, 4, None, "", ""),
    "crashes": (1, "station:A", 2, "why", "trace\\n", "message"),
    "outfiles": (1, 2, 3, 3600, 1, "x.txt", ALL_BYTES, 5, "waiting", 0, None, "", "why"),
    "audit_log": (1, 2, "an", "stop", "station:A", ""),
    "exceedances": (
        1, 2, "COD", "instant", 3, 4, None, "exceeding", "exceeding", 120.5, 3, 100.0, None, "mg/L", 2, 5, 6,
    ),
    "exceedance_work": (1, 2, "instant", 3600),
    "spans": (1, 2, 3, 4, None),
    "vehicle_states": (-1, 2, 3, 4, b"\\x00" * 64, None),
    "actors": ("station:A", 1, 2, ALL_BYTES, "", None),
    "vehicles": (-1, "29A12345", "gps1", "", "", "", None, None, 80.0, True, "", "", "", ""),
    "vehicle_words": ("1:29A1", "29A1", "gps1", "29A-1", "BUS", "9", "Sông Hồng", "m", "d", "s", "v", 3, 4, 5),
    "driver_words": ("1:9", "9", "gps1", "Lan", 0, 3, "HN", "B2", 4, 5),
    "company_words": ("1:Sông Hồng", "Sông Hồng", "gps1", "", "", "", 4, 5),
    "provider_days": ("1:61200:outside", 1, 61200, "outside", 3, 5, "29A1", "x=1", 4),
    "drift_days": (1, 2, "COD", -25200, None, 24, 41.5, 9),
    "drift_states": ("2:COD", "0" * 16, -25200, 61200, "[1, 0]", 7),
    "drift_tickets": (1, 2, "COD", 61200, "up", -25200, 5, "open", None),
    "registrations": (1, 2, "08_thuydien", "tb", 3, "dam", "08", '{"Donvi": "A"}', "pending", "", None, ""),
    "episodes": (1, 2, "COD", "range", 3, 4, 5, 3, "open", 1, 6, 7, "", "", None, True),
    "refused_units": ("0" * 32, "why", ALL_BYTES),
}  # fmt: skip


def test_every_table_of_the_writer_has_its_row_here() -> None:
    assert set(tables()) == set(ROWS)
    assert {name: len(table.columns) for name, table in tables().items()} == {n: len(r) for n, r in ROWS.items()}


@pytest.mark.asyncio
async def test_a_row_of_every_table_comes_back_as_it_was_given(store_url: str) -> None:
    by_table = {getattr(models, name)._meta.db_table: getattr(models, name) for name in models.__all__}
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(rows={name: [row] for name, row in ROWS.items()}))
        for name, row in ROWS.items():
            (found,) = await by_table[name].all()
            fields = list(by_table[name]._meta.fields_map)
            values = [getattr(found, field) for field in fields]
            given = [
                value if not isinstance(value, str) or not isinstance(got, dict | list) else json.loads(value)
                for value, got in zip(row, values, strict=True)
            ]
            assert values == given, name


@pytest.mark.asyncio
async def test_rows_that_may_stand_already_are_brought_up_to_date(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(rows={name: [ROWS[name]] for name in ("gaps", "vehicle_states", "actors")}))
        await writer.store(
            Unit(
                rows={
                    "gaps": [(2, 2, "COD", 3, 9, 5, "closed")],
                    "vehicle_states": [(-1, 7, 8, 9, b"\x01" * 64, b"state")],
                    "actors": [("station:A", 5, 6, b"new", "an", 7)],
                }
            )
        )
        gap, state, actor = await GapRow.get(), await VehicleStateRow.get(), await ActorRow.get()
        assert (gap.to_s, gap.missing, gap.state) == (9, 5, "closed")
        assert (state.seq, state.head, state.newest_s, state.state) == (7, 8, 9, b"state")
        assert (actor.seq, actor.judged, actor.state, actor.stopped_by, actor.stopped_ms) == (5, 6, b"new", "an", 7)


@pytest.mark.asyncio
async def test_an_hour_is_on_the_worklist_once(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(rows={"dirty_hours": [(1, 2, 3600, 4), (2, 2, 7200, 4)]}))
        await writer.store(Unit(rows={"dirty_hours": [(3, 2, 3600, 5)]}))
        assert sorted(row.hour_s for row in await DirtyHourRow.all()) == [3600, 7200]


@pytest.mark.asyncio
async def test_a_vehicle_that_was_registered_meanwhile_stays_as_it_is(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        async with database.writing():
            await VehicleRow.create(id=4, plate="29A12345", company="A", registered=True)
        await writer.store(
            Unit(rows={"vehicles": [(-1, "29A12345", "gps1", "", "", "", None, None, None, False, "", "", "", "")]})
        )
        vehicle = await VehicleRow.get()
        assert (vehicle.id, vehicle.company, vehicle.registered) == (4, "A", True)


@pytest.mark.asyncio
async def test_updates_run_after_the_rows_of_their_transaction(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        update = (
            "UPDATE outfiles SET state = ?, forwarded_ms = ? WHERE id = ? AND state = ?",
            ("sent", 9, 1, "waiting"),
        )
        await writer.store(Unit(rows={"outfiles": [ROWS["outfiles"]]}, updates=[update]))
        row = await OutFileRow.get()
        assert (row.state, row.forwarded_ms) == ("sent", 9)


@pytest.mark.asyncio
async def test_bytes_stay_bytes(store_url: str) -> None:
    async with opened(store_url) as (_, writer):
        await writer.store(Unit(rows={name: [ROWS[name]] for name in ("files", "waypoints", "asides")}))
        for model in (FileRow, WaypointRow, AsideRow):
            assert (await model.get()).body == ALL_BYTES

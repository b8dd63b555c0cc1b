"""Imports are noted by whoever imports, and told once by the server that owns the audit log."""

import pytest

from storage.ids import load_ids
from storage.imports import Importer, tell_imports
from storage.models import AuditRow, ImportRow
from storage.zones import ZoneEntry, all_zones, apply_zones, zones_version
from tests.storage.stores import opened

LINE: dict[str, object] = {"type": "LineString", "coordinates": [[105.8, 21.0], [105.9, 21.0]]}


@pytest.mark.asyncio
async def test_who_imported_which_file_and_how_many_stands_in_the_audit_log_once(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        ids = await load_ids(database)
        for at_ms, names in ((1000, ("a", "b")), (2000, ("a", "b", "c"))):
            zones = [ZoneEntry(name, "", 40.0 + len(names), LINE) for name in names]
            await apply_zones(database, zones, Importer("lan (trambox import)", "duong.geojson", at_ms))
        assert await AuditRow.all().count() == 0
        assert [await tell_imports(writer, ids) for _ in range(2)] == [2, 0]
        rows = [
            (row.at_ms, row.user, row.action, row.target, row.detail) for row in await AuditRow.all().order_by("id")
        ]
        assert rows == [
            (1000, "lan (trambox import)", "import", "duong.geojson", "zone: 2 added"),
            (2000, "lan (trambox import)", "import", "duong.geojson", "zone: 1 added, 2 changed"),
        ]
        assert await ImportRow.filter(told=False).count() == 0


@pytest.mark.asyncio
async def test_zones_are_read_in_parts_and_their_version_grows_with_changes_alone(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.zones.ZONES_AT_ONCE", 3)
    async with opened(store_url) as (database, _):
        assert await zones_version() == 0
        zones = [ZoneEntry(f"z{number}", "", 50.0, LINE) for number in range(7)]
        for version in (1, 1):
            await apply_zones(database, zones)
            assert await zones_version() == version
        assert [row.name for row in await all_zones()] == [f"z{number}" for number in range(7)]

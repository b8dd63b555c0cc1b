"""Zones are imported into a running box, and the next drive is judged by them."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from protocols.formats.ufms import build_waypoint
from protocols.times import iso
from protocols.waypoint import Waypoint
from tests.end_to_end.office import PLATE, office

STREET = {
    "type": "Feature",
    "id": "school",
    "geometry": {"type": "LineString", "coordinates": [[105.79, 20.9], [105.9, 20.9]]},
    "properties": {"limit_kmh": 40, "direction": "forward"},
}


def drive(now_s: int, heading_deg: float) -> list[bytes]:
    """60 km/h for a minute eastwards, then slow; the vehicle's own limit is 80."""
    points = [(step, 60.0 if step < 7 else 20.0) for step in range(9)]
    return [
        build_waypoint(
            Waypoint(PLATE, "1", speed, now_s + 10 * step, 105.8 + step * 0.0016, 20.9, heading_deg, None, None, None)
        )
        for step, speed in points
    ]


@pytest.mark.asyncio
async def test_a_zone_imported_while_the_box_runs_is_the_limit_of_the_next_drive(tmp_path: Path) -> None:
    file = tmp_path / "zones.geojson"
    async with office(tmp_path) as desk:

        async def refreshed() -> object:
            return desk.box.events("inventory_refreshed")

        broken = {**STREET, "properties": {"limit_kmh": "fast"}}
        file.write_text(json.dumps({"type": "FeatureCollection", "features": [STREET, broken]}))
        code, _, told = await desk.box.verb("import", str(file))
        assert code != 0 and "features[1]" in told
        assert (await desk.get("zones"))["features"] == []

        file.write_text(json.dumps({"type": "FeatureCollection", "features": [STREET]}))
        for expected in ("1 added", "1 unchanged"):
            code, out, _ = await desk.box.verb("import", str(file))
            assert code == 0 and expected in out
        (zone,) = (await desk.get("zones"))["features"]
        assert (zone["id"], zone["properties"]["limit_kmh"]) == ("school", 40)
        await desk.until(refreshed, bool)

        async def imports() -> list[Any]:
            rows = await desk.get("audit-log")
            return [row for row in rows if row["action"] == "import" and "zone" in row["detail"]]

        told = await desk.until(imports, lambda rows: len(rows) == 2)
        assert [row["detail"] for row in told] == ["zone: 1 unchanged", "zone: 1 added"]
        assert all(row["target"] == "zones.geojson" and row["user"].endswith("(trambox import)") for row in told)

        now_s = int(time.time()) - 600
        await desk.publish(*drive(now_s, 270.0), *drive(now_s + 200, 90.0))
        span = {"from": iso(now_s - 60), "to": iso(now_s + 600)}

        async def excesses() -> list[Any]:
            return [row for row in await desk.get(f"vehicles/{PLATE}/violations", **span) if row["kind"] == "speed"]

        (found,) = await desk.until(excesses, bool)
        assert (found["start"], found["limit_kmh"], found["v_kmh"]) == (iso(now_s + 210), 40, 55)

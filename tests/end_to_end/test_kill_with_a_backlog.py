"""Killed with much to read again: it serves at once, and what is stated in the end is what would have been stated."""

import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from protocols.formats.ufms import build_waypoint
from protocols.waypoint import Waypoint
from tests.actors.rules.tracks import vectors
from tests.end_to_end.office import INVENTORY, PASSWORD, Office, office

pytestmark = pytest.mark.asyncio

SPEEDING = next(vector for vector in vectors("speed") if vector["id"] == "s01_over_40s")
MESSAGES = SPEEDING["messages"]
PLATES = [f"29K{number:05d}" for number in range(1200 // len(MESSAGES))]
VEHICLES = "".join(f'[[vehicles]]\nplate = "{plate}"\nprovider = "gps1"\nspeed_limit_kmh = 80\n' for plate in PLATES)
SERVES_S = 5.0


def part(first: int, last: int) -> list[bytes]:
    """These messages of the vector, of every vehicle."""
    return [
        build_waypoint(Waypoint(plate, "010123456789", m["speed"], m["t"], m["lon"], m["lat"], None, None, None, None))
        for m in MESSAGES[first:last]
        for plate in PLATES
    ]


async def rows_behind(desk: Office) -> int:
    """What the console says is still to be judged."""
    async with httpx.AsyncClient(base_url=desk.box.web, timeout=20) as http:
        await http.post("/api/v1/login", json={"username": "an", "password": PASSWORD})
        told = (await http.get("/api/v1/summary")).json()["concerns"]
        return next((int(one["rows"]) for one in told if one["kind"] == "journal_behind"), 0)


async def test_it_serves_at_once_and_states_the_same_violations(tmp_path: Path) -> None:
    third = len(MESSAGES) // 3
    async with office(tmp_path, inventory=INVENTORY + VEHICLES, module="tests.end_to_end.held_back") as desk:
        assert await desk.publish(*part(0, third)) == {}
        hold = desk.box.folder / "hold"
        hold.touch()
        for first, last in ((third, 2 * third), (2 * third, len(MESSAGES))):
            await desk.box.kill()
            await desk.box.start()
            begun_s = time.monotonic()
            assert await desk.publish(*part(first, last)) == {}
            assert time.monotonic() - begun_s < SERVES_S
            assert await rows_behind(desk) > len(part(first, last))
        hold.unlink()

        async def behind() -> int:
            return await rows_behind(desk)

        await desk.until(behind, lambda rows: rows == 0)
        assert await desk.box.stop() == 0
        box = desk.box
        (expected,) = SPEEDING["expected"]["speed"]
        case = (expected["start"], expected["end"], 1)
        cases = Counter(
            (plate, *row)
            for plate, *row in box.rows(
                "SELECT v.plate, start_s, end_s, closed FROM violations JOIN vehicles v ON v.id = vehicle_id "
                "WHERE kind = 'speed'"
            )
        )
        assert cases == Counter((plate, *case) for plate in PLATES)
        assert box.rows("SELECT COUNT(*) FROM flips WHERE source LIKE 'vehicle:%' AND now = 'fresh'") == [
            (len(PLATES),)
        ]
        assert box.events("actor_crashed", "store_trouble") == []
        assert (await box.audit())["balanced"] is True

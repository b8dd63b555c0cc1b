"""Waypoints read together get the fates that they get one by one."""

from pathlib import Path
from random import Random

import pytest

from protocols.formats.ufms import build_waypoint
from protocols.formats.ufms_pb2 import RegVehicle
from protocols.waypoint import Waypoint
from storage.models import (
    AsideRow,
    ProviderDayRow,
)
from tests.actors.waypoint_door import NOW_S, door


def mixed(random: Random) -> list[bytes]:
    """What a day brings: vehicles on time, resends, late ones, strange clocks, other licences, places and messages."""
    clocks = dict.fromkeys((f"29A{number}" for number in range(30)), NOW_S - 3000)
    bodies: list[bytes] = []
    for _ in range(900):
        plate = random.choice(list(clocks))
        clocks[plate] += random.choice([1, 10, 30])
        time_s = clocks[plate] + random.choice([0] * 12 + [-15, -700, 7 * 3600, 20_000])
        driver = random.choice([f"79000000{plate[3:]:>04}"] * 12 + ["790000009999", "0000", "x"])
        spelling = random.choice([plate] * 12 + [f"29A-{plate[3:]}"])
        x, y = random.choice([(105.8, 20.9)] * 12 + [(20.9, 105.8)])
        speed_kmh = random.choice([40.0] * 12 + [250.0])
        heading_deg = random.choice([None, 90.0])
        fields = (speed_kmh, time_s, x, y, heading_deg, True, None, None)
        bodies.append(build_waypoint(Waypoint(spelling, driver, *fields)))
        if not random.randrange(30):
            bodies.append(random.choice([bodies[-1], b"\x00", RegVehicle().SerializePartialToString()]))
    return bodies


@pytest.mark.asyncio
async def test_what_one_read_brings_gets_the_fates_that_it_gets_one_by_one(tmp_path: Path) -> None:
    bodies = mixed(Random(7))
    found = []
    for size in (15, 450):
        folder = tmp_path / str(size)
        folder.mkdir()
        async with door(folder) as d:
            for at in range(0, len(bodies), size):
                await d.send(*bodies[at : at + size])
            asides = await AsideRow.all().order_by("id").values_list("vehicle_id", "time_s", "fate", "reason", "body")
            counts = await ProviderDayRow.all().order_by("id").values_list("id", "count", "example_plate", "example")
            found.append((d.rows, d.mail, asides, counts, await d.sums()))
    one_by_one, together = found
    assert together == one_by_one
    assert len(together[0]) > 700

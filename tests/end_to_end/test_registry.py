"""What a tracker registers, gets wrong and sends from a bus: over AMQP, and back from the API to whom it belongs."""

import time
from pathlib import Path

import httpx
import pytest

from protocols.formats.ufms import build_waypoint
from protocols.formats.ufms_pb2 import BaseMessage, BusWayPoint, BusWayPoints, RegVehicle
from protocols.times import iso
from protocols.waypoint import Waypoint
from tests.end_to_end.office import FAST, PASSWORD, PLATE, office


@pytest.mark.asyncio
async def test_trackers_are_heard_counted_and_shown_to_whom_they_belong(tmp_path: Path) -> None:
    now_s = int(time.time()) - 60
    swapped = build_waypoint(Waypoint(FAST, "123451234512345", 40.0, now_s, 20.9, 105.8, None, None, None, None))
    said = RegVehicle(vehicle="29A-678.90", vehicle_type=RegVehicle.HOP_DONG, driver="9", company="Sông Hồng", vin="V1")
    events = [
        BusWayPoint(vehicle=PLATE, speed=30, datetime=now_s + each, x=105.8, y=20.9, aircon=True) for each in range(3)
    ]
    bus = BaseMessage(msg_type=BaseMessage.BUS_WAY_POINTS, bus_way_points=BusWayPoints(events=events))
    registers = BaseMessage(msg_type=BaseMessage.REG_VEHICLE, reg_vehicle=said)
    span = {"from": iso(now_s - 600), "to": iso(now_s + 600)}
    async with office(tmp_path) as o:
        added = await o.box.verb(
            "user", "add", "cty", "--role", "viewer", "--company", "Khác", extra={"TRAMBOX_PASSWORD": PASSWORD}
        )
        assert added[0] == 0
        assert await o.publish(swapped, registers.SerializeToString(), bus.SerializeToString()) == {}
        (wrong,) = await o.get(f"vehicles/{FAST}/waypoints", **span)
        assert wrong["faults"] == ["placeholder_driver", "swapped_axes"] and wrong["lon"] == 20.9
        raw = await o.http.get(f"/api/v1/vehicles/{FAST}/waypoints/{wrong['id']}/raw")
        assert raw.content == swapped
        points = await o.get(f"vehicles/{PLATE}/waypoints", **span)
        assert [(point["aircon"], point["faults"]) for point in points] == [(True, [])] * 3
        known = await o.get(f"vehicles/{PLATE}/identity")
        assert (known["company"], known["vin"], known["said"]) == ("Sông Hồng", "V1", ["company", "business", "vin"])
        (provider,) = await o.get("providers")
        assert (provider["received"], provider["stored"], provider["other"]) == (4, 4, 2)
        assert provider["defects"]["swapped_axes"] == provider["defects"]["placeholder_driver"] == 1
        async with httpx.AsyncClient(base_url=o.box.web, timeout=20) as http:
            await http.post("/api/v1/login", json={"username": "cty", "password": PASSWORD})
            assert (await http.get("/api/v1/sources")).json() == (await http.get("/api/v1/vehicles")).json() == []
            assert (await http.get(f"/api/v1/vehicles/{PLATE}/waypoints")).status_code == 404
            assert (await http.get("/api/v1/stations/TB_COFF_NUOCTH/readings")).status_code == 403
            moved = await o.box.verb("import", str(_sheet(tmp_path)))
            assert moved[0] == 0, moved
            assert [each["plate"] for each in (await http.get("/api/v1/vehicles")).json()] == [PLATE]


def _sheet(folder: Path) -> Path:
    (sheet := folder / "xe.csv").write_text(f"Biển số;Công ty\n{PLATE};Khác\n", encoding="utf-8")
    return sheet

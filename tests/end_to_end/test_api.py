"""The contract's HTTP API, path by path, against a real server process fed by real clients."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from protocols.formats.ufms import build_waypoint
from protocols.times import HOUR_S, iso, parse_iso
from protocols.waypoint import Waypoint
from tests.actors.rules.tracks import vectors
from tests.end_to_end.office import FAST, PASSWORD, PLATE, STATION, Office, hour_body, office

pytestmark = pytest.mark.asyncio(loop_scope="module")
GOOD = [50.0 + number / 10 for number in range(12)]
WITH_FAULTS = [450.0, 600.0, *GOOD[2:]]
GAP_HOURS = 2
SPEEDING = next(vector for vector in vectors("speed") if vector["id"] == "s01_over_40s")


def waypoint(plate: str, time_s: int, speed_kmh: float = 40.0, lat: float = 20.9, lon: float = 105.8) -> bytes:
    return build_waypoint(Waypoint(plate, "010123456789", speed_kmh, time_s, lon, lat, None, None, None, None))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """An office to which the station's morning and the vehicles' drives were sent."""
    async with office(tmp_path_factory.mktemp("api")) as opened:
        first = opened.first_hour_s
        await opened.upload(opened.name(first), hour_body(first, WITH_FAULTS))
        late = first + (GAP_HOURS + 1) * HOUR_S
        await opened.upload(opened.name(late), hour_body(late, GOOD))
        await opened.upload(opened.name(late), hour_body(late, GOOD))
        broken = hour_body(late + HOUR_S, GOOD) + b"what is this\r\n"
        await opened.upload(opened.name(late + HOUR_S), broken)
        now_s = int(time.time())
        for plate in (PLATE, "29A-678.90"):
            await opened.publish(*(waypoint(plate, now_s - 60 + 10 * step) for step in (3, 1, 2)))
        await opened.publish(waypoint("99X99999", now_s), b"nothing")
        await opened.publish(*(waypoint(FAST, m["t"], m["speed"], m["lat"], m["lon"]) for m in SPEEDING["messages"]))
        yield opened


async def test_health_and_readiness_are_told_to_anybody(desk: Office) -> None:
    async with httpx.AsyncClient(base_url=desk.box.web) as stranger:
        assert (await stranger.get("/healthz")).json()["alive"] is True
        assert (await stranger.get("/readyz")).json()["ready"] is True


async def test_a_stranger_sees_nothing_else(desk: Office) -> None:
    async with httpx.AsyncClient(base_url=desk.box.web) as stranger:
        for path in ("sources", f"stations/{STATION}/readings", "audit", "events", "forwards"):
            answer = await stranger.get(f"/api/v1/{path}")
            assert (answer.status_code, "error" in answer.json()) == (401, True), path


async def test_a_wrong_password_does_not_open(desk: Office) -> None:
    async with httpx.AsyncClient(base_url=desk.box.web) as stranger:
        answer = await stranger.post("/api/v1/login", json={"username": "an", "password": "guess"})
        assert answer.status_code == 401


async def test_an_action_without_the_sessions_token_is_refused(desk: Office) -> None:
    answer = await desk.http.post(f"/api/v1/actors/station:{STATION}/restart")
    assert (answer.status_code, answer.json()["error"]) == (403, "csrf")


async def test_a_bearer_token_needs_neither_cookie_nor_csrf(desk: Office) -> None:
    token = (await desk.post("tokens", {"name": "script"})).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=desk.box.web, headers=headers) as script:
        assert (await script.get("/api/v1/me")).json()["role"] == "operator"
        answer = await script.post(f"/api/v1/actors/station:{STATION}/restart")
        assert answer.status_code == 200


async def test_a_viewer_may_look_and_not_act(desk: Office) -> None:
    async with httpx.AsyncClient(base_url=desk.box.web) as viewer:
        csrf = (await viewer.post("/api/v1/login", json={"username": "xem", "password": PASSWORD})).json()["csrf"]
        assert (await viewer.get("/api/v1/sources")).status_code == 200
        answer = await viewer.post(f"/api/v1/actors/station:{STATION}/stop", headers={"X-CSRF-Token": csrf})
        assert answer.status_code == 403


async def test_sources_are_listed_and_sought(desk: Office) -> None:
    everybody = {source["id"]: source for source in await desk.get("sources")}
    assert set(everybody) == {f"station:{STATION}", f"vehicle:{PLATE}", f"vehicle:{FAST}"}
    station = everybody[f"station:{STATION}"]
    assert (station["actor"], station["name"]) == ("running", "Trạm nước thải")
    assert [source["id"] for source in await desk.get("sources", kind="vehicle", q="678")] == [f"vehicle:{PLATE}"]


async def test_a_source_is_told_with_its_counters_and_last_values(desk: Office) -> None:
    source = await desk.get(f"sources/station:{STATION}")
    assert source["last_values"][0]["parameter"] == "COD"
    assert source["counters"]
    assert (await desk.http.get("/api/v1/sources/station:NOBODY")).status_code == 404


async def test_readings_carry_the_number_as_it_came_its_flag_and_its_tests(desk: Office) -> None:
    rows = await desk.until(
        lambda: desk.get(f"stations/{STATION}/readings", **desk.span), lambda found: len(found) == 36
    )
    suspect, failed, good = rows[:3]
    assert [row["raw"] for row in rows[:12]] == [f"{value:g}" for value in WITH_FAULTS]
    assert [row["tests"]["range"] for row in (suspect, failed, good)] == [3, 4, 1]
    assert (suspect["flag"], failed["flag"]) == (3, 4)
    assert rows == sorted(rows, key=lambda row: row["time"])
    assert {row["unit"] for row in rows} == {"mg/L"}


async def test_an_hours_mean_counts_what_is_good(desk: Office) -> None:
    late = desk.first_hour_s + (GAP_HOURS + 2) * HOUR_S
    hours = await desk.until(
        lambda: desk.get(f"stations/{STATION}/hourly", **desk.span),
        lambda found: iso(late) in [hour["time"] for hour in found],
    )
    (mean,) = [hour for hour in hours if hour["time"] == iso(late)]
    assert mean["value"] == pytest.approx(sum(GOOD) / 12)
    assert (mean["count"], mean["expected"], mean["unit"], mean["version"]) == (12, 12, "mg/L", 1)


async def test_the_hole_between_two_files_is_a_gap(desk: Office) -> None:
    gaps = await desk.until(lambda: desk.get(f"stations/{STATION}/gaps", **desk.span), bool)
    (gap,) = [gap for gap in gaps if gap["parameter"] == "COD" and gap["state"] == "closed"]
    assert gap["missing"] == GAP_HOURS * 12
    assert gap["from"] == iso(desk.first_hour_s)


async def test_files_are_listed_with_their_fate_and_faults(desk: Office) -> None:
    today = iso(int(time.time()))[:10]
    files = await desk.get(f"stations/{STATION}/files", day=today)
    assert sorted(file["fate"] for file in files) == ["duplicate", "stored", "stored", "stored"]
    (faulty,) = [file for file in files if file["faults"]]
    assert faulty["faults"][0]["line"] == 13
    one = await desk.get(f"stations/{STATION}/files/{faulty['id']}")
    assert one == faulty


async def test_raw_bytes_are_exactly_those_that_came(desk: Office) -> None:
    for file in await desk.get(f"stations/{STATION}/files"):
        raw = await desk.http.get(f"/api/v1/stations/{STATION}/files/{file['id']}/raw")
        assert raw.content == desk.sent[file["name"]]


async def test_waypoints_are_given_in_the_order_of_time_and_once(desk: Office) -> None:
    rows = await desk.get(f"vehicles/{PLATE}/waypoints")
    times = [parse_iso(row["time"]) for row in rows]
    assert len(rows) == 3
    assert times == sorted(times)
    assert rows[0]["driver"] == "010123456789"
    assert await desk.get("vehicles/29A-678.90/waypoints") == rows


async def test_a_golden_drive_gives_its_speed_violation(desk: Office) -> None:
    (expected,) = SPEEDING["expected"]["speed"]
    span = {"from": iso(expected["start"] - HOUR_S), "to": iso(expected["end"] + HOUR_S)}
    (found,) = await desk.until(lambda: desk.get(f"vehicles/{FAST}/violations", **span), bool)
    assert found["kind"] == "speed"
    assert (found["start"], found["end"]) == (iso(expected["start"]), iso(expected["end"]))
    assert (found["duration_s"], found["band"]) == (expected["duration"], expected["band"])
    assert (found["v_kmh"], found["limit_kmh"], found["excess_kmh"]) == (
        pytest.approx(expected["v"]), expected["limit"], pytest.approx(expected["excess"]),
    )  # fmt: skip
    assert (found["time_worst"], found["closed"]) == (iso(expected["t_worst"]), True)


async def test_what_arrived_adds_up(desk: Office) -> None:
    sums = await desk.get("audit")
    assert sums["balanced"] is True
    assert sums["files"] == {"received": 4, "stored": 3, "duplicate": 1, "refused": 0}
    speeding = len(SPEEDING["messages"])
    assert sums["waypoints"] == {"received": 8 + speeding, "stored": 3 + speeding, "duplicate": 3, "refused": 2}
    assert (await desk.box.audit(recount=True))["waypoints"] == sums["waypoints"]


async def test_without_destinations_nothing_is_forwarded(desk: Office) -> None:
    assert await desk.get("forwards") == []


@pytest.mark.parametrize("actor", [f"station:{STATION}", f"vehicle:{PLATE}"])
async def test_a_source_is_stopped_started_and_restarted_by_an_operator(desk: Office, actor: str) -> None:
    stopped = await desk.act(actor, "stop")
    assert stopped["state"] == "stopped"
    assert (await desk.get(f"sources/{actor}"))["stopped_by"] == "an"
    started = await desk.act(actor, "start")
    assert (started["state"], started["lost"]) == ("running", 0)
    restarted = await desk.act(actor, "restart")
    assert restarted["state"] == "running"
    assert restarted["took_ms"] < 1000
    lines = await desk.get("audit-log")
    assert [line["action"] for line in lines[:3]] == ["restart", "start", "stop"]
    assert {(line["user"], line["target"]) for line in lines[:3]} == {("an", actor)}


async def test_what_comes_while_a_vehicle_is_stopped_is_kept_and_read_at_the_start(desk: Office) -> None:
    actor, now_s = f"vehicle:{PLATE}", int(time.time())
    await desk.act(actor, "stop")
    before = (await desk.get(f"sources/{actor}"))["counters"]["received"]
    await desk.publish(*(waypoint(PLATE, now_s + step) for step in range(5)))
    assert len(await desk.get(f"vehicles/{PLATE}/waypoints", to=iso(now_s + 60))) == 8
    outcome = await desk.act(actor, "start")
    assert outcome["reread"] >= 5
    assert (await desk.get(f"sources/{actor}"))["counters"]["received"] == before + 5


async def test_the_ftp_intake_is_stopped_and_started_on_its_port(desk: Office) -> None:
    port = desk.box.ports["ftp"]
    assert (await desk.act("intake:ftp", "stop"))["state"] == "stopped"
    with pytest.raises(OSError):
        await asyncio.open_connection("127.0.0.1", port)
    assert (await desk.act("intake:ftp", "start"))["state"] == "running"
    hour_s = desk.first_hour_s + (GAP_HOURS + 3) * HOUR_S
    await desk.upload(desk.name(hour_s), hour_body(hour_s, GOOD))
    await desk.until(lambda: desk.get(f"stations/{STATION}/readings", **desk.span), lambda found: len(found) == 48)


async def test_an_unknown_actor_is_told_as_such(desk: Office) -> None:
    answer = await desk.post("actors/station:NOBODY/restart")
    assert (answer.status_code, set(answer.json())) == (404, {"error", "detail", "field"})


async def test_a_reconnect_with_the_last_event_id_misses_nothing(desk: Office) -> None:
    actor = f"station:{STATION}"
    first = (await _events(desk, {}, "strip"))[-1]
    await desk.act(actor, "stop")
    last = (await _events(desk, {"Last-Event-ID": first["id"]}, "actor"))[-1]
    assert json.loads(last["data"])["actor"] == "stopped"
    assert json.loads(last["data"])["id"] == actor
    await desk.act(actor, "restart")
    again = await _events(desk, {"Last-Event-ID": last["id"]}, "actor")
    ids = [int(event["id"]) for event in again]
    assert ids == list(range(int(last["id"]) + 1, ids[-1] + 1))
    assert json.loads(again[-1]["data"])["id"] == actor


async def _events(desk: Office, headers: dict[str, str], last_kind: str) -> list[dict[str, Any]]:
    """Read pushed events up to the one that is sought."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(20), desk.http.stream("GET", "/api/v1/events", headers=headers) as r:
        event: dict[str, Any] = {}
        async for line in r.aiter_lines():
            if line:
                key, _, value = line.partition(": ")
                event[key] = value
                continue
            if "id" in event:
                json.loads(event["data"])
                found.append(event)
                if event["event"] == last_kind:
                    return found
            event = {}
    raise AssertionError(found)


async def test_metrics_are_prometheus_text(desk: Office) -> None:
    text = (await desk.http.get("/metrics")).text
    assert "# TYPE" in text
    assert any(line.startswith("trambox_") for line in text.splitlines())


async def test_the_description_names_every_path_that_was_asked(desk: Office) -> None:
    paths = (await desk.http.get("/openapi.json")).json()["paths"]
    for path in ("/api/v1/sources", "/api/v1/stations/{code}/readings", "/api/v1/vehicles/{plate}/violations"):
        assert path in paths
    assert "/api/v1/sources" in (await desk.http.get("/docs")).text


async def test_nothing_was_logged_that_is_no_event(desk: Office) -> None:
    assert desk.box.unstructured_lines() == []
    assert desk.box.events("actor_crashed", "loop_blocked", "message_set_aside") == []

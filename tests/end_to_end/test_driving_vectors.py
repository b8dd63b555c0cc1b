"""The golden tracks and our own through AMQP and the API: in order, shuffled, with a kill in the middle, in one box."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from functools import partial
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from protocols.times import DAY_S, iso, parse_iso
from tests.actors.rules.tracks import TRACKS, Vector
from tests.actors.rules.variants import VARIANTS
from tests.end_to_end.office import PASSWORD, Office, office
from tests.end_to_end.sent_tracks import SentTrack, shift_to

pytestmark = pytest.mark.asyncio(loop_scope="module")
IN_ORDER, SHUFFLED, KILLED, FRESH = range(1, 5)
MODES = (IN_ORDER, SHUFFLED, KILLED)
ALL = list(enumerate([*map(json.loads, TRACKS.read_text(encoding="utf-8").splitlines()), *VARIANTS]))
DRIVEN = [
    (number, vector)
    for number, vector in ALL
    if vector["checks"][0] != "sequence" and not vector["params"] and len({m["limit"] for m in vector["messages"]}) == 1
]
"""Those whose limit is the vehicle's own; for limits of places and 20 seconds see `test_limits_along_the_way.py`."""
HEARD = [(number, vector) for number, vector in ALL if vector["checks"] == ["sequence"] and "120s" not in vector["id"]]
"""Those that depend on the moment of receipt."""
(AT_120_S,) = [(number, vector) for number, vector in ALL if "120s" in vector["id"]]
TRIES = range(5, 10)
"""Plates of the track that must arrive in the very second: each try has its own."""
now = [int(time.time())]
"""When the tracks were sent; golden times are moved to it."""


def sent(number: int, vector: Vector, mode: int) -> SentTrack:
    return SentTrack(number, vector, mode, shift_to(vector, now[-1]))


def inventory() -> str:
    cases = [(n, vector, mode) for n, vector in DRIVEN for mode in MODES]
    cases += [(n, vector, FRESH) for n, vector in HEARD] + [(*AT_120_S, mode) for mode in TRIES]
    plates = {(plate, case[2]) for case in cases for plate in sent(*case).plates}
    lines = [
        f'[[vehicles]]\nplate = "{plate}"\nprovider = "gps1"\nspeed_limit_kmh = 80\ncompany = "Đội {mode}"'
        for plate, mode in sorted(plates)
    ]
    return (
        f'[[providers]]\nusername = "gps1"\npassword = "{PASSWORD}"\nexchanges = ["tracking.gps1"]\n'
        f"auto_register = false\n{chr(10).join(lines)}\n"
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """All tracks were sent."""
    async with office(tmp_path_factory.mktemp("driving"), inventory=inventory()) as opened:
        now.append(int(time.time()))
        random = Random(7)
        await opened.publish(*(body for number, vector in HEARD for body in sent(number, vector, FRESH).bodies()))
        await opened.publish(*(body for number, vector in DRIVEN for body in sent(number, vector, IN_ORDER).bodies()))
        halves: list[list[bytes]] = [[], []]
        for mode in (SHUFFLED, KILLED):
            for number, vector in DRIVEN:
                track = sent(number, vector, mode).bodies()
                if vector["id"] != "s19_duplicate_first_wins":
                    random.shuffle(track)
                half = len(track) // 2 if mode == KILLED else len(track)
                halves[0] += track[:half]
                halves[1] += track[half:]
        await opened.publish(*halves[0])
        await opened.box.kill()
        await opened.box.start()
        opened.http.base_url = opened.box.web
        await opened.publish(*halves[1])
        yield opened


@pytest.mark.parametrize("mode", MODES, ids=["in order", "shuffled", "killed"])
async def test_every_track_has_its_violations(desk: Office, mode: int) -> None:
    for number, vector in DRIVEN:
        rows = await sent(number, vector, mode).check(desk)
        if "transmission" in vector["checks"]:
            moved = [row["distance_m"] for row in rows if row["kind"] == "no_transmission"]
            expected = [case["distance_m"] for case in vector["expected"]["non_transmission"]]
            assert moved == pytest.approx(expected, rel=0.006), vector["id"]


async def test_what_comes_out_of_order_is_told_and_a_resend_is_not(desk: Office) -> None:
    for number, vector in HEARD:
        await sent(number, vector, FRESH).check(desk)
        (plate,), (sequence,) = sent(number, vector, FRESH).plates, vector["expected"]["sequence"].values()
        counters = (await desk.get(f"sources/vehicle:{plate}"))["counters"]
        assert counters["out_of_order"] == len(sequence["out_of_order"]), vector["id"]
        assert counters["backlog"] == len(sequence["backlog"]), vector["id"]


async def test_120_s_after_its_time_a_message_is_still_out_of_order(desk: Office) -> None:
    """Times are whole seconds, so a receipt within that second is one after 120 s; a late try is made again."""
    number, vector = AT_120_S
    for mode in TRIES:
        await asyncio.sleep(1.0 - time.time() % 1.0)
        track = SentTrack(number, vector, mode, shift_to(vector, int(time.time())))
        await desk.publish(*track.bodies())
        (plate,), last_s = track.plates, vector["messages"][-1]["t"] + track.shift_s
        times = {"from": iso(last_s), "to": iso(last_s + 1)}
        (row,) = await desk.until(partial(desk.get, f"vehicles/{plate}/waypoints", **times), bool)
        if parse_iso(row["received"]) - last_s == 120:
            await track.check(desk)
            return
    raise AssertionError("no try arrived in its second")


async def test_each_violation_names_its_article(desk: Office) -> None:
    number, vector = next((n, v) for n, v in DRIVEN if v["id"] == "c01_exactly_4h")
    (row,) = [r for r in await sent(number, vector, IN_ORDER).check(desk) if r["kind"] == "continuous_driving"]
    assert row["article"] == "Luật 36/2024/QH15 Điều 64"
    assert (row["duration_s"], row["driving_s"]) == (14400, 14400)


COUNTED = ("speed", "continuous", "daily")


async def test_reports_count_what_was_found_and_the_way_is_the_same_however_it_came(desk: Office) -> None:
    """TT 09/2015/TT-BGTVT Điều 7, Phụ lục 4 and 5; the sums are those of the same tracks judged in order."""
    span = {"from": iso(now[-1] - 8 * DAY_S)[:10], "to": iso(now[-1])[:10]}

    async def ask() -> list[dict[str, Any]]:
        rows = (await desk.get("reports/4", **span))["rows"]
        return [row for row in rows if row["company"] in [f"Đội {mode}" for mode in MODES]]

    def agree(rows: list[dict[str, Any]]) -> bool:
        return len(rows) == len(MODES) and all(
            [row[name] for name in COUNTED] == [rows[0][name] for name in COUNTED]
            and abs(row["travelled_km"] - rows[0]["travelled_km"]) < 0.01
            for row in rows
        )

    rows = await desk.until(ask, agree)
    kinds = {"speed": "speed", "continuous": "continuous_driving", "daily": "daily_driving"}
    query = {**span, "company": "Đội 1", "limit": "10000"}
    cases = {name: await desk.get("reports/violations", kind=kind, **query) for name, kind in kinds.items()}
    assert {name: len(found) for name, found in cases.items()} == {name: rows[0][name] for name in kinds}
    closed = [case for _, vector in DRIVEN for case in vector["expected"].get("speed", ()) if case["closed"]]
    assert rows[0]["speed"] == len([case for case in closed if case["band"] != "<5"]) > 10
    assert rows[0]["travelled_km"] > 50 and all(case["plate"] in case["track"] for case in cases["speed"])

"""The golden tracks through AMQP and the API: in order, shuffled, and with a kill in the middle, in one box."""

import json
import time
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from protocols.formats.ufms import build_waypoint
from protocols.records import Waypoint
from protocols.times import DAY_S, iso
from tests.actors.rules.tracks import TRACKS, Vector
from tests.end_to_end.office import PASSWORD, Office, office

pytestmark = pytest.mark.asyncio(loop_scope="module")
IN_ORDER, SHUFFLED, KILLED = MODES = (1, 2, 3)
KINDS = {
    "speed": ("speed",),
    "continuous": ("continuous_driving",),
    "workday": ("daily_driving",),
    "transmission": ("no_transmission", "frequency"),
}
ALL = [json.loads(line) for line in TRACKS.read_text(encoding="utf-8").splitlines()]
DRIVEN = [
    (number, vector)
    for number, vector in enumerate(ALL)
    if vector["checks"][0] in KINDS and not vector["params"] and len({m["limit"] for m in vector["messages"]}) == 1
]
"""Those whose limit is the vehicle's own; a limit that changes along the way is tested with the actor."""
NOW_S = int(time.time())


def renamed(text: str, number: int, mode: int) -> str:
    """Each case has plates and drivers of its own, in the spelling of the vector."""
    mark = f"{100 * mode + number:03d}"
    for old in ("29A123", "29a-123", "30C000", "99X000"):
        text = text.replace(old, old[:-3] + mark)
    return mark + text[3:] if text.isdigit() else text


def shift_of(vector: Vector) -> int:
    return NOW_S - 600 - max(int(message["t"]) for message in vector["messages"])


def bodies(number: int, vector: Vector, mode: int) -> list[bytes]:
    """The vector's messages as waypoints; a speed or position that is missing has no other spelling in the schema."""
    return [
        build_waypoint(
            Waypoint(
                renamed(m["plate"], number, mode),
                renamed(m["licence"] or "", number, mode),
                -1.0 if m["speed"] is None else m["speed"],
                m["t"] + shift_of(vector),
                m["lon"] if m["lat"] is not None else 0.0,
                m["lat"] if m["lat"] is not None else 0.0,
                None,
                None,
                None,
                None,
            )
        )
        for m in vector["messages"]
    ]


def inventory() -> str:
    plates = {
        (renamed(m["plate"], n, mode), mode) for mode in MODES for n, vector in DRIVEN for m in vector["messages"]
    }
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
        random = Random(7)
        await opened.publish(*(body for number, vector in DRIVEN for body in bodies(number, vector, IN_ORDER)))
        halves: list[list[bytes]] = [[], []]
        for mode in (SHUFFLED, KILLED):
            for number, vector in DRIVEN:
                track = bodies(number, vector, mode)
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


def wanted(number: int, vector: Vector, mode: int) -> list[tuple[Any, ...]]:
    """What the API must say, as far as it is exact."""
    shift, found = shift_of(vector), []
    names = {"non_transmission": "no_transmission", "continuous": "continuous_driving", "workday": "daily_driving"}
    for check, cases in vector["expected"].items():
        for case in cases:
            if case.get("violation", True):
                who = renamed(case["driver"], number, mode) if "driver" in case else case.get("band")
                kind = names.get(check, check)
                found.append((kind, iso(case["start"] + shift), iso(case["end"] + shift), who, case.get("closed")))
    return sorted(found, key=str)


def told(rows: list[dict[str, Any]], vector: Vector) -> list[tuple[Any, ...]]:
    kinds, found = KINDS[vector["checks"][0]], set()
    for row in rows:
        if row["kind"] in kinds:
            who = row["driver"] if row["kind"].endswith("driving") else row["band"]
            closed = row["closed"] if row["kind"] == "speed" else None
            found.add((row["kind"], row["start"], row["end"], who, closed))
    return sorted(found, key=str)


@pytest.mark.parametrize("mode", MODES, ids=["in order", "shuffled", "killed"])
async def test_every_track_has_its_violations(desk: Office, mode: int) -> None:
    span = {"from": iso(NOW_S - 4 * DAY_S), "to": iso(NOW_S + 600)}
    for number, vector in DRIVEN:
        plates = sorted({renamed(m["plate"], number, mode) for m in vector["messages"]})

        async def ask(plates: list[str] = plates) -> list[dict[str, Any]]:
            return [row for plate in plates for row in await desk.get(f"vehicles/{plate}/violations", **span)]

        expected = wanted(number, vector, mode)
        rows = await desk.until(ask, lambda rows, vector=vector, expected=expected: told(rows, vector) == expected)  # type: ignore[misc]
        speeds = {row["start"]: row for row in rows if row["kind"] == "speed"}
        for case in vector["expected"].get("speed", ()):
            row = speeds[iso(case["start"] + shift_of(vector))]
            assert row["v_kmh"] == pytest.approx(case["v"], abs=0.6), vector["id"]
            assert row["duration_s"] == case["duration"], vector["id"]


COUNTED = ("speed", "continuous", "daily")


async def test_reports_count_what_was_found_and_the_way_is_the_same_however_it_came(desk: Office) -> None:
    """TT 09/2015/TT-BGTVT Điều 7, Phụ lục 4 and 5; the sums are those of the same tracks judged in order."""
    span = {"from": iso(NOW_S - 8 * DAY_S)[:10], "to": iso(NOW_S)[:10]}

    async def ask() -> list[dict[str, Any]]:
        rows = (await desk.get("reports/4", **span))["rows"]
        return [row for row in rows if row["company"].startswith("Đội")]

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

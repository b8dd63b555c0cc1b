"""The golden tracks and our own through AMQP and the API: in order, shuffled, with a kill in the middle, in one box."""

import json
import time
from collections.abc import AsyncIterator
from itertools import groupby
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from actors.rules.identity import clean_identity
from protocols.formats.ufms import build_waypoint
from protocols.records import Waypoint
from protocols.times import DAY_S, iso
from tests.actors.rules.tracks import TRACKS, Vector
from tests.actors.rules.variants import VARIANTS
from tests.end_to_end.office import PASSWORD, Office, office

pytestmark = pytest.mark.asyncio(loop_scope="module")
IN_ORDER, SHUFFLED, KILLED, FRESH = range(1, 5)
MODES = (IN_ORDER, SHUFFLED, KILLED)
KINDS = {
    "speed": ("speed",),
    "continuous": ("continuous_driving",),
    "workday": ("daily_driving",),
    "transmission": ("no_transmission", "frequency"),
    "missing": ("missing_field",),
    "sequence": ("order",),
}
HOURS = ("continuous_driving", "daily_driving")
NAMES = {"non_transmission": "no_transmission", "continuous": "continuous_driving", "workday": "daily_driving"}
ALL = list(enumerate([*map(json.loads, TRACKS.read_text(encoding="utf-8").splitlines()), *VARIANTS]))
DRIVEN = [
    (number, vector)
    for number, vector in ALL
    if vector["checks"][0] != "sequence" and not vector["params"] and len({m["limit"] for m in vector["messages"]}) == 1
]
"""Those whose limit is the vehicle's own: limits of places have their own proof, 20 seconds are another setting."""
HEARD = [(number, vector) for number, vector in ALL if vector["checks"] == ["sequence"] and "120s" not in vector["id"]]
"""Those that depend on the moment of receipt; exactly 120 s after its time nothing arrives on a real line."""
now = [int(time.time())]
"""When the tracks were sent; golden times are moved to it."""
Case = tuple[Any, ...]


def renamed(text: str, number: int, mode: int) -> str:
    """Each case has plates and drivers of its own, in the spelling of the vector."""
    mark = f"{100 * mode + number:03d}"
    for old in ("29A123", "29a-123", "29A-123", "30C000", "99X000"):
        text = text.replace(old, old[:-3] + mark)
    return mark + text[3:] if text.isdigit() else text


def shift_of(vector: Vector) -> int:
    """Golden times become those of today: an arrival is a receipt, where that matters."""
    if "sequence" in vector["checks"]:
        return now[-1] - max(int(m["arrival"]) for m in vector["messages"])
    return now[-1] - 600 - max(int(m["t"]) for m in vector["messages"])


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


def plates_of(number: int, vector: Vector, mode: int) -> list[str]:
    plates = {clean_identity(renamed(m["plate"], number, mode)) for m in vector["messages"]}
    return sorted(plate for plate in plates if plate)


def inventory() -> str:
    cases = [(n, vector, mode) for n, vector in DRIVEN for mode in MODES]
    cases += [(n, vector, FRESH) for n, vector in HEARD]
    plates = {(plate, case[2]) for case in cases for plate in plates_of(*case)}
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
        await opened.publish(*(body for number, vector in HEARD for body in bodies(number, vector, FRESH)))
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


def wanted(number: int, vector: Vector, mode: int) -> list[Case]:
    """What the API must say, as far as it is exact."""
    shift, found = shift_of(vector), list[Case]()
    messages, expected = vector["messages"], vector["expected"]
    for check, cases in expected.items():
        for case in cases if check in ("speed", *NAMES, "frequency") else ():
            if case.get("violation", True):
                who = renamed(case["driver"], number, mode) if "driver" in case else case.get("band")
                span = iso(case["start"] + shift), iso(case["end"] + shift)
                found.append((NAMES.get(check, check), *span, who, case.get("closed")))
    lacks = {case["index"]: ",".join(case["fields"]) for case in expected.get("missing_fields", ())}
    if lacks:
        of_vehicle = [index for index, m in enumerate(messages) if m["plate"]]
        for fields, run in groupby(of_vehicle, key=lambda index: lacks.get(index, "")):
            times = [iso(messages[index]["t"] + shift) for index in run]
            found += [("missing_field", times[0], times[-1], fields, None)] if fields else []
    for sequence in expected.get("sequence", {}).values():
        times = [iso(messages[index]["t"] + shift) for index in sequence["out_of_order"]]
        found += [("order", at, at, None, None) for at in times]
    return sorted(found, key=str)


def told(rows: list[dict[str, Any]], vector: Vector) -> list[Case]:
    """What the API says of one vehicle."""
    found = list[Case]()
    for row in rows:
        kind = row["kind"]
        if kind in KINDS[vector["checks"][0]]:
            who = {"speed": row["band"], "missing_field": ",".join(row.get("fields", ()))}.get(kind)
            if kind in HOURS:
                who = row["driver"] if row["id"] is not None else "not stored"
            found.append((kind, row["start"], row["end"], who, row["closed"] if kind == "speed" else None))
    return sorted(found, key=str)


async def check(desk: Office, number: int, vector: Vector, mode: int) -> list[dict[str, Any]]:
    """Wait until the API says what the vector says; of hours in two vehicles each of them tells."""
    span = {"from": iso(now[-1] - 4 * DAY_S), "to": iso(now[-1] + 600)}
    plates = plates_of(number, vector, mode)

    async def ask() -> list[list[dict[str, Any]]]:
        return [await desk.get(f"vehicles/{plate}/violations", **span) for plate in plates]

    def said(answers: list[list[dict[str, Any]]]) -> list[Case]:
        lists = [told(rows, vector) for rows in answers]
        assert all(len(cases) == len(set(cases)) for cases in lists), "told twice"
        return sorted({case for cases in lists for case in cases}, key=str)

    expected = wanted(number, vector, mode)
    answers = await desk.until(ask, lambda answers: said(answers) == expected)
    return [row for rows in answers for row in rows]


@pytest.mark.parametrize("mode", MODES, ids=["in order", "shuffled", "killed"])
async def test_every_track_has_its_violations(desk: Office, mode: int) -> None:
    for number, vector in DRIVEN:
        rows = await check(desk, number, vector, mode)
        speeds = {row["start"]: row for row in rows if row["kind"] == "speed"}
        for case in vector["expected"].get("speed", ()):
            row = speeds[iso(case["start"] + shift_of(vector))]
            assert row["v_kmh"] == pytest.approx(case["v"], abs=0.6), vector["id"]
            assert row["excess_kmh"] == pytest.approx(case["excess"], abs=0.6), vector["id"]
            assert row["duration_s"] == case["duration"], vector["id"]
        if "transmission" in vector["checks"]:
            moved = [row["distance_m"] for row in rows if row["kind"] == "no_transmission"]
            expected = [case["distance_m"] for case in vector["expected"]["non_transmission"]]
            assert moved == pytest.approx(expected, rel=0.006), vector["id"]


async def test_what_comes_out_of_order_is_told_and_a_resend_is_not(desk: Office) -> None:
    for number, vector in HEARD:
        await check(desk, number, vector, FRESH)
        (plate,), (sequence,) = plates_of(number, vector, FRESH), vector["expected"]["sequence"].values()
        counters = (await desk.get(f"sources/vehicle:{plate}"))["counters"]
        assert counters["out_of_order"] == len(sequence["out_of_order"]), vector["id"]
        assert counters["backlog"] == len(sequence["backlog"]), vector["id"]


async def test_each_violation_names_its_article(desk: Office) -> None:
    number, vector = next((n, v) for n, v in DRIVEN if v["id"] == "c01_exactly_4h")
    (row,) = [r for r in await check(desk, number, vector, IN_ORDER) if r["kind"] == "continuous_driving"]
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

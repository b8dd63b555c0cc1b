"""The golden tracks whose limit changes along the way, and those of 20 seconds: pika, imported zones, the API.

A limit of a vector stands in a zone just where the vector says: an area, a road in its direction, hours of the day, or
the days from a midnight on.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pika
import pytest
import pytest_asyncio

from protocols.times import DAY_S, ICT_OFFSET_S, iso, midnight_s
from tests.actors.rules.tracks import TRACKS, Vector
from tests.end_to_end.box import HOST
from tests.end_to_end.office import PASSWORD, Office, office
from tests.end_to_end.sent_tracks import SentTrack, shift_to

pytestmark = pytest.mark.asyncio(loop_scope="module")
IN_ORDER, SHUFFLED, KILLED = MODES = range(1, 4)
VECTORS: list[Vector] = [json.loads(line) for line in TRACKS.read_text(encoding="utf-8").splitlines()]
CHANGING = [vector for vector in VECTORS if len({m["limit"] for m in vector["messages"]}) > 1]
HASTY = [vector for vector in VECTORS if vector["params"] == {"min_duration": 20}]
BY_TIME = next(vector for vector in CHANGING if vector["id"] == "s21_limit_change")
CASES = [
    *((vector, "area") for vector in CHANGING),
    *((vector, "road") for vector in CHANGING),
    (BY_TIME, "hours"),
    (BY_TIME, "days"),
]
APART_DEG = 0.5
"""Each case is driven so much farther to the east: a zone of one is none of another."""
SENT_S = int(time.time())


def case_tracks(mode: int) -> list[SentTrack]:
    return [
        SentTrack(number, vector, mode, shift_of(vector, how), number * APART_DEG, 22.8 if how == "road" else None)
        for number, (vector, how) in enumerate(CASES)
    ]


def shift_of(vector: Vector, how: str) -> int:
    """The moment of sending; where the time changes the limit, it does so in a whole minute, or at a midnight."""
    shift_s = shift_to(vector, SENT_S)
    at_s = changed_s(vector) + shift_s
    return shift_s - {"hours": at_s % 60, "days": at_s - midnight_s(at_s)}.get(how, 0)


def changed_s(vector: Vector) -> int:
    first = own_limit(vector)
    return next(int(m["t"]) for m in vector["messages"] if m["limit"] != first)


def own_limit(vector: Vector) -> float | None:
    """What is registered of the vehicle: the limit it begins with, unless there may be none."""
    limits = [m["limit"] for m in vector["messages"]]
    return None if None in limits else limits[0]


def zones_of(track: SentTrack, how: str) -> list[dict[str, Any]]:
    """The limits of a track that are not its vehicle's own, each where the track has it."""
    if how == "hours":
        minute_s = changed_s(track.vector) + track.shift_s + ICT_OFFSET_S
        hours = [f"{at_s % DAY_S // 3600:02d}:{at_s % 3600 // 60:02d}" for at_s in (minute_s, minute_s + 60)]
        limit = track.vector["messages"][-1]["limit"]
        return [zone(track, 0, limit, ring(places(track, track.vector["messages"])), hours=["-".join(hours)])]
    if how == "days":
        today = {"valid_from": iso(changed_s(track.vector) + track.shift_s)[:10]}
        messages = track.vector["messages"]
        everywhere = ring(places(track, messages))
        before = zone(track, 0, messages[0]["limit"], everywhere, valid_to=today["valid_from"])
        return [before, zone(track, 1, messages[-1]["limit"], everywhere, **today)]
    found, at = list[dict[str, Any]](), 0
    messages = track.vector["messages"]
    for limit, run in groupby(messages, key=lambda m: m["limit"]):
        first, at = at, at + len(list(run))
        if limit not in (None, own_limit(track.vector)):
            around = places(track, messages[max(first - 1, 0) : at + 1])
            begin = middle(*around[:2]) if first else around[0]
            end = middle(*around[-2:]) if at < len(messages) else around[-1]
            shape = ring([begin, end]) if how == "area" else {"type": "LineString", "coordinates": [begin, end]}
            found.append(zone(track, first, limit, shape, **({} if how == "area" else {"direction": "forward"})))
    return found


def zone(track: SentTrack, at: int, limit: float, geometry: dict[str, Any], **more: Any) -> dict[str, Any]:
    properties = {"limit_kmh": limit, **more}
    return {"type": "Feature", "id": f"{track.number}-{at}", "geometry": geometry, "properties": properties}


def places(track: SentTrack, messages: Iterable[Vector]) -> list[list[float]]:
    return [[m["lon"] + track.east_deg, m["lat"]] for m in messages]


def middle(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return [(a + b) / 2 for a, b in zip(one, other, strict=True)]


def ring(of: Sequence[Sequence[float]]) -> dict[str, Any]:
    """An area over the whole width of the way, from the southernmost of some places to the northernmost."""
    south, north = min(lat for _, lat in of), max(lat for _, lat in of)
    west, east = min(lon for lon, _ in of) - 0.02, max(lon for lon, _ in of) + 0.02
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def inventory(tracks: Iterable[SentTrack]) -> str:
    lines = [f'[[providers]]\nusername = "gps1"\npassword = "{PASSWORD}"\nexchanges = ["tracking.gps1"]']
    for track in tracks:
        limit = own_limit(track.vector)
        own = "" if limit is None else f"speed_limit_kmh = {limit}\n"
        lines += [f'[[vehicles]]\nplate = "{plate}"\nprovider = "gps1"\n{own}' for plate in track.plates]
    return "\n".join(lines)


def publish(desk: Office, bodies: Iterable[bytes]) -> None:
    """Publish with pika, each message confirmed before the next."""
    user = pika.PlainCredentials("gps1", PASSWORD)
    with pika.BlockingConnection(pika.ConnectionParameters(HOST, desk.box.ports["amqp"], credentials=user)) as line:
        channel = line.channel()
        channel.confirm_delivery()
        for body in bodies:
            channel.basic_publish("tracking.gps1", "track1", body)


def halves(tracks: Iterable[SentTrack], random: Random, mode: int) -> tuple[list[bytes], list[bytes]]:
    """The messages of some tracks, and from where on they come after the kill."""
    before, after = list[bytes](), list[bytes]()
    for track in tracks:
        bodies = track.bodies()
        if mode != IN_ORDER:
            random.shuffle(bodies)
        cut = len(bodies) // 2 if mode == KILLED else len(bodies)
        before += bodies[:cut]
        after += bodies[cut:]
    return before, after


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """All tracks of changing limits were sent."""
    folder, random = tmp_path_factory.mktemp("limits"), Random(11)
    tracks = {mode: case_tracks(mode) for mode in MODES}
    file = folder / "zones.geojson"
    features = [one for track in tracks[IN_ORDER] for one in zones_of(track, CASES[track.number][1])]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    async with office(folder, inventory=inventory(one for each in tracks.values() for one in each)) as opened:
        code, out, err = await opened.box.verb("import", str(file))
        assert code == 0, out + err
        await opened.until(lambda: _refreshed(opened), bool)
        for mode in MODES:
            before, after = halves(tracks[mode], random, mode)
            await asyncio.to_thread(publish, opened, before)
            if after:
                await opened.box.kill()
                await opened.box.start()
                opened.http.base_url = opened.box.web
                await asyncio.to_thread(publish, opened, after)
        yield opened


async def _refreshed(opened: Office) -> object:
    return opened.box.events("inventory_refreshed")


@pytest.mark.parametrize("mode", MODES, ids=["in order", "shuffled", "killed"])
async def test_a_limit_that_changes_along_the_way_is_judged_as_the_vector_says(desk: Office, mode: int) -> None:
    """TT 09/2015/TT-BGTVT Phụ lục 2, with its worked example."""
    for track in case_tracks(mode):
        await track.check(desk)


async def test_the_option_of_20_seconds_judges_its_tracks(tmp_path: Path) -> None:
    """QCVN 31:2014/BGTVT."""
    tracks = [
        SentTrack(number, vector, mode, shift_to(vector, SENT_S))
        for number, vector in enumerate(HASTY)
        for mode in (IN_ORDER, SHUFFLED)
    ]
    random = Random(5)
    settings = {"TRAMBOX_VEHICLES_OVERSPEED_S": "20"}
    async with office(tmp_path, settings, inventory=inventory(tracks)) as opened:
        for track in tracks:
            await asyncio.to_thread(publish, opened, halves([track], random, track.mode)[0])
        for track in tracks:
            await track.check(opened)
    assert {len(track.wanted()) for track in tracks} == {0, 1}

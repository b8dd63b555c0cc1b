"""The golden vectors of the stream's tests through FTP and the API: all in one box, each case a parameter or a station.

Values come in two files, the later half first: any order of arrival has to end as the vectors say.
"""

import asyncio
import ftplib
import io
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from protocols.formats.filename import build_name
from protocols.formats.tt10_2021 import build
from protocols.records import ParsedReading
from protocols.times import DAY_S, iso, parse_iso
from protocols.verdict import ARRIVALS
from tests.end_to_end.box import HOST, Box

FOLDER = Path(__file__).parents[1] / "vectors" / "qc"
PASSWORD = "a-word-for-the-test"
OFF = ("syntax", "range", "detection_limit", "step", "spike", "flat_line", "gap", "consistency")
SERIES = ("step", "spike", "flat_line", "gap")
VALUES = ("range", "detection_limit")
STEP_S = 600
AWAIT_S = 60.0
Case = dict[str, Any]
Points = list[tuple[int, float | None]]


def cases(test: str) -> list[Case]:
    return [json.loads(line) for line in (FOLDER / f"{test}.jsonl").read_text("utf-8").splitlines()]


def shifted(points: Points, now_s: float) -> Points:
    """Whole days nearer to now, so that the time of the day stays and nothing is from the future."""
    by_s = int((now_s - 3600 - max(time_s for time_s, _ in points)) // DAY_S * DAY_S)
    return [(time_s + by_s, value) for time_s, value in points]


def points_of(test: str, case: Case) -> Points:
    """The records of a case by time, of a test of single values ten minutes apart."""
    given = case["input"]
    if test == "gap":
        return [(parse_iso(stamp), 1.0) for stamp in given["times"]]
    if test in VALUES:
        return [(parse_iso("2026-01-01T00:00:00+07:00") + at * STEP_S, v) for at, v in enumerate(given["values"])]
    return [(parse_iso(stamp), value) for stamp, value in given["series"]]


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(each)}" for key, each in value.items() if each is not None) + " }"
    return json.dumps(value)


def parameter(symbol: str, tests: dict[str, object]) -> str:
    lines = [f'symbol = "{symbol}"', 'unit = "u"']
    lines += [f"qc.{test} = {toml(tests[test])}" if test in tests else f"qc.{test} = false" for test in OFF[1:]]
    lines += [f"qc.{test} = {toml(table)}" for test, table in tests.items() if test not in OFF]
    return "\n".join(["[[stations.parameters]]", *lines])


def station(code: str, parameters: Sequence[str], rules: Sequence[dict[str, Any]] = ()) -> str:
    tables = ["\n".join(["[[stations.consistency]]", *(f"{k} = {toml(v)}" for k, v in rule.items())]) for rule in rules]
    head = f'[[stations]]\ncode = "{code}"\nkind = "hydromet"\ncadence_s = {STEP_S}'
    return "\n".join([head, *tables, *parameters])


def tables_of(test: str, case: Case) -> dict[str, object]:
    params = dict(case["params"])
    span = params.pop("range", None)
    return {test: params, **({"range": span} if span else {})}


def lines(symbol: str, points: Points) -> Iterator[ParsedReading]:
    for time_s, value in points:
        yield ParsedReading(time_s, symbol, value, "" if value is None else repr(value), "u", "00", 1)


class Room:
    """The stations of all vectors, their files, and what the API says of them."""

    def __init__(self, now_s: float) -> None:
        self.now_s = now_s
        self.stations: list[str] = []
        self.codes: list[str] = []
        self.uploads: list[tuple[str, bytes]] = []
        self.expected: dict[str, int] = {}
        self.rows: dict[str, dict[str, list[dict[str, Any]]]] = {}

    def add(self, code: str, parameters: Sequence[str], rules: Sequence[dict[str, Any]] = ()) -> None:
        self.codes.append(code)
        self.stations.append(station(code, parameters, rules))

    def send(self, code: str, records: Sequence[ParsedReading]) -> None:
        if records:
            name = build_name(code, int(self.now_s) + len(self.uploads))
            self.uploads.append((name, build(records)))
            self.expected[code] = self.expected.get(code, 0) + len(records)

    @property
    def inventory(self) -> str:
        account = f'[[accounts]]\nusername = "tb"\npassword = "{PASSWORD}"\nprotocols = ["ftp"]'
        return "\n".join([*self.stations, account, f"stations = {toml(self.codes)}"])

    def upload_all(self, port: int) -> None:
        ftp = ftplib.FTP()
        ftp.connect(HOST, port, timeout=20)
        ftp.login("tb", PASSWORD)
        for name, body in self.uploads:
            ftp.storbinary(f"STOR {name}", io.BytesIO(body))
        ftp.quit()

    async def read(self, http: httpx.AsyncClient, code: str, count: int) -> None:
        """Ask for a station's readings until all are judged."""
        span = {"from": iso(int(self.now_s) - 400 * DAY_S), "to": iso(int(self.now_s) + DAY_S)}
        until = time.monotonic() + AWAIT_S
        while True:
            answer = await http.get(f"/api/v1/stations/{code}/readings", params=span)
            rows = answer.json()
            if len(rows) >= count:
                break
            assert time.monotonic() < until, (code, len(rows), count, answer.text[:200])
            await asyncio.sleep(0.1)
        found = self.rows.setdefault(code, {})
        for row in rows:
            found.setdefault(row["parameter"], []).append(row)


def furnish(room: Room) -> None:
    """Every case of the tests within one station."""
    for test in (*SERIES, *VALUES):
        own = cases(test)
        room.add(f"QC_{test}", [parameter(f"V{at}", tables_of(test, case)) for at, case in enumerate(own)])
        halves: tuple[list[ParsedReading], list[ParsedReading]] = ([], [])
        for at, case in enumerate(own):
            points = shifted(points_of(test, case), room.now_s) if points_of(test, case) else []
            middle = len(points) // 2
            halves[0].extend(lines(f"V{at}", points[middle:]))
            halves[1].extend(lines(f"V{at}", points[:middle]))
        for half in halves:
            room.send(f"QC_{test}", half)
    for case in cases("consistency"):
        consistency(room, case)
    order(room)


def consistency(room: Room, case: Case) -> None:
    """A station of its own: its variables are parameters, or numbers of the rule (height)."""
    code, record, rule = f"QC_{case['id']}", case["input"]["record"], dict(case["params"])
    at_s = shifted([(parse_iso("2026-06-01T19:00:00+07:00"), None)], room.now_s)[0][0]
    if rule["rule"] == "rain_counter":
        if not record.get("reset_due"):
            at_s -= 2 * STEP_S
        room.add(code, [parameter("r", {"consistency": rule})])
        room.send(code, list(lines("r", [(at_s - STEP_S, record["prev"]), (at_s, record["cur"])])))
        return
    if "z" in record:
        rule["z"] = record["z"]
    names = [name for name in record if name != "z"]
    room.add(code, [parameter(name, {}) for name in names], [rule])
    for name in reversed(names):
        room.send(code, list(lines(name, [(at_s, record[name])])))


def order(room: Room) -> None:
    """The n-th record of every case comes with the n-th file; the instants of a case stay as far apart as they were."""
    own = cases("order")
    room.add("QC_order", [parameter(f"V{at}", {"order": case["params"]}) for at, case in enumerate(own)])
    for number in range(max(len(case["input"]["records"]) for case in own)):
        file: list[ParsedReading] = []
        for at, case in enumerate(own):
            records = case["input"]["records"]
            if number < len(records):
                points = [(parse_iso(row["t"]), row["v"]) for row in records]
                if "future" in case["expected"]["classes"]:
                    by_s = int(room.now_s) + 60 - parse_iso(records[0]["arrival"])  # the box needs some seconds
                    points = [(time_s + by_s, value) for time_s, value in points]
                else:
                    points = shifted(points, room.now_s)
                file += lines(f"V{at}", [points[number]])
        room.send("QC_order", file)
    room.expected["QC_order"] -= sum(case["expected"]["classes"].count("duplicate") for case in own)


@pytest.mark.asyncio
async def test_every_vector_of_the_stream_holds_through_ftp_and_the_api(tmp_path: Path) -> None:
    box = Box(tmp_path / "box")
    try:
        room = Room(time.time())
        furnish(room)
        inventory = box.folder / "inventory.toml"
        inventory.write_text(room.inventory, encoding="utf-8")
        words = (("import", str(inventory)), ("user", "add", "xem", "--role", "viewer"))
        for word in words:
            code, out, err = await box.verb(*word, extra={"TRAMBOX_PASSWORD": PASSWORD})
            assert code == 0, out + err
        await box.start()
        async with httpx.AsyncClient(base_url=box.web, timeout=20) as http:
            answer = await http.post("/api/v1/login", json={"username": "xem", "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            await asyncio.to_thread(room.upload_all, box.ports["ftp"])
            for code, count in room.expected.items():
                await room.read(http, code, count)
    finally:
        await box.close()
    assert list(wrong(room)) == []


def wrong(room: Room) -> Iterator[tuple[str, object, object]]:
    """Cases that the API tells otherwise: name, found, expected."""
    for test in SERIES:
        for at, case in enumerate(cases(test)):
            found = [row["tests"].get(test) for row in room.rows[f"QC_{test}"].get(f"V{at}", [])]
            if found != case["expected"]:
                yield f"{test}/{case['id']}", found, case["expected"]
    for test in VALUES:
        for at, case in enumerate(cases(test)):
            rows = room.rows[f"QC_{test}"].get(f"V{at}", [])
            detail = [[row["tests"].get(test), row["qualifier"]] for row in rows]
            found = detail if test == "detection_limit" else [flag for flag, _ in detail]
            if found != case["expected"]:
                yield f"{test}/{case['id']}", found, case["expected"]
    for case in cases("consistency"):
        told_of = room.rows[f"QC_{case['id']}"]
        judged = {name: told_of[name][-1]["tests"]["consistency"] for name in case["expected"]}
        if judged != case["expected"]:
            yield f"consistency/{case['id']}", judged, case["expected"]
    for at, case in enumerate(cases("order")):
        rows = sorted(room.rows["QC_order"][f"V{at}"], key=lambda row: int(row["file"]))
        kept = [number for number, word in enumerate(case["expected"]["classes"]) if word != "duplicate"]
        expected = [(case["expected"]["classes"][n], case["expected"]["flags"][n]) for n in kept]
        told = [(row["order"], row["tests"]["order"]) for row in rows]
        again = {
            case["input"]["records"][n]["t"] for n, w in enumerate(case["expected"]["classes"]) if w == "duplicate"
        }
        if told != expected or sum(row["resent"] for row in rows) != len(again):
            yield f"order/{case['id']}", told, expected
        assert {word for word, _ in told} <= set(ARRIVALS)

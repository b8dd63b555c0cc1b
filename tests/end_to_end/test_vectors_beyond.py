"""Golden vectors of space and completeness through FTP and the API, a work, a model, and a disaster: all in one box."""

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from protocols.flags import NEIGHBOURED
from protocols.times import DAY_S, iso, parse_iso
from tests.end_to_end.box import Box
from tests.end_to_end.test_vectors_of_quality import (
    AWAIT_S,
    PASSWORD,
    Case,
    Room,
    cases,
    lines,
    parameter,
    shifted,
    toml,
)

MODEL = {"station": "PRE", "sigma": 0.1, "k_sus": 2}
WORK = '[[works]]\nname = "lake"\nrules = [{ rule = "htl_hhl", htl = "WORK_A/HTL", hhl = "WORK_B/HHL" }]'
AREA = '[[areas]]\nname = "coast"\ntitle = "Ven biển"\nstations = ["PORT"]'
HILLS = '[[areas]]\nname = "hills"\nstations = ["PRE"]'


class Country(Room):
    """Stations with a place, a pace and what their tests need."""

    def __init__(self, now_s: float) -> None:
        super().__init__(now_s)
        self.slot_s = int(now_s) // 600 * 600 - 2 * 3600
        self.completeness: dict[str, tuple[Case, int]] = {}

    def station(self, code: str, parameters: list[str], **keys: object) -> None:
        self.codes.append(code)
        head = [f'[[stations]]\ncode = "{code}"\nkind = "hydromet"', *(f"{k} = {toml(v)}" for k, v in keys.items())]
        self.stations.append("\n".join([*head, *parameters]))

    def neighbourhood(self, at: int, case: Case) -> None:
        """The target and its neighbours: a symbol of their own keeps the cases apart."""
        symbol, params = f"V{at}", {key: value for key, value in case["params"].items() if value is not None}
        rows = [{**case["input"]["target"], "dt": 0, "flag": 1}, *case["input"]["neighbours"]]
        for number, row in reversed(list(enumerate(rows))):
            code, value = f"SP{at}_{number}", row["v"]
            tests: dict[str, object] = {} if number else {"spatial": params}
            if value is not None and row["flag"] in (3, 4):
                tests["range"] = {"sus_hi" if row["flag"] == 3 else "fail_hi": value - 0.5}
            if number:
                tests["spatial"] = False
            place = {"lat": row["lat"], "lon": row["lon"], "elevation_m": row["z"]}
            self.station(code, [table(symbol, tests)], **place)
            self.send(code, list(lines(symbol, [(self.slot_s - row["dt"], value)])))

    def window(self, at: int, case: Case) -> None:
        """A station with the records of a window."""
        given, code = case["input"], f"CP{at}"
        start_s, end_s = parse_iso(given["start"]), parse_iso(given["end"])
        by_s = shifted([(end_s, None)], self.now_s)[0][0] - end_s
        self.station(code, [table("V", {"completeness": case["params"]})], cadence_s=case["params"]["interval_s"])
        self.send(code, list(lines("V", [(parse_iso(stamp) + by_s, 1.0) for stamp in given["times"]])))
        self.completeness[code] = (case, by_s)
        assert (end_s - start_s) in (3600, DAY_S)


def table(symbol: str, tests: dict[str, Any]) -> str:
    own = {name: each for name, each in tests.items() if each is not False}
    off = [f"qc.{name} = false" for name, each in tests.items() if each is False]
    return "\n".join([parameter(symbol, own), *off])


def furnish(country: Country) -> None:
    for at, case in enumerate(cases("spatial")):
        country.neighbourhood(at, case)
    for at, case in enumerate(cases("completeness")):
        country.window(at, case)
    for code, symbol, value in (("WORK_A", "HTL", 2.0), ("WORK_B", "HHL", 3.0), ("PRE", "M", 1.0), ("REAL", "M", 1.5)):
        country.station(code, [table(symbol, {"model": MODEL} if code == "REAL" else {})])
        country.send(code, list(lines(symbol, [(country.slot_s, value)])))
    country.station("PORT", [table("V", {})], schedule="sea_port")
    country.stations += [WORK, AREA, HILLS]


async def readings(http: httpx.AsyncClient, code: str, test: str) -> dict[str, Any]:
    """The one reading of a station, once a test has spoken of it."""
    until = time.monotonic() + AWAIT_S
    while True:
        rows = (await http.get(f"/api/v1/stations/{code}/readings", params={"from": iso(time.time() - DAY_S)})).json()
        if rows and test in rows[0]["tests"]:
            found: dict[str, Any] = rows[0]
            return found
        assert time.monotonic() < until, (code, rows)
        await asyncio.sleep(0.2)


async def settled(http: httpx.AsyncClient, country: Country) -> None:
    """Wait until every file is judged, and nothing waits for its outer tests."""
    for code, count in country.expected.items():
        await country.read(http, code, count)
    until = time.monotonic() + AWAIT_S
    while (await clock(http))["pending"]:
        assert time.monotonic() < until, await clock(http)
        await asyncio.sleep(0.1)


async def clock(http: httpx.AsyncClient) -> dict[str, Any]:
    """The statistics of the clock of the outer tests."""
    services = (await http.get("/api/v1/services")).json()
    found: dict[str, Any] = next(each for each in services if each["id"] == "clock:spatial")["statistics"]
    return found


@pytest.mark.asyncio
async def test_vectors_beyond_a_station_hold_through_ftp_and_the_api(tmp_path: Path) -> None:
    box, country = Box(tmp_path / "box"), Country(time.time())
    wrong: list[object] = []
    try:
        furnish(country)
        inventory = box.folder / "inventory.toml"
        inventory.write_text(country.inventory, encoding="utf-8")
        for words in (("import", str(inventory)), ("user", "add", "an", "--role", "operator")):
            code, out, err = await box.verb(*words, extra={"TRAMBOX_PASSWORD": PASSWORD})
            assert code == 0, out + err
        await box.start()
        async with httpx.AsyncClient(base_url=box.web, timeout=30) as http:
            answer = await http.post("/api/v1/login", json={"username": "an", "password": PASSWORD})
            http.headers["X-CSRF-Token"] = answer.json()["csrf"]
            await asyncio.to_thread(country.upload_all, box.ports["ftp"])
            await settled(http, country)
            for at, case in enumerate(cases("spatial")):
                row = await readings(http, f"SP{at}_0", "spatial")
                if row["tests"]["spatial"] != case["expected"]["flag"]:
                    wrong.append((case["id"], row, case["expected"]))
            for code, (case, by_s) in country.completeness.items():
                wrong += await completeness(http, code, case, by_s)
            upstream, downstream = [await readings(http, code, "works") for code in ("WORK_A", "WORK_B")]
            modelled = await readings(http, "REAL", "model")
            await disaster(http)
            await made_again(http)
            told = await clock(http)
            marked = box.rows(f"SELECT COUNT(*) FROM readings WHERE outer_flags & {NEIGHBOURED} <> 0")
    finally:
        await box.close()
    assert wrong == []
    assert [(row["flag"], row["tests"]["works"]) for row in (upstream, downstream)] == [(4, 4), (4, 4)]
    assert (modelled["flag"], modelled["tests"]["model"]) == (3, 3)
    assert told["judged"] > 0
    assert marked[0][0] > 0, "the spatial test is mandatory where there are neighbours enough"


async def completeness(http: httpx.AsyncClient, code: str, case: Case, by_s: int) -> list[object]:
    """What differs from a vector."""
    given, expected = case["input"], case["expected"]
    start_s, end_s = parse_iso(given["start"]) + by_s, parse_iso(given["end"]) + by_s
    window = "hour" if end_s - start_s == 3600 else "day"
    query = {"from": iso(start_s), "to": iso(end_s), "window": window, "parameter": "V"}
    (found,) = (await http.get(f"/api/v1/stations/{code}/completeness", params=query)).json()
    missing = [parse_iso(stamp) - by_s for stamp in found["missing"]]
    told = (found["expected"], found["received"], found["flag"], missing, abs(found["rate"] - expected["rate"]) < 1e-9)
    wanted = (
        expected["n_exp"],
        expected["n"],
        expected["flag"],
        [parse_iso(each) for each in expected["missing"]],
        True,
    )
    return [] if told == wanted else [(case["id"], told, wanted)]


async def disaster(http: httpx.AsyncClient) -> None:
    """A port owes four records a day, and one an hour while its area is struck."""
    history = (await http.get("/api/v1/stations/PORT/history")).json()
    assert (history["slots_per_day"], len(history["cells"])) == (4, 4)
    now_s = int(time.time())
    body = {"from": iso(now_s - DAY_S), "to": iso(now_s + 600), "cadence_s": 3600, "reason": "bão số 3"}
    assert (await http.post("/api/v1/areas/coast/disaster", json=body)).status_code == 200
    assert len((await http.get("/api/v1/stations/PORT/history")).json()["cells"]) == 24
    assert (await http.post("/api/v1/areas/coast/disaster/end", json={})).status_code == 200
    log = (await http.get("/api/v1/audit-log")).json()
    assert [(row["action"], row["target"]) for row in log[:2]] == [("disaster_end", "coast"), ("disaster", "coast")]


async def made_again(http: httpx.AsyncClient) -> None:
    """An hour that is made already expects what a disaster declared afterwards expected, and again what it was."""
    now_s = int(time.time())
    assert (await hour(http, version=1))["expected"] == 12
    body = {"from": iso(now_s - DAY_S), "cadence_s": 60, "reason": "bão số 3"}
    assert (await http.post("/api/v1/areas/hills/disaster", json=body)).status_code == 200
    raised = await hour(http, version=2)
    assert (raised["expected"], raised["count"], raised["reason"]) == (60, 1, "expected records: 12 -> 60")
    ended = {"to": iso(now_s - DAY_S + 60)}
    assert (await http.post("/api/v1/areas/hills/disaster/end", json=ended)).json()["to"] == ended["to"]
    assert (await hour(http, version=3))["expected"] == 12


async def hour(http: httpx.AsyncClient, version: int) -> dict[str, Any]:
    """The hour of the model's one value, once this version of it is made."""
    until = time.monotonic() + AWAIT_S
    while True:
        query = {"from": iso(time.time() - DAY_S)}
        rows = (await http.get("/api/v1/stations/PRE/hourly", params=query)).json()
        found: list[dict[str, Any]] = [row for row in rows if row["count"] and row["version"] == version]
        if found:
            return found[0]
        assert time.monotonic() < until, rows
        await asyncio.sleep(0.2)

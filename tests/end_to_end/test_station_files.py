"""Station files as their senders know them: sent with curl, seen on the page, told by the API and by `trambox check`.

One box, one start. The golden vectors of syntax go in by FTP and come out of the API as they must.
"""

import asyncio
import json
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from protocols.formats import tt10_2021
from protocols.formats.workbook import build_workbook
from protocols.records import ParsedReading
from protocols.times import ICT, build_stamp, iso
from tests.end_to_end.box import HOST, Box

VECTORS = Path(__file__).parents[1] / "vectors" / "qc" / "syntax.jsonl"
CASES = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]
PASSWORD = "a-word-for-the-test"
AIR, DAM = "HN_AAAA_KHIKXQ", "34_hochuaA"
OFF = {"range": False, "step": False, "spike": False, "flat_line": False, "detection_limit": False}
INVENTORY = f"""
[[stations]]
code = "{AIR}"
kind = "air"
[[stations.parameters]]
symbol = "CO"
unit = "µg/m3"
qc.syntax = {{ units = ["mg/m3"] }}
qc.step = false
qc.spike = false
[[stations.parameters]]
symbol = "SO2"
unit = "µg/m3"
[[stations]]
code = "{DAM}"
kind = "hydromet"
[[stations.parameters]]
symbol = "R"
unit = "mm"
[[stations.parameters]]
symbol = "HTL"
unit = "m"
qc.syntax = {{ units = ["cm"] }}
[[accounts]]
username = "tb"
password = "{PASSWORD}"
stations = STATIONS
"""


def code_of(number: int) -> str:
    return f"HN_SYNT_NUO{number:03}"


def inventory() -> str:
    """The two stations above, and one for each vector: its units are its `qc.syntax`."""
    parts = [INVENTORY.replace("STATIONS", json.dumps([AIR, DAM, *(code_of(number) for number in range(len(CASES)))]))]
    off = "\n".join(f"qc.{test} = false" for test in OFF)
    for number, case in enumerate(CASES):
        parts.append(f'[[stations]]\ncode = "{code_of(number)}"\nkind = "wastewater"')
        for symbol, units in case["params"]["units"].items():
            syntax = f"qc.syntax = {{ units = {json.dumps(units)} }}"
            parts.append(f'[[stations.parameters]]\nsymbol = "{symbol}"\nunit = "{units[0]}"\n{syntax}\n{off}')
    return "\n".join(parts)


class Sender:
    """A box, curl, and the API as an operator sees it."""

    def __init__(self, box: Box, http: httpx.AsyncClient) -> None:
        self.box = box
        self.http = http

    async def curl(self, name: str, body: bytes) -> int:
        """Upload a file as a person would try it; gives curl's exit code, 0 where the server kept and read it."""
        file = self.box.folder / name
        file.write_bytes(body)
        url = f"ftp://{HOST}:{self.box.ports['ftp']}/"
        words = ("curl", "-sS", "--ftp-pasv", "-u", f"tb:{PASSWORD}", "-T", str(file), url)
        process = await asyncio.create_subprocess_exec(*words, stdout=DEVNULL, stderr=DEVNULL)
        return await asyncio.wait_for(process.wait(), 20)

    async def files(self, code: str) -> list[dict[str, Any]]:
        """What came today."""
        answer = await self.http.get(f"/api/v1/stations/{code}/files")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    async def readings(self, code: str, time_s: int, **query: str) -> list[dict[str, Any]]:
        """Judged values around an instant, once they are there."""
        span = {"from": iso(time_s - 3600), "to": iso(time_s + 3600), **query}
        for _ in range(200):
            rows: list[dict[str, Any]] = (await self.http.get(f"/api/v1/stations/{code}/readings", params=span)).json()
            if rows:
                return rows
            await asyncio.sleep(0.05)
        return []

    async def check(self, *names: str) -> list[dict[str, Any]]:
        """What `trambox check` says of files that were sent."""
        _, out, err = await self.box.verb("check", *(str(self.box.folder / name) for name in names))
        assert out, err
        return [json.loads(line) for line in out.splitlines()]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sender(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sender]:
    box = Box(tmp_path_factory.mktemp("files") / "box")
    try:
        file = box.folder / "inventory.toml"
        file.write_text(inventory(), encoding="utf-8")
        for words in (("import", str(file)), ("user", "add", "an", "--role", "operator")):
            code, out, err = await box.verb(*words, extra={"TRAMBOX_PASSWORD": PASSWORD})
            assert code == 0, out + err
        await box.start()
        async with httpx.AsyncClient(base_url=box.web, timeout=20) as http:
            answer = await http.post("/api/v1/login", json={"username": "an", "password": PASSWORD})
            http.headers["X-CSRF-Token"] = answer.json()["csrf"]
            yield Sender(box, http)
    finally:
        await box.close()


NOW_S = int(time.time()) // 300 * 300 - 300
STAMP = build_stamp(NOW_S)
GOOD = f"CO\t900\tug/m3\t{STAMP}\t00\r\nSO2\t20\tug/m3\t{STAMP}\t00\r\n".encode()
WRONG = {
    "unit": (GOOD.replace(b"SO2\t20\tug", b"SO2\t20\tng"), 2, "unit"),
    "time": (GOOD.replace(f"SO2\t20\tug/m3\t{STAMP}".encode(), b"SO2\t20\tug/m3\t20260230000000"), 2, "time"),
    "future": (GOOD.replace(STAMP.encode(), build_stamp(NOW_S + 7 * 3600).encode()), 1, "future"),
    "encoding": (GOOD + f"Ápsuất\t1000\thPa\t{STAMP}\t00\r\n".encode("cp1258", "replace"), 3, "encoding"),
    "truncated": (GOOD[:-12], 2, "truncated"),
    "param": (GOOD.replace(b"SO2", b"SO3"), 2, "param"),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", WRONG)
async def test_a_wrong_file_shows_on_its_page_within_a_second_and_check_says_the_same(
    sender: Sender, case: str
) -> None:
    body, line, reason = WRONG[case]
    name = f"{AIR}_{build_stamp(NOW_S - 60 * list(WRONG).index(case))}.txt"
    assert await sender.curl(name, body) == 0
    began = time.monotonic()
    (file,) = [file for file in await sender.files(AIR) if file["name"] == name]
    fault = next(fault for fault in file["faults"] if fault["reason"] == reason)
    assert (fault["line"], bool(fault["detail"])) == (line, True)
    page = (await sender.http.get(f"/stations/{AIR}/files/{file['id']}", headers={"Cookie": _cookie(sender)})).text
    assert time.monotonic() - began < 1
    sentence = {"unit": "Đơn vị không phải", "time": "Thời gian không có thật", "future": "Thời gian sau lúc tệp tới",
                "encoding": "không phải UTF-8", "truncated": "Tệp bị cụt", "param": "chưa đăng ký"}[reason]  # fmt: skip
    assert sentence in page


@pytest.mark.asyncio(loop_scope="module")
async def test_check_says_of_wrong_files_what_their_page_says(sender: Sender) -> None:
    shown = {file["name"]: file["faults"] for file in await sender.files(AIR)}
    told = await sender.check(*map(name_of, WRONG))
    assert [answer["station"] for answer in told] == [AIR] * len(WRONG)
    assert [_places(answer["faults"]) for answer in told] == [_places(shown[name_of(case)]) for case in WRONG]


def name_of(case: str) -> str:
    return f"{AIR}_{build_stamp(NOW_S - 60 * list(WRONG).index(case))}.txt"


def _places(faults: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    return [
        (fault["line"], fault["field"], fault["reason"], fault["hint"])
        for fault in faults
        if fault["reason"] != "future"
    ]


def _cookie(sender: Sender) -> str:
    return "; ".join(f"{name}={value}" for name, value in sender.http.cookies.items())


@pytest.mark.asyncio(loop_scope="module")
async def test_the_vectors_of_syntax_come_out_of_the_api_as_they_must(sender: Sender) -> None:
    for number, case in enumerate(CASES):
        code, expected = code_of(number), case["expected"]
        await sender.curl(f"{code}_20260105081500.txt", case["input"]["line"].encode())
        (file,) = await sender.files(code)
        if expected["time"] is None:
            assert {fault["reason"] for fault in file["faults"]} >= set(expected["reasons"]), case["id"]
            assert (file["records"], file["fate"]) == (0, "refused"), case["id"]
            continue
        at_s = int(datetime.fromisoformat(expected["time"]).astimezone(ICT).timestamp())
        (row,) = await sender.readings(code, at_s)
        assert (row["parameter"], row["value"], row["tests"]["syntax"], row["reasons"]) == (
            expected["param"], expected["value"], expected["flag"], expected["reasons"]
        ), case["id"]  # fmt: skip


@pytest.mark.asyncio(loop_scope="module")
async def test_an_allowed_unit_is_converted_and_what_was_sent_stays_to_be_seen(sender: Sender) -> None:
    at_s = NOW_S - 7200
    name = f"{AIR}_{build_stamp(at_s)}.txt"
    assert await sender.curl(name, tt10_2021.build([ParsedReading(at_s, "CO", 1.2, "1.2", "mg/m3", "00", 1)])) == 0
    row = next(row for row in await sender.readings(AIR, at_s, parameter="CO") if row["time"] == iso(at_s))
    assert (row["value"], row["unit"], row["raw"], row["raw_unit"]) == (1200.0, "µg/m3", "1.2", "mg/m3")
    assert (row["converted"], row["reasons"], row["tests"]["syntax"]) == (True, [], 1)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_workbook_of_a_dam_is_read_under_its_new_province_too(sender: Sender) -> None:
    stamp = build_stamp(NOW_S)
    rows = [
        ("Tram", "Kinhdo", "Vido", "Thoigian", "Yeuto", "Giatri", "Donvi"),
        ("Tram01", "1052445", "222325", stamp, "R", "40", "mm"),
        ("Tram03", "1052326", "222136", stamp, "HTL", "13600", "cm"),
    ]
    assert await sender.curl(f"33_hochuaA_obsdata_{stamp}.xlsx", build_workbook(rows)) == 0
    (file,) = await sender.files(DAM)
    assert (file["fate"], file["layout"], file["records"]) == ("stored", "tt13_2023", 2)
    assert [fault["reason"] for fault in file["faults"]] == ["province"]
    found = {
        row["parameter"]: (row["value"], row["unit"], row["raw_unit"]) for row in await sender.readings(DAM, NOW_S)
    }
    assert found == {"Tram01.R": (40.0, "mm", "mm"), "Tram03.HTL": (136.0, "m", "cm")}


@pytest.mark.asyncio(loop_scope="module")
async def test_a_work_registers_itself_and_sends_once_somebody_took_it_in(sender: Sender) -> None:
    fields = [("Donvi", "Công ty A"), ("Loaicongtrinh", "Nhà máy thủy điện"), ("Tinh", "Tuyên Quang")]
    assert await sender.curl("DK_08_thuydienChiemHoa.xlsx", build_workbook(fields)) == 0
    stamp = build_stamp(NOW_S)
    body = f"Tram01 1052346 222026 {stamp} R 30 mm\r\nTram03 1052346 223026 {stamp} HTL 122.5 cm\r\n".encode()
    name = f"08_thuydienChiemHoa_obsdata_{stamp}.txt"
    assert await sender.curl(name, body) != 0
    (row,) = (await sender.http.get("/api/v1/registrations", params={"registration_state": "pending"})).json()
    assert (row["code"], row["work"], row["province_name"]) == ("08_thuydienChiemHoa", "dam", "Tuyên Quang")
    assert (await sender.http.post(f"/api/v1/registrations/{row['id']}/approve", json={})).status_code == 200
    assert await sender.curl(name, body) == 0
    found = {row["parameter"]: (row["value"], row["flag"]) for row in await sender.readings(row["code"], NOW_S)}
    assert found.keys() == {"Tram01.R", "Tram03.HTL"} and found["Tram03.HTL"][0] == 122.5
    seen = (await sender.http.get(f"/api/v1/stations/{row['code']}/format")).json()
    assert (seen["profile"], seen["layout"]) == ("tt13_2023", "tt13_2023")

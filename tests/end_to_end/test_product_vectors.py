"""The public vectors of means, wind, rain and air index through FTP and the HTTP API, one station each, in one box.

Beside them stand cases of the same kind that are drawn, with a reference of their own (`drawn_cases.py`).
What a vector says of a reading's flag is brought about as the field does it: 3 by a second, different value of the same
instant, 4 by the device's own error status, 9 by a value that is missing. The tests of quality control are off.
"""

import asyncio
import ftplib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from protocols.formats.filename import build_name
from protocols.times import HOUR_S, build_stamp, iso, parse_iso
from tests.actors.rules.drawn_cases import drawn_cases
from tests.actors.rules.vector_files import Case, read_cases
from tests.end_to_end.box import HOST, Box

PASSWORD = "a-word-for-the-test"
OFF = "".join(
    f"qc.{test} = false\n"
    for test in ("range", "detection_limit", "step", "spike", "flat_line", "gap", "consistency", "spatial")
)
SYMBOLS = {"pm25": "PM2.5", "pm10": "PM10", "o3_1h": "O3", "co": "CO", "so2": "SO2", "no2": "NO2"}
AQI_END = "2026-03-21T12:00:00+07:00"
CONFLICT = 1.0
SEED = 1459


def status(flag: int) -> str:
    return "02" if flag == 4 else "00"


def line(symbol: str, value: float | None, unit: str, time_s: int, flag: int = 1) -> list[str]:
    raw = "" if value is None else repr(float(value))
    rows = [f"{symbol}\t{raw}\t{unit}\t{build_stamp(time_s)}\t{status(flag)}"]
    if flag == 3 and value is not None:
        rows.append(f"{symbol}\t{value + CONFLICT!r}\t{unit}\t{build_stamp(time_s)}\t00")
    return rows


def toml(params: dict[str, Any]) -> str:
    return ", ".join(f"{key} = {value!r}".replace("'", '"') for key, value in params.items())


class Station:
    """One vector as a station: its inventory, its file, and what the API must say."""

    def __init__(self, test: str, number: int, case: Case) -> None:
        self.test, self.case = test, case
        self.code = f"V_{test.replace('_', '').upper()[:6]}_KHI{number:03}"
        self.rows: list[str] = []
        self.parameters: list[tuple[str, str, str]] = []
        self.products, self.cadence_s = "", 3600
        getattr(self, f"_{test}")(case["params"], case["input"])

    def _hourly_mean(self, params: dict[str, Any], given: dict[str, Any]) -> None:
        self._readings("CODx", "ug/m3", f"qc.hourly_mean = {{ {toml(params)} }}\n", params, given, given["hour_end"])

    def _rain_sum(self, params: dict[str, Any], given: dict[str, Any]) -> None:
        table = f"qc.rain_sum = {{ {toml(params)} }}\n"
        self._readings("R", "mm", f'product = "sum"\n{table}', params, given, given["end"])

    def _readings(
        self, symbol: str, unit: str, more: str, params: dict[str, Any], given: dict[str, Any], end: str
    ) -> None:
        self.end_s, self.cadence_s = parse_iso(end), params["interval_s"]
        self.parameters = [(symbol, unit, more)]
        seen: set[int] = set()
        for row in given["records"]:
            time_s = parse_iso(row["t"])
            if time_s not in seen:  # a second value of an instant would be a conflict, which is another test's matter
                self.rows += line(symbol, row["v"], unit, time_s, row["flag"])
            seen.add(time_s)

    def _wind_dir(self, params: dict[str, Any], given: dict[str, Any]) -> None:
        self.end_s, self.cadence_s = parse_iso(given["hour_end"]), params["interval_s"]
        table = f'speed = "WindSpeed"\nqc.wind_dir = {{ {toml(params)} }}\n'
        self.parameters = [("WindDir", "độ", f'product = "vector"\n{table}'), ("WindSpeed", "m/s", "")]
        for row in given["records"]:
            time_s = parse_iso(row["t"])
            self.rows += line("WindDir", row["wd"], "độ", time_s, row["flag"])
            self.rows += [] if row["ws"] is None else line("WindSpeed", row["ws"], "m/s", time_s)

    def _aqi_sub(self, params: dict[str, Any], given: dict[str, Any]) -> None:
        self._air({params["pollutant"]: [given["c"]] * 12}, "law_norm")

    def _nowcast(self, params: dict[str, Any], given: dict[str, Any]) -> None:
        self._air({"pm25": given["c"]}, params["mode"])

    def _aqi_hour(self, params: dict[str, Any], given: dict[str, Any]) -> None:
        series = {name: mean if isinstance(mean, list) else [mean] for name, mean in given["hour"].items()}
        self._air(series, params["mode"])

    def _air(self, series: dict[str, list[float | None]], mode: str) -> None:
        self.end_s, self.products = parse_iso(AQI_END), f'products = {{ aqi_mode = "{mode}" }}\n'
        self.parameters = [(SYMBOLS[name], "ug/m3", "") for name in series] + [("Temp", "oC", "")]
        for age in range(12):
            time_s = self.end_s - age * HOUR_S
            self.rows += line("Temp", 20.0, "oC", time_s)
            for name, means in series.items():
                if age < len(means) and means[age] is not None:
                    self.rows += line(SYMBOLS[name], means[age], "ug/m3", time_s)

    @property
    def inventory(self) -> str:
        head = f'[[stations]]\ncode = "{self.code}"\nkind = "air"\ncadence_s = {self.cadence_s}\n{self.products}'
        return head + "".join(
            f'[[stations.parameters]]\nsymbol = "{symbol}"\nunit = "{unit}"\n{OFF}{more}'
            for symbol, unit, more in self.parameters
        )

    @property
    def body(self) -> bytes:
        return "".join(f"{row}\r\n" for row in self.rows).encode()

    @property
    def question(self) -> tuple[str, dict[str, str]]:
        end = iso(self.end_s)
        if self.test in ("aqi_sub", "nowcast", "aqi_hour"):
            return "aqi", {"from": end, "to": end, "period": "hour"}
        is_day = self.test == "rain_sum" and self.end_s - parse_iso(self.case["input"]["start"]) > HOUR_S
        period = "hydromet_day" if is_day else "1h"
        return "means", {"from": end, "to": end, "period": period, "parameter": self.parameters[0][0]}

    def check(self, found: list[dict[str, Any]]) -> None:
        expected = self.case["expected"]
        if self.test in ("hourly_mean", "rain_sum", "wind_dir"):
            if not expected["n"] and not found:
                return  # nothing came, so there is nothing to tell
            (row,) = found
            value = expected[{"hourly_mean": "mean", "rain_sum": "sum", "wind_dir": "dir"}[self.test]]
            assert (row["count"], row["flag"]) == (expected["n"], expected["flag"])
            assert row["value"] == (
                None if value is None else pytest.approx(value, abs=1e-4 if "dir" in expected else 1e-9)
            )
            assert row["expected"] == expected.get("n_exp", row["expected"])
            assert row["wind_kind"] == expected.get("kind")
            return
        (row,) = found
        if self.test == "nowcast":
            value = expected["nowcast"]
            assert row["nowcast"]["pm25"] == (None if value is None else pytest.approx(value, abs=1e-6))
        elif self.test == "aqi_sub":
            assert row["sub"][self.case["params"]["pollutant"]] == expected["aqi"]
        else:
            assert (row["sub"], row["aqi"], row["main"]) == (expected["sub"], expected["aqi"], expected["main"])


def stations() -> Iterator[Station]:
    for test in ("hourly_mean", "rain_sum", "wind_dir", "nowcast", "aqi_sub", "aqi_hour"):
        for number, case in enumerate(read_cases(test)):
            if case["params"].get("pollutant") != "o3_8h":  # a day's matter
                yield Station(test, number, case)
    for number, (test, case) in enumerate(drawn_cases(SEED, 8)):
        yield Station(test, 500 + number, case)


def upload(port: int, every: list[Station]) -> None:
    with ftplib.FTP() as ftp:
        ftp.connect(HOST, port, timeout=20)
        ftp.login("tb", PASSWORD)
        for station in every:
            if station.rows:
                ftp.storbinary(f"STOR {build_name(station.code, station.end_s)}", io.BytesIO(station.body))


@pytest.mark.asyncio
async def test_every_vector_comes_out_of_the_api_as_it_went_in_over_ftp(tmp_path: Path) -> None:
    every = list(stations())
    account = f'[[accounts]]\nusername = "tb"\npassword = "{PASSWORD}"\nprotocols = ["ftp"]\nstations = '
    box = Box(tmp_path / "box", module="tests.end_to_end.hurried")
    try:
        inventory = box.folder / "inventory.toml"
        codes = ", ".join(f'"{station.code}"' for station in every)
        inventory.write_text("".join(s.inventory for s in every) + f"{account}[{codes}]\n", encoding="utf-8")
        for words in (("import", str(inventory)), ("user", "add", "xem", "--role", "viewer")):
            code, out, err = await box.verb(*words, extra={"TRAMBOX_PASSWORD": PASSWORD})
            assert code == 0, out + err
        await box.start()
        await asyncio.to_thread(upload, box.ports["ftp"], every)
        async with httpx.AsyncClient(base_url=box.web, timeout=20) as http:
            await http.post("/api/v1/login", json={"username": "xem", "password": PASSWORD})
            async with asyncio.timeout(30):
                while not is_made(box, sum(bool(station.rows) for station in every)):
                    await asyncio.sleep(0.1)
            wrong = [complaint for station in every if (complaint := await ask(http, station))]
        assert wrong == []
        assert len(every) > 100
    finally:
        await box.close()


def is_made(box: Box, stations: int) -> bool:
    """Whether every station is judged, and whatever that touched is made: both are written in one transaction."""
    (judged,) = box.rows("SELECT COUNT(DISTINCT station_id) FROM readings")
    waiting = box.rows("SELECT 1 FROM dirty_hours UNION ALL SELECT 1 FROM dirty_days")
    return judged[0] == stations and not waiting


async def ask(http: httpx.AsyncClient, station: Station) -> str:
    path, query = station.question
    answer = await http.get(f"/api/v1/stations/{station.code}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    try:
        station.check(answer.json())
    except (AssertionError, ValueError) as error:
        return f"{station.test} {station.case['id']}: {error} {answer.text}"
    return ""

"""The public vectors of limits through FTP and the API, then late data, over a kill, and a stack at its oxygen."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from protocols.formats.tt10_2021 import build
from protocols.records import ParsedReading
from protocols.times import HOUR_S
from protocols.vocabulary import DeviceStatus
from server.simulator.inventory_toml import inventory_toml
from storage.entries import Inventory, ParameterEntry, StationEntry
from tests.end_to_end.office import PASSWORD, Office, office

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]
CASES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "vectors" / "qc" / "limit.jsonl").read_text(encoding="utf-8").splitlines()
]
CODE = "TB_GIOI_NUOHAN"
OFF = dict.fromkeys(("range", "spike", "step", "flat_line", "detection_limit"), False)


def inventory() -> str:
    """One parameter for each vector, with the vector's own parameters; two more for what follows."""
    vectors = [ParameterEntry(case["id"], "mg/L", qc={**OFF, "limit": case["params"]}) for case in CASES]
    others = [
        ParameterEntry("TSS", "mg/L", qc=OFF, limit={"preset": "qcvn_40_2011:A", "permit": "GPMT 1/2025", "kq": 1.2}),
        ParameterEntry("SO2", "mg/Nm3", qc=OFF, limit={"value": 100, "scaled": True, "o2_ref": 7}),
        ParameterEntry("O2", "%", qc=OFF),
    ]
    station = StationEntry(CODE, "wastewater", parameters=(*vectors, *others))
    account = f'\n[[accounts]]\nusername = "tb"\npassword = "{PASSWORD}"\nstations = ["{CODE}"]\nprotocols = ["ftp"]\n'
    return inventory_toml(Inventory(stations=(station,))) + account


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with office(tmp_path_factory.mktemp("limits")) as desk:
        file = desk.box.folder / "limits.toml"
        file.write_text(inventory(), encoding="utf-8")
        code, out, err = await desk.box.verb("import", str(file))
        assert code == 0, out + err
        await desk.until(lambda: desk.get("sources", q=CODE), bool)  # the running box has taken the import over
        await send(desk, desk.first_hour_s, {case["id"]: case["input"]["value"] for case in CASES})
        yield desk


async def send(desk: Office, time_s: int, values: dict[str, float | None], unit: str = "mg/L") -> None:
    """One file of one instant."""
    lines = [
        ParsedReading(time_s, symbol, value, "" if value is None else f"{value:g}", UNITS.get(symbol, unit),
                      DeviceStatus.MEASURING if value is not None else DeviceStatus.ERROR, at)
        for at, (symbol, value) in enumerate(values.items(), 1)
    ]  # fmt: skip
    await desk.upload(f"{CODE}_{desk.name(time_s).rpartition('_')[2]}", build(lines))


UNITS = {"SO2": "mg/Nm3", "O2": "%"}


async def exceedances(desk: Office, parameter: str, **query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await desk.get(
        f"stations/{CODE}/exceedances", parameter=parameter, averaging="instant", **desk.span, **query
    )
    return [row for row in rows if row["level"] != "approaching"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
async def test_a_vector_through_the_wire(desk: Office, case: dict[str, Any]) -> None:
    expected = case["expected"]
    limits = [row for row in await desk.get(f"stations/{CODE}/limits") if row["parameter"] == case["id"]]
    assert {row["averaging"] for row in limits} == {"instant", "hour", "day"}
    assert all(row["cmax"] == pytest.approx(expected["cmax"], abs=1e-9) for row in limits)
    rows = await desk.until(
        lambda: exceedances(desk, case["id"]), lambda rows: len(rows) == (1 if expected["exceed"] else 0)
    )
    for row in rows:
        assert (row["worst"], row["state"], row["end"]) == (case["input"]["value"], "exceeding", None)
    values = (await desk.get(f"sources/station:{CODE}"))["last_values"]
    (last,) = (value for value in values if value["parameter"] == case["id"])
    assert last["exceeding"] is bool(expected["exceed"])


async def test_late_values_and_a_kill_leave_what_a_batch_would_say(desk: Office) -> None:
    """Cmax of TSS is 60; the late value in the middle splits the run, and the kill comes right after it was taken."""
    at_s = desk.first_hour_s + HOUR_S
    for minute, value in ((5, 70.0), (15, 80.0), (20, 30.0)):
        await send(desk, at_s + 60 * minute, {"TSS": value})
    await desk.until(lambda: exceedances(desk, "TSS"), lambda rows: [row["state"] for row in rows] == ["ended"])
    await send(desk, at_s + 60 * 10, {"TSS": 20.0})
    await desk.box.kill()
    await desk.box.start()
    desk.http.base_url = desk.box.web
    rows = await desk.until(lambda: exceedances(desk, "TSS"), lambda rows: len(rows) == 2)
    assert [(row["start"][14:16], row["end"][14:16], row["worst"], row["cmax"]) for row in rows] == [
        ("05", "10", 70.0, 60.0), ("15", "20", 80.0, 60.0),
    ]  # fmt: skip


async def test_a_stack_is_held_against_its_limit_at_the_oxygen_of_the_same_instant(desk: Office) -> None:
    at_s = desk.first_hour_s + 2 * HOUR_S
    await send(desk, at_s, {"SO2": 60.0, "O2": 13.9})
    await send(desk, at_s + 300, {"SO2": 60.0, "O2": 20.9})
    (row,) = await desk.until(lambda: exceedances(desk, "SO2"), lambda rows: len(rows) == 1)
    assert (row["worst"], row["count"]) == (pytest.approx(60 * 13.9 / 7), 1)
    everywhere = await desk.get("exceedances", state="exceeding")
    assert (CODE, "SO2") in {(row["station"], row["parameter"]) for row in everywhere}

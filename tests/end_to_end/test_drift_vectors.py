"""The vectors of CUSUM and PELT through FTP and the API: a station and a parameter each, one reading a day."""

import asyncio
import json
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from protocols.formats.filename import build_name
from protocols.formats.tt10_2021 import build
from protocols.records import ParsedReading
from protocols.times import DAY_S, day_start, iso
from protocols.vocabulary import DeviceStatus
from tests.end_to_end.office import PASSWORD, Office, office

VECTORS = Path(__file__).parents[1] / "vectors" / "qc"
CODE = "TB_DRIF_NUOCTH"


def vectors(test: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (VECTORS / f"{test}.jsonl").read_text("utf-8").splitlines()]


def toml(table: dict[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {json.dumps(value)}" for key, value in table.items()) + " }"


def inventory(cases: dict[str, dict[str, Any]]) -> str:
    lines = [f'[[stations]]\ncode = "{CODE}"\nkind = "wastewater"\n']
    for symbol, case in cases.items():
        lines.append(
            f'[[stations.parameters]]\nsymbol = "{symbol}"\nunit = "u"\nqc.{case["test"]} = {toml(case["params"])}'
        )
        lines.append("qc.drift = { day_share = 0, hour_share = 0 }\nqc.gap = false")
    lines.append(f'[[accounts]]\nusername = "tb"\npassword = "{PASSWORD}"\nstations = ["{CODE}"]')
    return "\n".join(lines)


def readings(symbol: str, daily: list[float | None], first_s: int) -> Iterator[ParsedReading]:
    """A reading at noon of each day that has one."""
    for day, value in enumerate(daily):
        if value is not None:
            at_s = first_s + day * DAY_S + DAY_S // 2
            yield ParsedReading(at_s, symbol, value, repr(value), "u", DeviceStatus.MEASURING, day + 1)


async def loaded(at: Office, cases: dict[str, dict[str, Any]], first_s: int) -> None:
    file = at.box.folder / "drift.toml"
    file.write_text(inventory(cases), encoding="utf-8")
    code, out, err = await at.box.verb("import", str(file))
    assert code == 0, out + err
    while not at.box.rows("SELECT 1 FROM threshold_versions WHERE parameter = ?", next(iter(cases))):
        await asyncio.sleep(0.05)  # until the running server knows the station
    series = (readings(symbol, case["input"]["daily"], first_s) for symbol, case in cases.items())
    await at.upload(build_name(CODE, first_s), build(chain.from_iterable(series)))


async def averaged(at: Office, days: int) -> None:
    """Wait until every hour is made; on a busy box that is the long part."""
    until = time.monotonic() + 90
    made = "SELECT COUNT(DISTINCT hour_s) FROM hourly"
    while at.box.rows(made) != [(days,)] or at.box.rows("SELECT COUNT(*) FROM dirty_hours") != [(0,)]:
        assert time.monotonic() < until
        await asyncio.sleep(0.1)


@pytest.mark.asyncio
async def test_flags_alarms_and_changes_are_those_of_the_vectors(tmp_path: Path) -> None:
    cases = {f"{test[0].upper()}{n}": case for test in ("cusum", "pelt") for n, case in enumerate(vectors(test))}
    longest = max(len(case["input"]["daily"]) for case in cases.values())
    first_s = day_start(int(time.time())) - (longest + 2) * DAY_S
    async with office(tmp_path) as at:
        await loaded(at, cases, first_s)
        dailies = [case["input"]["daily"] for case in cases.values()]
        await averaged(at, len({day for daily in dailies for day, value in enumerate(daily) if value is not None}))
        for symbol, case in cases.items():
            daily = case["input"]["daily"]
            valid = sum(value is not None for value in daily)
            span = {"from": iso(first_s), "to": iso(first_s + (len(daily) - 1) * DAY_S)}

            async def ask(symbol: str = symbol, span: dict[str, str] = span) -> Any:
                return await at.get(f"stations/{CODE}/drift", parameter=symbol, **span)

            def is_through(told: Any, valid: int = valid) -> bool:
                return sum(day["mean"] is not None for day in told["days"]) == valid

            told = await at.until(ask, is_through)
            days = [day["day"] for day in told["days"]]
            if case["test"] == "pelt":
                valid_days = [day["day"] for day in told["days"] if day["mean"] is not None]
                assert [valid_days.index(day) for day in told["change_points"]] == case["expected"]["breakpoints"]
                continue
            assert [day["flag"] for day in told["days"]] == case["expected"]["flags"], case["id"]
            assert [
                {"index": days.index(e["day"]), "direction": e["direction"], "start_index": days.index(e["start"])}
                for e in told["events"]
            ] == case["expected"]["events"], case["id"]
        code, out, err = await at.box.verb("nightly", "--json")
        assert code == 0, out + err
        assert json.loads(out)["nights"] >= 1 and "drift_days" in json.loads(out)

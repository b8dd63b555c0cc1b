"""Exceedances of single values, hours and days over FTP and the API: begun, going on, ended, taken back by late files.

The stations send the past, so hours and days are due as soon as their files are there.
"""

from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
import pytest_asyncio

from protocols.formats.filename import build_name
from protocols.formats.tt10_2021 import build
from protocols.records import ParsedReading
from protocols.times import DAY_S, HOUR_S, iso, parse_iso
from protocols.vocabulary import DeviceStatus
from server.simulator.inventory_toml import inventory_toml
from storage.entries import Inventory, ParameterEntry, StationEntry
from tests.end_to_end.office import PASSWORD, Office, office

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]
AIR, STACK, DRAIN = "TB_VUOT_KHIKXQ", "TB_VUOT_KHIONG", "TB_VUOT_NUOTHA"
UNITS = {"PM2.5": "µg/m3", "SO2": "mg/Nm3", "O2": "%", "COD": "mg/L"}
OFF: dict[str, object] = dict.fromkeys(("range", "spike", "step", "flat_line", "detection_limit", "gap"), False)
DAY0_S = parse_iso("2026-03-18T00:00:00+07:00")
Values = Iterable[tuple[int, dict[str, float]]]
"""(time, value by parameter)."""


def inventory() -> str:
    stations = (
        StationEntry(
            AIR, "air", cadence_s=HOUR_S,
            parameters=(ParameterEntry("PM2.5", UNITS["PM2.5"], qc=OFF, limit={"preset": "qcvn_05_2023"}),),
        ),
        StationEntry(
            STACK, "emission", cadence_s=600,
            parameters=(
                ParameterEntry("SO2", UNITS["SO2"], qc=OFF, limit={"value": 100, "scaled": False, "o2_ref": 7}),
                ParameterEntry("O2", UNITS["O2"], qc=OFF),
            ),
        ),
        StationEntry(
            DRAIN, "wastewater", cadence_s=300,
            parameters=(
                ParameterEntry(
                    "COD", UNITS["COD"], limit={"value": 75, "kq": 1.2, "kf": 1.2},
                    qc={**OFF, "spike": {"sus": 100, "fail": 200, "max_gap_s": 900}},
                ),
            ),
        ),
    )  # fmt: skip
    codes = ", ".join(f'"{code}"' for code in (AIR, STACK, DRAIN))
    account = f'\n[[accounts]]\nusername = "tb"\npassword = "{PASSWORD}"\nstations = [{codes}]\nprotocols = ["ftp"]\n'
    return inventory_toml(Inventory(stations=stations)) + account


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    folder = tmp_path_factory.mktemp("exceedances")
    async with office(folder, inventory=inventory(), module="tests.end_to_end.hurried") as desk:
        yield desk


async def send(desk: Office, code: str, values: Values) -> None:
    """One file, named by its newest instant."""
    rows = [(time_s, symbol, value) for time_s, one in values for symbol, value in one.items()]
    lines = [
        ParsedReading(time_s, symbol, value, f"{value:g}", UNITS[symbol], DeviceStatus.MEASURING, at)
        for at, (time_s, symbol, value) in enumerate(rows, 1)
    ]
    await desk.upload(build_name(code, max(time_s for time_s, _, _ in rows)), build(lines))


async def told(desk: Office, code: str, averaging: str, from_s: int, expected: list[tuple[object, ...]]) -> None:
    """Wait until the exceedances of a day are these: state, start, end (hours after `from_s`), worst, cmax, count."""
    query = {"averaging": averaging, "from": iso(from_s), "to": iso(from_s + 5 * DAY_S)}

    def hours(stamp: str | None) -> float | None:
        return None if stamp is None else (parse_iso(stamp) - from_s) / HOUR_S

    def shown(rows: list[dict[str, Any]]) -> list[tuple[object, ...]]:
        return [
            (row["state"], hours(row["start"]), hours(row["end"]), round(row["worst"], 6), row["cmax"], row["count"])
            for row in rows
        ]

    await desk.until(lambda: desk.get(f"stations/{code}/exceedances", **query), lambda rows: shown(rows) == expected)


def hourly(day_s: int, value: float, hours: Iterable[int] = range(1, 25)) -> Values:
    return [(day_s + HOUR_S * hour, {"PM2.5": value}) for hour in hours]


def stack(from_s: int, o2: float, records: Iterable[int]) -> Values:
    """SO2 of 60 at some O2 each ten minutes."""
    return [(from_s + 600 * at, {"SO2": 60.0, "O2": o2}) for at in records]


async def test_a_daily_mean_begins_goes_on_and_ends_an_exceedance(desk: Office) -> None:
    """QCVN 05:2023/BTNMT: 45 µg/m3 of PM2.5 in 24 hours since 2026; a day's mean bears the midnight that ends it."""
    await send(desk, AIR, hourly(DAY0_S, 60.0))
    await told(desk, AIR, "day", DAY0_S, [("exceeding", 24, None, 60.0, 45.0, 1)])
    await send(desk, AIR, hourly(DAY0_S + DAY_S, 50.0))
    await told(desk, AIR, "day", DAY0_S, [("exceeding", 24, None, 60.0, 45.0, 2)])
    await send(desk, AIR, hourly(DAY0_S + 2 * DAY_S, 30.0))
    await told(desk, AIR, "day", DAY0_S, [("ended", 24, 72, 60.0, 45.0, 2)])
    await told(desk, AIR, "instant", DAY0_S, [])  # the document has no limit of single values


async def test_hours_that_come_late_take_a_days_exceedance_back(desk: Office) -> None:
    day_s = DAY0_S + 10 * DAY_S
    await send(desk, AIR, hourly(day_s, 50.0, range(7, 25)))
    await told(desk, AIR, "day", day_s, [("exceeding", 24, None, 50.0, 45.0, 1)])
    await send(desk, AIR, hourly(day_s, 0.0, range(1, 7)))
    await told(desk, AIR, "day", day_s, [("withdrawn", 24, 24, 50.0, 45.0, 1)])
    (mean,) = await desk.get(
        f"stations/{AIR}/means", period="day", **{"from": iso(day_s + DAY_S), "to": iso(day_s + DAY_S)}
    )
    assert (mean["value"], mean["version"], mean["count"]) == (37.5, 2, 24)


async def test_a_stacks_hours_are_held_against_the_limit_at_the_oxygen_of_the_hour(desk: Office) -> None:
    worst = round(60 * 13.9 / 7, 6)
    await send(desk, STACK, stack(DAY0_S, 13.9, range(1, 7)))
    await told(desk, STACK, "hour", DAY0_S, [("exceeding", 1, None, worst, 100.0, 1)])
    await send(desk, STACK, stack(DAY0_S, 13.9, range(7, 13)))
    await told(desk, STACK, "hour", DAY0_S, [("exceeding", 1, None, worst, 100.0, 2)])
    await send(desk, STACK, stack(DAY0_S, 7.0, range(13, 19)))
    await told(desk, STACK, "hour", DAY0_S, [("ended", 1, 3, worst, 100.0, 2)])
    await told(desk, STACK, "instant", DAY0_S, [("ended", 1 / 6, 13 / 6, worst, 100.0, 12)])


async def test_a_record_that_comes_late_takes_an_hours_exceedance_back(desk: Office) -> None:
    """Five of six records are enough for a mean; with the sixth it is 60 at 11.6 % of O2, which is within."""
    day_s = DAY0_S + 5 * DAY_S
    await send(desk, STACK, stack(day_s, 13.9, range(1, 6)))
    await told(desk, STACK, "hour", day_s, [("exceeding", 1, None, round(60 * 13.9 / 7, 6), 100.0, 1)])
    await send(desk, STACK, stack(day_s, 0.1, [6]))
    await told(desk, STACK, "hour", day_s, [("withdrawn", 1, 1, round(60 * 13.9 / 7, 6), 100.0, 1)])


async def test_a_stacks_day_is_held_against_the_limit_at_the_oxygen_of_the_day(desk: Office) -> None:
    day_s = DAY0_S + 8 * DAY_S
    await send(desk, STACK, stack(day_s, 13.9, range(1, 145)))
    await told(desk, STACK, "day", day_s, [("exceeding", 24, None, round(60 * 13.9 / 7, 6), 100.0, 1)])
    await send(desk, STACK, stack(day_s + DAY_S, 7.0, range(1, 145)))
    await told(desk, STACK, "day", day_s, [("ended", 24, 48, round(60 * 13.9 / 7, 6), 100.0, 1)])


async def test_a_value_that_turns_out_a_spike_takes_its_exceedance_back(desk: Office) -> None:
    """The value between comes late: until then nothing speaks against the 500 (Cmax is 75 x 1.2 x 1.2 = 108)."""
    await send(desk, DRAIN, [(DAY0_S + 300 * at, {"COD": 50.0}) for at in (1, 2)])
    await send(desk, DRAIN, [(DAY0_S + 1500, {"COD": 500.0})])
    await told(desk, DRAIN, "instant", DAY0_S, [("exceeding", 1500 / HOUR_S, None, 500.0, 108.0, 1)])
    await send(desk, DRAIN, [(DAY0_S + 300 * at, {"COD": 50.0}) for at in (3, 4, 6)])
    await told(desk, DRAIN, "instant", DAY0_S, [("withdrawn", 1500 / HOUR_S, 1500 / HOUR_S, 500.0, 108.0, 1)])
    rows = await desk.get(f"stations/{DRAIN}/readings", **{"from": iso(DAY0_S), "to": iso(DAY0_S + HOUR_S)})
    assert [row["flag"] for row in rows if row["value"] == 500.0] == [4]

"""How long a report of a month, and of a year, takes: 20,000 vehicles, through the console as a person asks for it.

The days are synthesised through the writer, as the clock writes them; the violations behind a tenth of them, too.
Shown is processor time of console, store and client together, beside the wall clock.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import httpx

from protocols.times import DAY_S, day_begin
from storage.database import Database
from storage.models import VehicleRow
from storage.sqlite_engine import SqliteEngine
from storage.traffic_days import COUNTS
from storage.traffic_months import MADE, SPAN, month_of, month_unit, vehicle_spans
from storage.writer import Unit, Writer
from tests.bench.report import Report
from tests.storage.fleet import DAY, MIDNIGHT_S, bring_owners, case, counted, driven
from tests.web.house import open_house

NAME = "reports"
VEHICLES, DAYS = 20_000, 31
DEPARTMENTS, COMPANIES = 34, 800
BUSINESS = ("Tuyến cố định", "Hợp đồng", "Du lịch", "Taxi", "Container")
BAR_S = "< 2"
TOGETHER = 5_000
DAY_COLUMNS = ", ".join(("way_m", "moving_s", "messages", *COUNTS))
COPY = (
    f"INSERT INTO traffic_days (id, {DAY_COLUMNS}) SELECT id + {{ahead}}, {DAY_COLUMNS} FROM traffic_days "
    f"WHERE id >= ? AND id < ? AND id % {SPAN} < {DAY + DAYS}"
)
"""The first month of some vehicles, so many days later."""
COPY_CASES = (
    "INSERT INTO violations (id, vehicle_id, kind, start_s, end_s, closed, detail, driver) "
    "SELECT id + {number}, vehicle_id, kind, start_s + {ahead_s}, end_s + {ahead_s}, closed, detail, driver "
    "FROM violations WHERE vehicle_id BETWEEN ? AND ? AND id < {first_copy}"
)
"""Their violations with them."""
FIRST_COPY = 1_000_000
ASKED = (
    ("Phụ lục 3, the nation by department", "/reports/3", ""),
    ("Phụ lục 4, a department by company", "/reports/4", "department=Sở 01"),
    ("Phụ lục 5, a company by vehicle", "/reports/5", "company=Công ty 001"),
    ("Phụ lục 5, the first 200 of all vehicles", "/reports/5", ""),
    ("Phụ lục 6, speeding by department", "/reports/6", ""),
    ("Phụ lục 9, by business type", "/reports/9", ""),
    ("Phụ lục 21, transmission by department and day", "/reports/21", ""),
    ("the violations behind the nation's cell", "/reports/violations", "kind=speed&band=10-20"),
    ("the violations behind a company's cell", "/reports/violations", "kind=speed&company=Công ty 001"),
    ("indicators by company", "/reports/indicators", "by=company"),
    ("indicators by vehicle", "/reports/indicators", "by=plate"),
    ("Phụ lục 19, transmission by vehicle and day", "/reports/19", ""),
    ("Phụ lục 20, transmission by company and day", "/reports/20", ""),
    ("days of driving", "/reports/days", ""),
    ("cases by hour of the day", "/api/v1/reports/hours", ""),
    ("Phụ lục 3 as Excel", "/api/v1/reports/3/excel", ""),
    ("Phụ lục 5 as Excel, all vehicles", "/api/v1/reports/5/excel", ""),
)


SPANS = {
    "a month": "from=2026-01-01&to=2026-01-31",
    "a year": "from=2026-01-01&to=2026-12-31",
    "a year less a day at each end": "from=2026-01-02&to=2026-12-30",
}


async def bench(report: Report) -> None:
    """Fill, then ask each once, as a person would."""
    with TemporaryDirectory(prefix="trambox-bench-") as folder:
        async with open_house(Path(folder)) as house, _writer(house.database, Path(folder)) as writer:
            house.clock_s[0] = day_begin(DAY + DAYS)
            began_s = process_time()
            await _fill(house.database, writer)
            report.add(NAME, f"{VEHICLES * DAYS:,} days of vehicles written", process_time() - began_s, "CPU s")
            for span, period in SPANS.items():
                if span == "a year":
                    house.clock_s[0] = day_begin(DAY + 366)
                    await _fill_year(writer)
                    async with house.client() as client:
                        what, path, _ = ASKED[0]
                        await _ask(report, client, f"{span}, day by day: {what}", f"{path}?{period}")
                    await _make_months(report, writer)
                async with house.client() as client:
                    for what, path, query in ASKED:
                        await _ask(report, client, f"{span}: {what}", f"{path}?{period}&{query}")


async def _ask(report: Report, client: httpx.AsyncClient, what: str, path: str) -> None:
    client.timeout = httpx.Timeout(60)
    wall_s, cpu_s = perf_counter(), process_time()
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    report.add(NAME, f"{what}: processor", process_time() - cpu_s, "CPU s", BAR_S)
    report.add(NAME, f"{what}: wall clock", perf_counter() - wall_s, "s")


@asynccontextmanager
async def _writer(database: Database, folder: Path) -> AsyncGenerator[Writer]:
    writer = Writer(SqliteEngine(folder / "trambox.db"), database.pen)
    await writer.open()
    try:
        yield writer
    finally:
        await writer.close()


async def _fill_year(writer: Writer) -> None:
    """The month eleven times more."""
    for first, last in await vehicle_spans():
        copies = [(COPY.format(ahead=ahead), (first * SPAN, (last + 1) * SPAN)) for ahead in range(DAYS, 365, DAYS)]
        copies += [
            (
                COPY_CASES.format(number=FIRST_COPY * ahead, ahead_s=ahead * DAY_S, first_copy=FIRST_COPY),
                (first, last),
            )
            for ahead in range(DAYS, 365, DAYS)
        ]
        await writer.store(Unit(updates=[*copies]))


async def _make_months(report: Report, writer: Writer) -> None:
    """Make the months of all, as the clock does."""
    spans = await vehicle_spans()
    cpu_s, begin = process_time(), month_of(DAY)
    for month in range(begin, begin + 12):
        for first, last in spans:
            await writer.store(month_unit(month, first, last))
    report.add(NAME, f"twelve months of {VEHICLES:,} vehicles made", process_time() - cpu_s, "CPU s")
    unit = Unit()
    unit.mark(MADE, begin + 11)
    await writer.store(unit)


async def _fill(database: Database, writer: Writer) -> None:
    random, numbers = Random(9), range(2, VEHICLES + 2)
    async with database.writing():
        await VehicleRow.bulk_create(
            [
                VehicleRow(
                    id=number, plate=f"29H{number:05}", provider=f"gps{number % 20}", registered=True,
                    department=f"Sở {number % COMPANIES % DEPARTMENTS:02}", company=f"Công ty {number % COMPANIES:03}",
                    business=BUSINESS[number % len(BUSINESS)],
                )
                for number in numbers
            ],
            batch_size=TOGETHER,
        )  # fmt: skip
    await bring_owners(writer, list(numbers), DAY + DAYS)
    unit, cases = Unit(), 0
    for number in numbers:
        for day in range(DAY, DAY + DAYS):
            driven(unit, number, day, random.uniform(0, 400_000), random.randrange(40_000))
            if random.random() < 0.1:
                cases += 1
                silent_s = 1_900 if cases % 5 == 0 else 0
                counted(
                    unit, number, day, over_10=1, over_m=900.0, over_s=45, worst_kmh=12.0, rare=2, lacking=1,
                    silences=int(silent_s > 0), silent_s=silent_s,
                )  # fmt: skip
                start_s = MIDNIGHT_S + (day - DAY) * 86_400 + random.randrange(86_000)
                case(unit, cases, number, "speed", start_s, 45, band="10-20", v_kmh=92.0, limit_kmh=80.0)
        if number % 200 == 0:
            await writer.store(unit)
            unit = Unit()
    await writer.store(unit)

"""An exceedance that goes on: what each further file of its station costs, young and a week old.

Counted is processor time of the whole process, SQLite's thread among it, from the judged values to the stored
exceedance. The bar: a week of it costs what an hour of it does.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from actors.messages import ReadingJudged
from protocols.times import DAY_S, HOUR_S
from tests.actors.exceedance_kit import Desk, judged, limited_profile, open_desk
from tests.actors.station_kit import CADENCE_S
from tests.bench.report import Report

NAME = "exceedances"
OVER = ("COD", "TSS", "NH4")
SYMBOLS = (*OVER, *(f"X{number}" for number in range(9)))
FILES = 60
AGES_S = {"an hour": HOUR_S, "a week": 7 * DAY_S}


async def bench(report: Report) -> None:
    """Measure a station of 12 parameters, three of which are over their limits."""
    for age, age_s in AGES_S.items():
        with TemporaryDirectory() as folder:
            cpu_s = await per_file(Path(folder), age_s)
        report.add(NAME, f"processor time of a file, {age} into its exceedances", cpu_s * 1e3, "ms")


async def per_file(folder: Path, age_s: int, files: int = FILES) -> float:
    """Seconds of the processor for one file."""
    profile = limited_profile(**{symbol: {"value": 100.0} if symbol in OVER else None for symbol in SYMBOLS})
    async with open_desk(folder, profile) as desk:
        first = age_s // CADENCE_S
        await desk.take(*(each for at in range(first) for each in _file(at)))
        await _take(desk, first, 1)
        started = process_time()
        await _take(desk, first + 1, files)
        return (process_time() - started) / files


async def _take(desk: Desk, first: int, files: int) -> None:
    for at in range(first, first + files):
        await desk.take(*_file(at))


def _file(at: int) -> Iterator[ReadingJudged]:
    for number, symbol in enumerate(SYMBOLS):
        yield judged(at * CADENCE_S // 60, 120.0 + (at * 7 + number) % 31, parameter=symbol)

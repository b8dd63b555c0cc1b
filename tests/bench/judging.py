"""Reading and judging by themselves: the formats in microseconds, the rules in nanoseconds a value."""

from collections.abc import Callable
from datetime import date
from functools import partial
from random import Random

from actors.rules.overspeed import OverspeedState
from actors.rules.series_thresholds import SeriesThresholds
from actors.rules.suite import SeriesSuite, judge_alone
from actors.rules.vehicle_limits import limits_on, load_limits
from protocols.formats import cv5417_2016, tt10_2021, tt13_2023
from protocols.formats.ufms import identify, parse_waypoint
from protocols.records import ParsedReading
from protocols.verdict import unpack
from tests.bench.fleet import LIMIT_KMH, body
from tests.bench.report import Report
from tests.bench.station_files import station_files
from tests.bench.timing import seconds_per_call

NAME = "judging"
CALLS = 20_000
NOW_S, CADENCE_S = 1_800_000_000, 300
LAYOUTS = (tt10_2021, cv5417_2016, tt13_2023)
QC = {
    "range": {"fail_lo": 0, "fail_hi": 500, "sus_hi": 400},
    "step": {"s10": 100, "f10": 300, "s60": 200, "f60": 500},
    "spike": {"sus": 100, "fail": 300},
    "flat_line": {"tol": 0.05, "sus_s": 7200, "fail_s": 21600},
}


async def bench(report: Report) -> None:
    """Measure all of it."""
    message = body(7, NOW_S)
    formats: list[tuple[str, Callable[[], object]]] = [
        ("waypoint, all fields", partial(parse_waypoint, message)),
        ("waypoint, plate and time", partial(identify, message)),
    ]
    readings = _readings()
    for layout in LAYOUTS:
        written = layout.build(readings)
        formats.append((f"file of {len(readings)} readings, {layout.LAYOUT}", partial(layout.parse, written)))
    for what, call in formats:
        report.add(NAME, f"reading a {what}", seconds_per_call(partial(_repeat, call), CALLS) * 1e6, "us")
    report.add(NAME, "overspeed", seconds_per_call(_overspeed, CALLS) * 1e9, "ns/waypoint")
    limits = _thresholds()
    tests = len(unpack(SeriesSuite(limits).push(0, 7.0, judge_alone(7.0, limits))[0]))
    each_s = seconds_per_call(_suite, CALLS)
    report.add(NAME, f"quality control, {tests} tests together", each_s * 1e9, "ns/value")
    report.add(NAME, "quality control", each_s * 1e9 / tests, "ns/value and test", "5,000")


def _repeat(call: Callable[[], object]) -> None:
    for _ in range(CALLS):
        call()


def _readings() -> tuple[ParsedReading, ...]:
    _, content = next(station_files(range(1)))
    return tt10_2021.parse(content).records


def _thresholds() -> SeriesThresholds:
    return SeriesThresholds.from_tables(QC, CADENCE_S, None, (0, 500), 5)


def _overspeed() -> None:
    """A vehicle that drives, and speeds a tenth of its time."""
    push = OverspeedState(limits_on(date(2026, 1, 1), load_limits()).overspeed).push
    for number in range(CALLS):
        speed_kmh = LIMIT_KMH + (15 if number % 100 < 10 else -15)
        push(NOW_S + number * 10, speed_kmh, 20.6 + number * 1e-5, 105.8, LIMIT_KMH)


def _suite() -> None:
    limits, random = _thresholds(), Random(1)
    push = SeriesSuite(limits).push
    for number in range(CALLS):
        value = random.uniform(20, 60)
        push(number * CADENCE_S, value, judge_alone(value, limits))

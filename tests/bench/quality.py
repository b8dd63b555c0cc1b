"""What quality control costs per value and test: the rules, a station, its neighbours, and the same tests of ioos_qc.

ioos_qc judges whole arrays. Streamed, it is asked for each new value over the window that its flat line needs, as a
receiver must who tells a flag within seconds; whole-series, once for two days of values.
Invariant: both judge the same values by the same limits: range, rate of change, spike (differential), flat line.
"""

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any

from actors.messages import FileStored
from actors.rules.defaults import load_elements
from actors.rules.series_thresholds import SeriesThresholds
from actors.rules.suite import SeriesRecord, SeriesSuite, judge_alone, replay
from actors.station import StationActor
from actors.station_profile import settle
from protocols.formats import tt10_2021
from protocols.verdict import unpack
from protocols.vocabulary import StationKind
from storage.models import ParameterRow, StationRow
from tests.bench import spatial
from tests.bench.report import Report
from tests.bench.stations import CADENCE_S, PARAMETERS, slot_files
from tests.bench.timing import seconds_per_call

NAME = "quality"
TWO_DAYS = 576
WINDOW = 73
"""Values of the flat line's six hours."""
STREAMED = 300
BEGIN_S = 1_780_000_200
QC: dict[str, dict[str, object]] = {
    "range": {"fail_lo": 0, "fail_hi": 500, "sus_lo": 1, "sus_hi": 400},
    "step": {"s10": 30},
    "spike": {"sus": 20, "fail": 40},
    "flat_line": {"tol": 0.05, "sus_s": 10800, "fail_s": 21600},
}
SAME = {**QC, "gap": False}
"""The four tests that ioos_qc has too; ours has the gap test besides, which it is asked without."""


async def bench(report: Report) -> None:
    """Measure all of it."""
    random = Random(1)
    values = [round(random.uniform(40, 60), 2) for _ in range(TWO_DAYS)]
    _rules(report, values)
    (actor_us, tests), (spatial_us, runs) = _actor(report), spatial.bench(report)
    together_us = (actor_us + spatial_us) / (tests + runs)
    report.add(NAME, "a station's tests and the spatial one, all they cost", actor_us + spatial_us, "us/value")
    report.add(NAME, "a station's tests and the spatial one, per run", together_us, "us/value and test", "5")
    _reference(report, values)


def _rules(report: Report, values: Sequence[float]) -> None:
    for what, tables in (("the four tests of ioos_qc", SAME), ("all tests of a series", {**QC, "detection_limit": {}})):
        limits = SeriesThresholds.from_tables(tables, CADENCE_S)
        verdict, _ = SeriesSuite(limits).push(0, values[0], judge_alone(values[0], limits))
        tests = len(unpack(verdict))
        streamed_s = seconds_per_call(partial(_stream, limits, values), len(values))
        report.add(NAME, f"{what}, streamed", streamed_s * 1e6 / tests, "us/value and test", "5")
        records = [SeriesRecord(at * CADENCE_S, value) for at, value in enumerate(values)]
        whole_s = seconds_per_call(partial(replay, records, limits), len(values))
        report.add(NAME, f"{what}, whole series", whole_s * 1e6 / tests, "us/value and test")


def _stream(limits: SeriesThresholds, values: Sequence[float]) -> None:
    push = SeriesSuite(limits).push
    for at, value in enumerate(values):
        push(at * CADENCE_S, value, judge_alone(value, limits))


def station_of(number: int) -> StationActor:
    """An actor with the parameters of the measured day, judged by the defaults of their elements."""
    row = StationRow(
        id=number + 1, code=f"S{number}", kind=str(StationKind.AIR), cadence_s=CADENCE_S, grace_s=120, destinations=[]
    )
    parameters = [
        ParameterRow(id=at, station_id=row.id, symbol=symbol, unit=unit, aliases=[], qc={})
        for at, (symbol, unit) in enumerate(PARAMETERS, 1)
    ]
    return StationActor(settle(row, parameters, load_elements()))


def _actor(report: Report) -> tuple[float, float]:
    """Everything that a file costs its station's actor: order, partners, tests, memory, gaps, effects.

    Returns:
        Microseconds of a value, and the tests that it runs.
    """
    files: list[FileStored] = []
    for at in range(TWO_DAYS):
        slot_s = BEGIN_S + at * CADENCE_S
        _, content = next(slot_files(range(1), slot_s))
        files.append(FileStored(at + 1, (slot_s + 5) * 1000, tt10_2021.parse(content).records))
    judged = station_of(0)
    _live(judged, files[:50])
    tests = sum(len(unpack(series.memory.live.verdicts[-1])) for series in judged.series.values())
    took_s = seconds_per_call(lambda: _live(station_of(0), files), len(files))
    report.add(NAME, "a station's actor, all that a file costs it", took_s * 1e6 / len(PARAMETERS), "us/value")
    report.add(NAME, "a station's actor, per value and test run", took_s * 1e6 / tests, "us/value and test", "5")
    actor = station_of(0)
    _live(actor, files)
    late = [message._replace(seq=1000 + at) for at, message in enumerate(files[::7])]
    others = station_of(0)
    _live(others, [message for at, message in enumerate(files) if at % 7])
    late_s = seconds_per_call(lambda: _receive_late(others, late), len(late)) if late else 0.0
    report.add(NAME, "a late file, its neighbours judged again", late_s * 1e6 / len(PARAMETERS), "us/value")
    report.add(NAME, "snapshot of a station, two days in it", len(actor.snapshot()) / 1024, "KiB")
    report.add(NAME, "snapshot of a station", seconds_per_call(actor.snapshot, 1) * 1e3, "ms")
    return took_s * 1e6 / len(PARAMETERS), tests / len(PARAMETERS)


def _live(actor: StationActor, files: Sequence[FileStored]) -> None:
    for message in files:
        actor.receive(message)


def _receive_late(actor: StationActor, late: Sequence[FileStored]) -> None:
    """Each round begins with the same state."""
    state = actor.snapshot()
    for message in reversed(late):
        actor.receive(message)
    actor.restore(state)


def _reference(report: Report, values: Sequence[float]) -> None:
    """The same through ioos_qc; only where the test libraries are installed."""
    import numpy
    from ioos_qc import qartod  # type: ignore[import-untyped]

    array = numpy.array(values)
    times: Any = numpy.arange(len(values)) * CADENCE_S + BEGIN_S

    def judge(start: int, end: int) -> None:
        own, at = array[start:end], times[start:end]
        qartod.gross_range_test(own, (0, 500), (1, 400))
        qartod.rate_of_change_test(own, at, 30 / 600)
        qartod.spike_test(own, 20, 40, method="differential")
        qartod.flat_line_test(own, at, 10800, 21600, tolerance=0.05)

    def stream() -> None:
        for end in range(TWO_DAYS - STREAMED, TWO_DAYS):
            judge(end - WINDOW, end)

    whole: Callable[[], None] = partial(judge, 0, TWO_DAYS)
    report.add(NAME, "ioos_qc, streamed", seconds_per_call(stream, STREAMED) * 1e6 / 4, "us/value and test")
    report.add(NAME, "ioos_qc, whole series", seconds_per_call(whole, TWO_DAYS) * 1e6 / 4, "us/value and test")

"""What the spatial test costs: a province's board fed over its slots as the measured day feeds it, by processor time.

Stations send spread over the whole interval, so half of the values come after their neighbours were judged: these are
judged again after 20 minutes. What is measured is everything between a stored value and the verdict that is written.
"""

from collections.abc import Iterator
from random import Random
from time import process_time

from actors.messages import ReadingJudged
from actors.outer_board import OuterBoard
from actors.outer_network import Network, SeriesFacts, build_network
from actors.rules.defaults import load_elements
from protocols.vocabulary import Flag
from tests.bench.report import Report
from tests.bench.stations import CADENCE_S, MIDDLES, PARAMETERS, WIDTHS
from tests.bench.timing import served
from tests.bench.world import place, station_code

NAME = "quality"
STATIONS = 1400
SESSIONS = 14
SLOTS = 9
MEASURED = 4
"""Slots measured, the last ones: by then what came late is judged again."""
BEGIN_S = 1_780_000_200
LOOK_S = 50
"""The clock looks once a second, which is so much of the day at 50 times real time."""


def bench(report: Report) -> tuple[float, float]:
    """Measure it; gives the microseconds of a value, and how often its test is run."""
    with served() as loaded:
        begun_s = process_time()
        network = build_network(_inventory(), load_elements())
        report.add(NAME, "network of the spatial test, built", process_time() - begun_s, "s")
        board = OuterBoard(network)
        loaded()
        used_s, values, runs = _feed(board)
    report.add(NAME, "spatial test, all that a value costs it", used_s / values * 1e6, "us/value")
    report.add(NAME, "spatial test, each time it is run", used_s / runs * 1e6, "us/value and test", "5")
    report.add(NAME, "spatial test, times it is run", runs / values, "runs/value")
    return used_s / values * 1e6, runs / values


def _feed(board: OuterBoard) -> tuple[float, int, int]:
    """Feed slot after slot; gives processor seconds, values, and how often a value was judged."""
    random, used_s, values, runs = Random(1), 0.0, 0, 0
    for slot in range(SLOTS):
        slot_s = BEGIN_S + slot * CADENCE_S
        for now_s, effects in _looks(slot_s, board.network, random):
            begun_s = process_time()
            board.take(now_s, effects, range(board.newest_row + 1, board.newest_row + 1 + len(effects)))
            batches = board.due(now_s)
            board.judge(batches)
            if slot >= SLOTS - MEASURED:
                used_s += process_time() - begun_s
                values += len(effects)
                runs += sum(batch.size for batch in batches)
    return used_s, values, runs


def _inventory() -> Iterator[SeriesFacts]:
    for number in range(STATIONS):
        where = place(number)
        for symbol, unit in PARAMETERS:
            site = where["lat"], where["lon"], where["elevation_m"]
            yield SeriesFacts(number + 1, station_code(number), "air", *site, CADENCE_S, symbol, unit, {})


def _looks(slot_s: int, network: Network, random: Random) -> Iterator[tuple[float, list[ReadingJudged]]]:
    """What is new at each look of the clock: of values that have a spatial test."""
    each = STATIONS // SESSIONS
    for look in range(CADENCE_S // LOOK_S):
        share = range(look * each * LOOK_S // CADENCE_S, (look + 1) * each * LOOK_S // CADENCE_S)
        numbers = [session * each + at for session in range(SESSIONS) for at in share]
        yield (
            slot_s + (look + 1) * LOOK_S,
            [
                ReadingJudged(
                    *(number + 1, symbol, slot_s, middle + width * random.uniform(-0.5, 0.5), "", unit, "00"),
                    *(Flag.GOOD, 1 << 56, 1, 1),
                )
                for number in numbers
                for (symbol, unit), middle, width in zip(PARAMETERS, MIDDLES, WIDTHS, strict=True)
                if (number + 1, symbol) in network
            ],
        )

"""A small network of stations to try the outer tests on, and the store of values they are judged from."""

from collections.abc import Iterable
from typing import Any

from actors.messages import ReadingJudged, ReadingRevised
from actors.outer_board import OuterBoard, judge_old
from actors.outer_checks import Node
from actors.outer_columns import Column, Entry, key_of
from actors.outer_network import Network, SeriesFacts, WorkRule, build_network
from actors.outer_verdicts import verdicts
from actors.rules.flags import outer_verdicts
from protocols.vocabulary import Flag

CADENCE_S = 300
NOON_S = 1_774_000_800
SPATIAL = {"radius_m": 50_000, "dz_max_m": 300, "sigma_min": 1.0, "k_sus": 4, "k_fail": 8}
RAIN = {**SPATIAL, "transform": "sqrt", "sum_s": 3600, "k_sus": 3}


def facts(number: int, symbol: str = "T", unit: str = "°C", **given: Any) -> SeriesFacts:
    """Station `number` stands about a kilometre north of the one before."""
    known: dict[str, Any] = {"lat": 21.0 + number / 100, "lon": 105.8, "elevation_m": 10.0, "qc": {"spatial": SPATIAL}}
    known |= {"cadence_s": CADENCE_S} | given
    return SeriesFacts(station_id=number, code=f"S{number}", kind="hydromet", symbol=symbol, unit=unit, **known)


def five(**given: Any) -> Network:
    """Five stations of one element, each the others' neighbour."""
    return build_network([facts(number, **given) for number in range(1, 6)], [])


def everything() -> Network:
    """Temperature, rain by the hour, a model, and a work between two stations."""
    series = [facts(number) for number in range(1, 6)]
    series += [facts(number, "R", "mm", qc={"spatial": RAIN}) for number in range(1, 6)]
    model = {"model": {"station": "S9", "sigma": 1.0, "k_sus": 2}}
    series += [facts(9, "H", "m", qc={}), facts(1, "H", "cm", qc=model), facts(2, "HHL", "m", qc={})]
    work = WorkRule("lake", "htl_hhl", {"htl": ("S1", "H"), "hhl": ("S2", "HHL")})
    return build_network(series, [], [work])


def judged(row: int, node: Node, time_s: int, value: float | None, flag: int = 1) -> ReadingJudged:
    return ReadingJudged(
        node.station_id, node.symbol, time_s, value, str(value), node.unit, "00", Flag(flag), 0, row, 1
    )


def revised(node: Node, time_s: int, flag: int) -> ReadingRevised:
    return ReadingRevised(node.station_id, node.symbol, time_s, Flag(flag), 0)


class Store:
    """What the readings table holds: first record of each instant, and the outer verdicts written to it."""

    def __init__(self) -> None:
        self.values: dict[tuple[Node, int], tuple[int, float | None, int]] = {}
        self.outer: dict[int, dict[str, int]] = {}

    def keep(self, row: int, node: Node, time_s: int, value: float | None, flag: int) -> None:
        self.values.setdefault((node, time_s), (row, value, flag))

    def revise(self, node: Node, time_s: int, flag: int) -> None:
        row, value, _ = self.values[node, time_s]
        self.values[node, time_s] = (row, value, flag)

    def columns(self) -> dict[Node, Column]:
        found: dict[Node, Column] = {}
        for (node, time_s), (row, value, flag) in self.values.items():
            found.setdefault(node, Column()).add(Entry(row, time_s, value, flag))
        return found

    def write(self, told: Iterable[Any]) -> None:
        for verdict in told:
            self.outer.setdefault(verdict.row, {})[verdict.test] = verdict.flag

    def batch(self) -> dict[int, dict[str, int]]:
        """All of it judged at once."""
        columns = self.columns()
        for node in list(columns):
            for check in node.checks:
                for time_s in columns[node].times:
                    list(verdicts(check, key_of(check, time_s), columns))
        rows = {entry.row: entry for column in columns.values() for entry in column.entries.values()}
        return {row: {**outer_verdicts(entry.outer)} for row, entry in rows.items() if entry.outer}


def tick(board: OuterBoard, store: Store, now_s: float) -> None:
    """A look of the clock: what is due here, and what is old from the store."""
    store.write(board.judge(board.due(now_s)))
    old = board.old()
    if old:
        for node, verdict in judge_old(old, store.columns()):
            board.note(verdict, node)
            store.write([verdict])

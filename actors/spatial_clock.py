"""The service `clock:spatial`: runs the tests that look beyond a station and keeps their verdicts.

It is fed from the ledger once effects are stored, and reads the store only when it starts and for values much older
than the newest. The watermark says up to which reading all was judged: what a kill left is judged at the start.
Invariant: verdicts and watermark move in one transaction, the watermark never past a reading that waits.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from math import isfinite

import structlog
import trio

from actors.kernel.clock import Now, monotonic
from actors.kernel.crossing import Host
from actors.ledger import FAILURES_CHANGED
from actors.messages import ReadingRevised
from actors.outer_agenda import Old
from actors.outer_board import OuterBoard, judge_old
from actors.outer_checks import Node
from actors.outer_columns import Column, Entry
from actors.outer_network import Network, neighboured_series
from actors.outer_verdicts import Verdict
from actors.review_book import EpisodeBook
from actors.rules.flags import OUTER_TESTS
from protocols.flags import NEIGHBOURED, NIBBLES
from protocols.times import HOUR_S, day_start, hour_end
from storage.ids import Ids
from storage.outer_flags import (
    Row,
    neighboured_updates,
    newest_row_and_time,
    outer_updates,
    readings_after,
    readings_between,
)
from storage.writer import RETRY_S, StoreError, Unit, Writer

log = structlog.get_logger()

TICK_S = 1.0
SLICE_S = 0.005
"""Between two looks at other work."""
BATCH_ROWS = 5000
OLD_STATIONS = 100
WATERMARK = "judged.spatial"


class SpatialClock:
    """Feeds the board, asks it, writes what it says.

    Args:
        network: builds the network from the inventory; awaited on the host loop.
        watermark: the stored value of the watermark.
        touched: called when hours must be averaged again.
    """

    def __init__(
        self,
        now: Now,
        host: Host,
        writer: Writer,
        ids: Ids,
        network: Callable[[], Awaitable[Network]],
        watermark: Callable[[], int],
        touched: Callable[[], None],
    ) -> None:
        self._now = now
        self._host = host
        self._writer = writer
        self._ids = ids
        self._network = network
        self._watermark = watermark
        self._touched = touched
        self._board: OuterBoard | None = None
        self._meanwhile: list[ReadingRevised] | None = None
        """What was revised while a board is opened, which reads the values as they were."""
        self._marked = 0
        self._changed = False
        self.first_stations: Callable[[], frozenset[int]] = frozenset[int]
        self.book: EpisodeBook | None = None
        """Told of what is questioned, so that people see it."""
        self.turned: Callable[[Unit, Collection[tuple[int, int]]], None] = lambda unit, hours: None
        """Adds what follows from values of these station-hours whose whole flag is another now."""
        self.states: Callable[[Unit, Sequence[Verdict]], None] = lambda unit, verdicts: None
        """Writes down the control states that verdicts change; called before these are added to the unit."""
        self.neighboured: frozenset[tuple[int, str]] = frozenset()
        """The series with neighbours enough: the spatial test is mandatory for them (QĐ 338/QĐ-KTTV art. 5.2a)."""
        self.judged = 0
        self.written = 0
        self.busy_s = 0.0

    def take(self, effects: Sequence[object], rows: Sequence[int]) -> None:
        """What actors decided is stored."""
        if self._meanwhile is not None:
            self._meanwhile += [effect for effect in effects if type(effect) is ReadingRevised]
        if self._board is not None:
            started = monotonic()
            self._board.take(self._now(), effects, rows)
            self.busy_s += monotonic() - started

    def inventory_changed(self) -> None:
        """Build the network anew."""
        self._changed = True

    @property
    def idle(self) -> bool:
        """Whether nothing waits that the passing of time alone would not bring."""
        return self._board is None or not self._board.pending

    async def run(self, ready: Callable[[], None]) -> None:
        """Judge what is due, for ever."""
        self._board = None
        ready()
        while True:
            try:
                await self._tick(await self._standing())
            except StoreError as error:
                log.warning("outer_tests_wait", reason=error.reason)
                await trio.sleep(RETRY_S)
            await trio.sleep(TICK_S)

    async def _standing(self) -> OuterBoard:
        """The board; opened where there is none of this inventory. One that could not be filled is none."""
        if self._board is None or self._changed:
            self._changed = False
            try:
                self._board = await self._open()
            except StoreError:
                self._board = None
                raise
            finally:
                self._meanwhile = None
        return self._board

    async def _open(self) -> OuterBoard:
        """Build the network, fill the recent past, take up what was not judged before."""
        network = await self._host(self._build)
        board = OuterBoard(network)
        self._marked = max(self._marked, self._watermark())
        self.neighboured = neighboured_series(network)
        if not network:
            return board
        self._meanwhile = []
        _, newest_s = await self._host(newest_row_and_time)
        stations = {node.station_id for node in network.values()}
        recent = await self._host(partial(readings_between, stations, newest_s - board.keep_s, newest_s + HOUR_S))
        for row in recent:
            if (node := network.get((row[1], row[2]))) is not None and row[0] <= self._marked:
                board.known(node, _entry(row))
        for node in network.values():
            for check in node.checks:
                check.circle.last_key = newest_s + HOUR_S
        board.newest_row, board.newest_s = self._marked, newest_s
        self._board = board  # what is stored from now on is told; what was before it is read
        board.take(self._now(), self._meanwhile, ())
        self._meanwhile = None
        after = self._marked
        while rows := await self._host(partial(readings_after, after, BATCH_ROWS)):
            for row in rows:
                if (node := network.get((row[1], row[2]))) is not None:
                    board.arrived(self._now(), node, _entry(row))
                    board.touch_before(self._now(), node, row[3], row[0])
            self._mark(rows)
            after = rows[-1][0]
            await trio.lowlevel.checkpoint()
        board.newest_row = max(board.newest_row, after)
        log.info("outer_network", series=len(network), checks=sum(len(node.checks) for node in network.values()))
        return board

    async def _build(self) -> Network:
        return await self._network()

    async def _tick(self, board: OuterBoard) -> None:
        board.first_stations = self.first_stations()
        found: list[Verdict] = []
        started = monotonic()
        batches = board.due(self._now())
        for batch in batches:
            found.extend(board.judge([batch]))
            self.judged += batch.size
            if monotonic() - started > SLICE_S:
                self.busy_s += monotonic() - started
                await trio.lowlevel.checkpoint()
                started = monotonic()
        self.busy_s += monotonic() - started
        self._write(board, found)
        if board.has_old:
            await self._judge_old(board)

    async def _judge_old(self, board: OuterBoard) -> None:
        """Values much older than the newest: by the hour and some stations at once, from the store.

        It is read once all that was found before is written: a verdict is told where it differs from what stands there.
        """
        await self._host(self._writer.flush)
        old, found = board.old(), list[Verdict]()
        groups: dict[int, list[Old]] = {}
        for each in old:
            groups.setdefault(each.time_s // HOUR_S, []).append(each)
        for hour in sorted(groups, reverse=True):
            group = groups[hour]
            for at in range(0, len(group), OLD_STATIONS * 12):
                some = group[at : at + OLD_STATIONS * 12]
                try:
                    columns = await self._columns(board, some)
                except StoreError:
                    board.hold_old(old)
                    self._write(board, found)
                    raise
                for node, verdict in judge_old(some, columns):
                    board.note(verdict, node)
                    found.append(verdict)
                self.judged += len(some)
                await trio.lowlevel.checkpoint()
        self._write(board, found)

    async def _columns(self, board: OuterBoard, some: Sequence[Old]) -> dict[Node, Column]:
        nodes = {each.node for each in some}
        targets = nodes | {check.target for node in nodes for check in node.feeds}
        concerned = targets | {source for node in targets for check in node.checks for source, _ in check.sources}
        reach_s = max(board.keep_s / 2, 2 * board.span_s + 1)  # what speaks to whom an old value speaks to
        from_s, to_s = min(each.time_s for each in some) - reach_s, max(each.time_s for each in some) + reach_s
        stations = {node.station_id for node in concerned}
        rows = await self._host(partial(readings_between, stations, from_s, to_s))
        columns: dict[Node, Column] = {node: Column() for node in concerned}
        for row in rows:
            node = board.network.get((row[1], row[2]))
            if node is not None and (column := columns.get(node)) is not None:
                column.add(_entry(row))
        return columns

    def _mark(self, rows: Sequence[Row]) -> None:
        """Of what was stored while nobody knew the network: the spatial test is mandatory where it has neighbours."""
        due = [row[0] for row in rows if (row[1], row[2]) in self.neighboured and not row[6] & NEIGHBOURED]
        if due:
            self._writer.add(Unit(updates=neighboured_updates(due)))

    def _write(self, board: OuterBoard, found: Sequence[Verdict]) -> None:
        unit, done = Unit(), board.done_row
        rows: dict[tuple[int, int], list[int]] = {}
        hours: set[tuple[int, int]] = set()
        days: set[tuple[int, int]] = set()
        for verdict in found:
            rows.setdefault((OUTER_TESTS[verdict.test], int(verdict.flag)), []).append(verdict.row)
            self.written += 1
            if self.book is not None:
                self.book.outer(verdict.station_id, verdict.parameter, verdict.time_s, verdict.test, int(verdict.flag))
            if verdict.turns:
                hours.add((verdict.station_id, hour_end(verdict.time_s)))
            if verdict.fails:
                days.add((verdict.station_id, day_start(verdict.time_s - 1)))
        self.states(unit, found)
        for (place, flag), numbers in rows.items():
            unit.updates.extend(outer_updates(numbers, place, flag))
        unit.updates.extend((FAILURES_CHANGED, day) for day in sorted(days))
        self.turned(unit, hours)
        for station_id, hour_s in sorted(hours):
            unit.add("dirty_hours", (self._ids.take("dirty_hours"), station_id, hour_s, int(self._now() * 1000)))
        if done > self._marked:
            self._marked = done
            unit.mark(WATERMARK, done)
        if self.book is not None:
            self.book.flush(unit)
        if unit.updates:
            unit.stored = self._touched if hours else None
            self._writer.add(unit)

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        board = self._board
        return {
            "series": 0 if board is None else len(board.network),
            "pending": 0 if board is None else board.pending,
            "judged": self.judged,
            "written": self.written,
            "us_per_judgement": round(self.busy_s / max(1, self.judged) * 1e6, 1),
        }


def _entry(row: Row) -> Entry:
    number, _, _, time_s, value, flag, outer = row
    known = value if value is not None and isfinite(value) else None
    return Entry(number, time_s, known, flag, outer & NIBBLES)

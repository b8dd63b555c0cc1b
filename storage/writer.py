"""The one writer of the hot tables: all that waits is written in one transaction, then acknowledged together.

No timer, unless much is streaming: the next transaction is what gathered while the last one was being written. A unit
that may fail (a station file) is told so and leaves; a unit that must not (waypoints already counted in memory, an
actor's effects) is held and tried again until the store takes it, and `on_trouble` closes the intakes meanwhile. A unit
that the store will never take (it breaks a constraint: a bug) is looked for by halves and kept in `refused_units`; the
others go on.

Invariant: `stored` is called after the commit is durable, in the order the units were added; never before, never twice.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from storage.counting import MARK
from storage.refused_units import TABLE as REFUSED_UNITS
from storage.refused_units import refused_counters, refused_row

RETRY_S = 1.0
STREAM_ROWS_S, PULSE_S, GATHER_S = 5_000, 0.25, 0.03
"""From so many rows a second on, a commit follows the one before after so long: what a commit costs beside its rows is
paid thirty times a second at most, not as often as the disk allows."""

log = structlog.get_logger()


class StoreError(Exception):
    """The store did not take a transaction; nothing of it is kept. `full` says that the disk is short.

    `in_doubt`: the connection broke at the commit itself; `Engine.was_committed` will tell what became of it.
    `permanent`: something in it does not fit the tables and never will; trying again is useless.
    """

    def __init__(self, reason: str, *, full: bool = False, in_doubt: bool = False, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.full = full
        self.in_doubt = in_doubt
        self.permanent = permanent


class Rows(Protocol):
    """Rows of one table: a list of them, or columns (`storage/waypoint_rows.py`)."""

    def append(self, row: tuple[Any, ...], /) -> None: ...

    def extend(self, rows: Iterable[tuple[Any, ...]], /) -> None: ...

    def copy(self) -> "Rows": ...

    def __iter__(self) -> Iterator[tuple[Any, ...]]: ...

    def __len__(self) -> int: ...


@dataclass(slots=True)
class Unit:
    """What belongs together in one transaction.

    Args:
        rows: table name -> rows in the order of the table's columns (`storage/tables.py`).
        counters: running totals to move.
        updates: (SQL with `?` marks, parameters) run after the inserts.
        stored: called once after the commit.
        failed: called once where the unit could not be stored; None = hold and retry.
        refused: called once in the place of `stored` where the store will never take the unit, after it was put
            among the refused ones with its arrivals counted as refused.
    """

    rows: dict[str, Rows] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    updates: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    stored: Callable[[], None] | None = None
    failed: Callable[[StoreError], None] | None = None
    refused: Callable[[StoreError], None] | None = None

    def add(self, table: str, row: tuple[Any, ...]) -> None:
        """Add one row."""
        self.rows.setdefault(table, []).append(row)

    def count(self, name: str, by: int = 1) -> None:
        """Move one counter."""
        self.counters[name] = self.counters.get(name, 0) + by

    def mark(self, name: str, at: int) -> None:
        """Set a watermark: a counter that says how far, not how many."""
        self.updates.append((MARK, (name, at)))


@dataclass(slots=True)
class Transaction:
    """Units merged for the engine: rows by table, counters added up."""

    rows: dict[str, Rows]
    counters: dict[str, int]
    updates: list[tuple[str, tuple[Any, ...]]]


class Engine(Protocol):
    """Writes one transaction durably, or raises StoreError and leaves nothing."""

    async def open(self) -> None: ...

    async def commit(self, transaction: Transaction) -> None: ...

    async def was_committed(self) -> bool:
        """What became of the transaction that was left in doubt; StoreError while that cannot be told."""
        ...

    async def close(self) -> None: ...


def merge(units: Sequence[Unit]) -> Transaction:
    """Put units together in their order."""
    if len(units) == 1:
        return Transaction(units[0].rows, units[0].counters, units[0].updates)
    rows: dict[str, Rows] = {}
    counters: dict[str, int] = {}
    updates: list[tuple[str, tuple[Any, ...]]] = []
    for unit in units:
        for table, more in unit.rows.items():
            if (have := rows.get(table)) is None:
                rows[table] = more.copy()
            else:
                have.extend(more)
        for name, by in unit.counters.items():
            counters[name] = counters.get(name, 0) + by
        updates.extend(unit.updates)
    return Transaction(rows, counters, updates)


class Writer:
    """Gathers units and commits them, one transaction after the other."""

    def __init__(self, engine: Engine, pen: asyncio.Lock) -> None:
        self._engine = engine
        self._pen = pen
        self._gathered: list[Unit] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None
        self.waiting_rows = 0
        self.trouble = ""
        self.commits = 0
        self.rows = 0
        self.refused = 0
        self._pulse = 0.0, 0, False
        self.on_trouble: Callable[[StoreError], None] = lambda error: None
        self.on_recovered: Callable[[], None] = lambda: None
        self.on_stored: Callable[[list[Unit]], None] = lambda units: None
        self.on_death: Callable[[], None] = lambda: None

    async def open(self) -> None:
        """Open the engine and start committing."""
        await self._engine.open()
        self._task = asyncio.create_task(self._run(), name="writer")
        self._task.add_done_callback(self._ended)

    async def close(self) -> None:
        """Commit what waits and stop. Raises what ended the writer, if something did."""
        self._closing = True
        self._wake.set()
        try:
            if self._task is not None:
                await self._task
        finally:
            await self._engine.close()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Without its writer the box keeps nothing: whoever runs it must end it; `close` raises what happened."""
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("writer_died", exc_info=error)
            self.trouble = f"the writer died: {error}"
            self.on_trouble(StoreError(self.trouble))
            self.on_death()

    def add(self, unit: Unit) -> None:
        """Put a unit into the next transaction."""
        self._gathered.append(unit)
        for rows in unit.rows.values():
            self.waiting_rows += len(rows)
        self._wake.set()

    async def store(self, unit: Unit) -> None:
        """Put a unit into the next transaction and wait until it is durable; raises StoreError."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def failed(error: StoreError) -> None:
            if not done.done():
                done.set_exception(error)

        def stored() -> None:
            if not done.done():
                done.set_result(None)

        unit.stored, unit.failed = stored, failed
        self.add(unit)
        await done

    async def settle(self, unit: Unit) -> None:
        """Put a unit that must not fail into the next transaction and wait until it is durable, however long.

        Raises:
            StoreError: the store will never take it.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def stored() -> None:
            if not done.done():
                done.set_result(None)

        def refused(error: StoreError) -> None:
            if not done.done():
                done.set_exception(error)

        unit.stored, unit.refused = stored, refused
        self.add(unit)
        await done

    async def flush(self) -> None:
        """Wait until all that was added so far is durable, however long the store is in trouble."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def stored() -> None:
            if not done.done():
                done.set_result(None)

        self.add(Unit(stored=stored))
        await done

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        return {
            "commits": self.commits,
            "rows": self.rows,
            "waiting_rows": self.waiting_rows,
            "refused_units": self.refused,
            "trouble": self.trouble,
        }

    async def _run(self) -> None:
        while True:
            if not self._gathered:
                if self._closing:
                    return
                self._wake.clear()
                if not self.trouble:
                    await self._wake.wait()
                    continue
                await self._probe()
            units, self._gathered = self._gathered, []
            await self._commit(units)
            if self._is_streaming() and not self._closing:
                await asyncio.sleep(GATHER_S)

    def _is_streaming(self) -> bool:
        """Whether rows come fast, by the count of the last quarter of a second."""
        now_s = asyncio.get_running_loop().time()
        since_s, rows, streaming = self._pulse
        if now_s - since_s < PULSE_S:
            return streaming
        streaming = self.rows - rows > STREAM_ROWS_S * (now_s - since_s)
        self._pulse = now_s, self.rows, streaming
        return streaming

    async def _probe(self) -> None:
        """The store was in trouble and nothing waits: try it with a unit of our own after a while."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), RETRY_S)
        self._gathered.append(Unit(counters={"store.probes": 1}))

    async def _commit(self, units: list[Unit]) -> None:
        """Commit until all is stored; units that may fail leave at the first trouble."""
        most = len(units)
        while units:
            some = units[:most]
            transaction = merge(some)
            error = await self._try(transaction)
            if error is None:
                self._finish(some, transaction)
                units = units[most:]
            elif error.permanent and len(some) > 1:
                most = len(some) // 2
                continue
            elif error.permanent and REFUSED_UNITS not in some[0].rows:
                units[:1] = self._refuse(some[0], error)
            else:
                units = self._give_back(units, error)
                if self._closing:
                    log.error("store_gave_up", reason=error.reason, units=len(units))
                    return
                await asyncio.sleep(RETRY_S)
                units.extend(self._gathered)
                self._gathered = []
            most = len(units)

    async def _try(self, transaction: Transaction) -> StoreError | None:
        try:
            async with self._pen:
                await self._engine.commit(transaction)
        except StoreError as error:
            return None if error.in_doubt and await self._was_committed(error) else error
        return None

    def _refuse(self, unit: Unit, error: StoreError) -> list[Unit]:
        """The unit is at fault, not the store; gives what must be stored in its place."""
        log.error("unit_refused", reason=error.reason, tables=sorted(unit.rows), updates=len(unit.updates))
        self.refused += 1
        for rows in unit.rows.values():
            self.waiting_rows -= len(rows)
        if unit.failed is not None:
            unit.failed(error)
            return []
        row = refused_row(error.reason, unit.rows, unit.updates, unit.counters)
        told = unit.refused
        stored = None if told is None else lambda: told(error)
        self.waiting_rows += 1
        return [Unit({REFUSED_UNITS: [row]}, refused_counters(unit.counters), stored=stored)]

    async def _was_committed(self, error: StoreError) -> bool:
        """Ask until the store tells: a transaction written twice would meet its own rows for ever."""
        while not self._closing:
            self._note(error)
            await asyncio.sleep(RETRY_S)
            try:
                return await self._engine.was_committed()
            except StoreError as still:
                error = still
        return False

    def _note(self, error: StoreError) -> None:
        if not self.trouble:
            log.error("store_trouble", reason=error.reason, full=error.full)
        self.trouble = error.reason
        self.on_trouble(error)

    def _give_back(self, units: list[Unit], error: StoreError) -> list[Unit]:
        self._note(error)
        held = []
        for unit in units:
            if unit.failed is None:
                held.append(unit)
                continue
            for rows in unit.rows.values():
                self.waiting_rows -= len(rows)
            unit.failed(error)
        return held

    def _finish(self, units: list[Unit], transaction: Transaction) -> None:
        self.commits += 1
        for rows in transaction.rows.values():
            self.waiting_rows -= len(rows)
            self.rows += len(rows)
        self.on_stored(units)
        for unit in units:
            if unit.stored is not None:
                unit.stored()
        if self.trouble:
            log.info("store_recovered")
            self.trouble = ""
            self.on_recovered()

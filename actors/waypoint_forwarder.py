"""Passes waypoints on over AMQP within two minutes: confirmed, in time order per vehicle, nothing lost.

Two lanes run side by side: the fresh one sends what the intake hands on, the other reads what an outage held back. A
row counts as forwarded when the peer confirmed it; the cursor then moves in a transaction, so a crash repeats at most
the batches in flight. A vehicle whose rows a peer refuses waits by itself (actors/held_rows.py): others go on, and the
cursor stays before it, so that what passed it meanwhile is repeated after a crash.
Source: TT 09/2015/TT-BGTVT art. 4.3 (2 minutes from receipt; old and current data together after an outage).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

import structlog
import trio

from actors.backoff import retry_delay_s
from actors.board import ForwardView
from actors.debt import Debt, Span
from actors.held_rows import HeldRows
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.latency import NOTHING, Latency
from actors.lateness import late_counter, late_days
from actors.waypoint_feed import Batch, Feed
from actors.waypoint_lane import Lane
from protocols.errors import DeliveryError
from protocols.vocabulary import DeliveryState
from storage.ids import Ids
from storage.waypoint_rows import Receipt, StoredWaypoint, WaypointRows
from storage.writer import StoreError, Unit, Writer

log = structlog.get_logger()

BATCH = 4000
WORTH_SENDING = 2000
"""Fewer rows than that wait for more while a batch is on its way: each batch costs beside its rows."""
MOST_FEED = 200_000
CONFIRM_S = 60.0
"""How long a peer may leave everything unconfirmed."""
OUTAGE_S = 5.0
"""Further behind than this after a loss of the peer, fresh rows no longer wait for older ones: order per vehicle holds
within each lane only. A peer that was not lost is merely slow, or we are: order is kept up to half of the deadline."""
ATTENTION_AFTER = 3
"""A peer that refuses (returns, access) so many times in a row needs a human."""


class Peer(Protocol):
    """The way to the receiver; every call is awaited on the host loop."""

    async def open(self) -> None: ...

    async def send(self, bodies: Sequence[bytes]) -> dict[int, str]:
        """Publish and wait for every confirm; gives what was refused. Raises DeliveryError when the peer is lost."""
        ...

    async def close(self) -> None: ...

    @property
    def blocked(self) -> str: ...


class WaypointForwarder:
    """The actor of one destination of kind waypoints.

    Args:
        took: how long its deliveries took today, as the store has it.
    """

    def __init__(
        self,
        name: str,
        deadline_s: float,
        debt: Debt,
        now: Now,
        writer: Writer,
        ids: Ids,
        make_peer: Callable[[], Peer],
        host: Host,
        read: Callable[[int, int, int], Awaitable[list[StoredWaypoint]]],
        newest: Callable[[], int],
        counters: Callable[[str], int],
        took: Mapping[str, int] = NOTHING,
    ) -> None:
        self.name = name
        self._debt = debt
        self._now = now
        self._writer = writer
        self._ids = ids
        self._make_peer = make_peer
        self._host = host
        self._read = read
        self._newest = newest
        self._counters = counters
        self._peer: Peer | None = None
        self._retrying, self._sent, self._confirmed = False, 0, 0
        self._owed_since_ms: int | None = None
        self._feed: Feed | None = None
        self._patience_s = OUTAGE_S
        self._missed = False
        self._wake = trio.Event()
        self._latency = Latency(deadline_s, name, took)
        self._failures = 0
        self._refusals = 0
        self._stored = trio.Event()
        self._held = HeldRows()
        self._fresh = Lane(debt.fresh, self._held)
        self._left: dict[int, Lane] = {}
        """Lanes of closed spans, by span: one of which only refused rows are left keeps no other waiting."""
        self.last_error = ""

    def expect(self, deadline_s: float) -> None:
        """An import may have set another deadline; it counts for what is delivered from here on."""
        self._latency.deadline_s = deadline_s

    def hand_on(self, rows: WaypointRows) -> None:
        """Take freshly stored rows, received together; while the peer is away they wait in the journal alone."""
        feed = self._feed
        if feed is None:
            return
        feed.add(rows)
        if feed.count > MOST_FEED:
            feed.clear()
            self._missed = True
        self._wake.set()

    def _split(self, newest: int) -> None:
        unit = Unit()
        self._debt.split(unit, self._ids.take("spans"), newest)
        self._writer.add(unit)

    async def run(self, ready: Callable[[], None]) -> None:
        """Connect, serve, and come back after every loss, for ever."""
        ready()
        while True:
            try:
                await self._serve()
            except* (DeliveryError, StoreError) as group:
                self._lost(group.exceptions[0])
            finally:
                self._feed = None
                self._keep_latency()
                await self._leave()
            await self._look_back()
            await trio.sleep(retry_delay_s(self._failures))

    def _lost(self, error: BaseException) -> None:
        self._failures += 1
        if isinstance(error, DeliveryError) and error.permanent:
            self._refusals += 1
        self.last_error = str(error)
        log.warning("delivery_failed", destination=self.name, reason=self.last_error, failures=self._failures)

    async def _look_back(self) -> None:
        """See since when something is owed; while the store is away, the last look counts."""
        with suppress(StoreError):
            rows = await self._read(self._debt.oldest.cursor, self._newest(), 1)
            self._owed_since_ms = rows[0].received_ms if rows else None

    async def _leave(self) -> None:
        peer, self._peer = self._peer, None
        if peer is not None:
            with trio.move_on_after(2, shield=True):
                await self._host(peer.close)

    async def _serve(self) -> None:
        peer = self._peer = self._make_peer()
        await self._host(peer.open)
        self._debt.recall()
        self._retrying, self._sent, self._confirmed = False, 0, 0
        feed = self._feed = Feed()
        self._missed, self._patience_s = True, OUTAGE_S
        self._held = HeldRows()
        self._fresh, self._left = Lane(self._debt.fresh, self._held), {}
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._watch_confirms, peer)
            nursery.start_soon(self._drain_fresh, peer, feed, nursery)
            nursery.start_soon(self._drain_backlog, peer, nursery)

    async def _watch_confirms(self, peer: Peer) -> None:
        """A peer that takes everything and confirms nothing is lost, unless it said that it is blocked."""
        while True:
            sent, confirmed = self._sent, self._confirmed
            await trio.sleep(CONFIRM_S)
            if sent > confirmed == self._confirmed and not peer.blocked:
                raise DeliveryError(f"no confirm within {CONFIRM_S:.0f} s")

    async def _drain_fresh(self, peer: Peer, feed: Feed, nursery: trio.Nursery) -> None:
        while True:
            lane = self._fresh
            if lane.span is not self._debt.fresh:
                while lane.sending:
                    await self._progress()
                self._left[lane.span.id] = lane
                lane = self._fresh = Lane(self._debt.fresh, self._held)
                self._tell_moved()
            if lane.sending and not self._missed and feed.count < WORTH_SENDING:
                await self._progress()  # a few rows go with those that come until the last batch is confirmed
                continue
            batch = await self._read_on(lane.span, feed) if self._missed else feed.take(lane.span.taken, BATCH)
            if batch.rows:
                await self._launch(peer, lane, batch, nursery)
            elif not feed.count and not self._missed:
                self._wake = trio.Event()
                await self._wake.wait()

    async def _read_on(self, span: Span, feed: Feed) -> Batch:
        """The next rows from the journal, until what is handed on follows them; a long way behind, begin a new span."""
        newest, first_id = self._newest(), feed.first_id
        if newest <= span.taken or (first_id is not None and first_id <= span.taken + 1):
            self._missed, self._patience_s = False, self._latency.deadline_s / 2
            return Batch()
        rows = await self._read(span.taken, newest, BATCH)
        if rows and self._now() - rows[0].received_ms / 1000 > self._patience_s:
            self._split(newest)
            return Batch()
        return Batch(WaypointRows.of(rows))

    async def _drain_backlog(self, peer: Peer, nursery: trio.Nursery) -> None:
        while True:
            lane = self._next_left()
            if lane is None:
                if not self._missed:
                    self._owed_since_ms = None
                await self._progress()
                continue
            span, read_to = lane.span, -1
            while read_to != span.up_to_id:  # it may be lengthened meanwhile
                read_to = span.up_to_id or span.taken
                while rows := await self._read(span.taken, read_to, BATCH):
                    self._owed_since_ms = rows[0].received_ms
                    await self._launch(peer, lane, Batch(WaypointRows.of(rows)), nursery)
                while lane.sending:
                    await self._progress()
            span.taken = read_to
            if not lane.in_flight:
                del self._left[span.id]
                if not span.done:
                    self._advance(lane, read_to, 0, 0)

    def _next_left(self) -> Lane | None:
        """The lane of the oldest closed span that has something to send, or to be ended."""
        for span in self._debt.spans:
            if span.up_to_id is None or span.done or span is self._fresh.span:
                continue
            lane = self._left.setdefault(span.id, Lane(span, self._held))
            if span.taken < span.up_to_id or not lane.in_flight:
                return lane
        return None

    async def _launch(self, peer: Peer, lane: Lane, batch: Batch, nursery: trio.Nursery) -> None:
        while lane.is_full:
            await self._progress()
        lane.leave(batch)
        nursery.start_soon(self._send, peer, lane, batch, nursery)
        await trio.lowlevel.checkpoint()  # trio may start tasks of one tick in any order: the batches have one

    async def _progress(self) -> None:
        """Wait until some batch was confirmed, or the fresh lane serves another span."""
        await self._stored.wait()

    def _tell_moved(self) -> None:
        stored, self._stored = self._stored, trio.Event()
        stored.set()

    async def _send(self, peer: Peer, lane: Lane, batch: Batch, nursery: trio.Nursery) -> None:
        """Send one batch; what the peer refuses is held, and what stands behind a row that is held."""
        rows, held = batch.in_order(), self._held
        if held.count and (behind := set(held.behind(rows))):
            held.hold(batch, rows.picked(sorted(behind)))
            rows = rows.picked(place for place in range(len(rows)) if place not in behind)
        refused = await self._publish(peer, rows.bodies) if rows else {}
        if refused:
            self._refuse(refused, len(rows), 1)
            held.hold(batch, rows.picked(sorted(refused)))
        if batch.held:
            rows = rows.picked(place for place in range(len(rows)) if place not in refused)
            self._count(batch, rows.receipts)
            if not self._retrying:
                self._retrying = True
                nursery.start_soon(self._retry, peer)
        else:
            self._count(batch, batch.rows.receipts)
        if rows:
            self._taken()
        batch.done, batch.rows = True, batch.rows[:0]
        lane.sending -= 1
        self._move(lane)

    async def _retry(self, peer: Peer) -> None:
        """Try what is held until the peer has taken it, more and more rarely; each vehicle by its time."""
        tries, held = 1, self._held
        while held.count:
            if tries:
                await trio.sleep(retry_delay_s(tries))
            some = held.next(BATCH)
            refused = await self._publish(peer, [row.body for row, _ in some])
            tries = tries + 1 if refused else 0
            if refused:
                self._refuse(refused, len(some), tries)
            for row, batch in held.tried(some, refused):
                self._count(batch, [Receipt(row.received_ms, row.provider_id, 1)])
            for lane in (self._fresh, *self._left.values()):
                self._move(lane)
        self._retrying = False
        self._taken()

    def _taken(self) -> None:
        """The peer has taken something."""
        self._failures = 0
        if not self._retrying:
            self._refusals, self.last_error = 0, ""

    def _move(self, lane: Lane) -> None:
        """Move the cursor over all batches that are through."""
        cursor, confirmed, late = lane.through()
        if cursor:
            self._advance(lane, cursor, confirmed, late)
        else:
            self._tell_moved()

    async def _publish(self, peer: Peer, bodies: list[bytes]) -> dict[int, str]:
        self._sent += 1
        refused = await self._host(lambda: peer.send(bodies))
        self._confirmed += 1
        return refused

    def _refuse(self, refused: dict[int, str], sent: int, tries: int) -> None:
        self._refusals = max(self._refusals, tries)
        self.last_error = f"{len(refused)} of {sent} not taken: {next(iter(refused.values()))}"
        log.warning("delivery_refused", destination=self.name, reason=self.last_error, refusals=self._refusals)

    def _advance(self, lane: Lane, cursor: int, confirmed: int, late: int) -> None:
        unit = Unit()
        self._debt.advance(unit, lane.span, cursor)
        unit.count(f"destination.{self.name}.forwarded", confirmed)
        unit.count(f"destination.{self.name}.waiting", -confirmed)
        if late:
            unit.count(late_counter(self.name, self._now()), late)
        self._latency.keep(unit, self._now())
        self._writer.add(unit)
        self._tell_moved()

    def _count(self, batch: Batch, receipts: list[Receipt]) -> None:
        """So many rows of a batch were confirmed just now."""
        now_s = self._now()
        for received_ms, _, count in receipts:
            batch.late += self._latency.add(now_s - received_ms / 1000, count, now_s)

    def _keep_latency(self) -> None:
        unit = Unit()
        self._latency.keep(unit, self._now(), at_once=True)
        if unit.updates:
            self._writer.add(unit)

    def view(self) -> ForwardView:
        """How the destination stands."""
        waiting = self._counters(f"destination.{self.name}.waiting")
        now_s = self._now()
        late = late_days(self._counters, self.name, now_s)
        return ForwardView(
            name=self.name,
            kind="waypoints",
            state=self._state(waiting),
            queued=waiting,
            oldest_age_s=self._oldest_age_s(waiting),
            last_error=self.last_error,
            deadline_misses_today=next(iter(late.values())),
            p50_s=self._latency.percentile(0.5, now_s),
            p99_s=self._latency.percentile(0.99, now_s),
            deadline_s=self._latency.deadline_s,
            due=self._counters(f"destination.{self.name}.due"),
            forwarded=self._counters(f"destination.{self.name}.forwarded"),
            refused=self._counters(f"destination.{self.name}.refused"),
            late_days=late,
        )

    def _oldest_age_s(self, waiting: int) -> float | None:
        """Age of the oldest row that is owed: the oldest on its way, or the first one the journal was asked for."""
        lanes = (self._fresh, *self._left.values())
        on_their_way = [batch.oldest_ms for lane in lanes for batch in lane.in_flight if not batch.is_through]
        oldest_ms = min((ms for ms in (self._owed_since_ms, *on_their_way) if ms is not None), default=None)
        return None if oldest_ms is None or not waiting else self._now() - oldest_ms / 1000

    def _state(self, waiting: int) -> DeliveryState:
        if self._peer is not None and self._peer.blocked:
            return DeliveryState.BLOCKED
        if self._refusals >= ATTENTION_AFTER:
            return DeliveryState.REFUSED
        if self._failures or waiting > MOST_FEED // 10:
            return DeliveryState.QUEUED
        return DeliveryState.CURRENT

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        return {
            "feed": self._feed.count if self._feed else 0,
            "spans": len(self._debt.spans),
            "failures": self._failures,
        }

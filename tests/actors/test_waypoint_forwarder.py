"""The waypoint forwarder's patience and order, in virtual time, against a peer that obeys the protocol."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar

import pytest
import trio
from typing_extensions import override

from actors import waypoint_forwarder
from actors.debt import Debt, Span
from actors.latency import Latency
from actors.waypoint_forwarder import WaypointForwarder
from actors.waypoint_lane import IN_FLIGHT
from protocols.errors import DeliveryError
from protocols.vocabulary import DeliveryState
from storage.counting import MARK
from storage.ids import Ids
from storage.waypoint_rows import StoredWaypoint, WaypointRows
from storage.writer import StoreError, Transaction, Unit, Writer

T = TypeVar("T")
START_S = 1_000_000.0
BATCH = 1000
"""A quarter of the real one, so that an outage of a hundred batches is quickly lived through."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waypoint_forwarder, "BATCH", BATCH)
    monkeypatch.setattr(waypoint_forwarder, "WORTH_SENDING", BATCH // 2)


class NoDisk:
    """An engine that is never opened: what the forwarder writes stays gathered."""

    async def open(self) -> None: ...

    async def commit(self, transaction: Transaction) -> None: ...

    async def was_committed(self) -> bool:
        return False

    async def close(self) -> None: ...


class Notebook(Writer):
    """Writes nothing, and shows all that it was given."""

    def __init__(self) -> None:
        super().__init__(NoDisk(), asyncio.Lock())
        self.units: list[Unit] = []

    @override
    def add(self, unit: Unit) -> None:
        self.units.append(unit)


@dataclass
class Authority:
    """Takes what it is sent after `delay_s`; down while `trouble` is set.

    It refuses the bodies in `refused` once, and those in `never` as long as they stand there.
    """

    trouble: DeliveryError | None = None
    delay_s: float = 0.05
    refused: set[bytes] = field(default_factory=set)
    never: set[bytes] = field(default_factory=set)
    taken: list[tuple[float, bytes]] = field(default_factory=list)
    opened_s: list[float] = field(default_factory=list)
    sent: list[tuple[float, bytes]] = field(default_factory=list)
    blocked: str = ""

    async def open(self) -> None:
        self.opened_s.append(trio.current_time())
        if self.trouble is not None:
            raise self.trouble

    async def send(self, bodies: Sequence[bytes]) -> dict[int, str]:
        self.sent += [(trio.current_time(), body) for body in bodies]
        await trio.sleep(self.delay_s)
        if self.trouble is not None:
            raise self.trouble
        refused = {index: "312 NO_ROUTE" for index, body in enumerate(bodies) if body in self.refused | self.never}
        self.refused -= set(bodies)
        self.taken += [(trio.current_time(), body) for index, body in enumerate(bodies) if index not in refused]
        return refused

    async def close(self) -> None: ...


async def here(make: Callable[[], Coroutine[Any, Any, T]], /) -> T:
    """A host for a peer that lives in trio itself."""
    return await make()


class Road:
    """A journal of waypoints, and a forwarder that reads it."""

    def __init__(self, authority: Authority, deadline_s: float = 120.0) -> None:
        self.written = Notebook()
        self.rows: list[StoredWaypoint] = []
        self.unreadable = False
        self.counted = 0
        """What every counter says."""
        self.debt = Debt(1, [Span(1, 0, 0, None)])
        self.forwarder = WaypointForwarder(
            "csgt",
            deadline_s,
            self.debt,
            lambda: START_S + trio.current_time(),
            self.written,
            Ids({"spans": 1}),
            lambda: authority,
            here,
            self._read,
            lambda: len(self.rows),
            lambda name: self.counted,
        )

    async def _read(self, after: int, up_to: int, limit: int) -> list[StoredWaypoint]:
        await trio.lowlevel.checkpoint()
        if self.unreadable:
            raise StoreError("not readable")
        return self.rows[after:up_to][:limit]

    def store(self, count: int, vehicle: int = 1) -> list[bytes]:
        """Store waypoints of one vehicle and hand them on."""
        first, received_ms = len(self.rows) + 1, int((START_S + trio.current_time()) * 1000)
        rows = [StoredWaypoint(n, n - 1, vehicle, n, received_ms, 1, b"%d" % n) for n in range(first, first + count)]
        self.rows += rows
        self.forwarder.hand_on(WaypointRows.of(rows))
        return [row.body for row in rows]

    async def run(self) -> None:
        await self.forwarder.run(lambda: None)


@pytest.mark.trio
async def test_the_first_retry_comes_after_a_second_and_the_delay_doubles_to_a_minute(
    autojump_clock: trio.testing.MockClock,
) -> None:
    authority = Authority(DeliveryError("down"))
    with trio.move_on_after(86_400):
        await Road(authority).run()
    opened_s = authority.opened_s
    gaps = [round(after - before) for before, after in pairwise(opened_s)]
    assert gaps[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert len(opened_s) > 1400


@pytest.mark.trio
async def test_a_burst_of_many_batches_leaves_in_the_order_of_the_journal(
    autojump_clock: trio.testing.MockClock,
) -> None:
    authority = Authority()
    road = Road(authority)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(road.run)
        await trio.sleep(0.1)
        stored = road.store(20 * BATCH)
        await trio.sleep(30)
        nursery.cancel_scope.cancel()
    assert [body for _, body in authority.sent] == stored


@pytest.mark.trio
async def test_after_an_outage_fresh_rows_are_sent_within_a_second_while_the_backlog_drains(
    autojump_clock: trio.testing.MockClock,
) -> None:
    authority = Authority(DeliveryError("down"))
    road = Road(authority)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(road.run)
        old = road.store(100 * BATCH)
        await trio.sleep(600)
        authority.trouble = None
        while not authority.sent:
            await trio.sleep(0.01)
        stored_s = trio.current_time()
        fresh = road.store(10)
        await trio.sleep(120)
        nursery.cancel_scope.cancel()
    sent = [body for _, body in authority.sent]
    assert sorted(sent) == sorted(old + fresh)
    fresh_s = next(at for at, body in authority.sent if body == fresh[0])
    assert fresh_s - stored_s < 1.0
    assert authority.sent[-1][0] > fresh_s
    assert [body for body in sent if body not in fresh] == old


@pytest.mark.trio
async def test_a_peer_that_is_slow_but_there_gets_all_in_the_order_of_the_journal(
    autojump_clock: trio.testing.MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waypoint_forwarder, "MOST_FEED", 20_000)
    authority = Authority(delay_s=2.0)
    road = Road(authority)
    stored: list[bytes] = []
    async with trio.open_nursery() as nursery:
        nursery.start_soon(road.run)
        await trio.sleep(0.1)
        for _ in range(16):  # twice what the peer takes, and more than the feed holds: it is 15 s behind at the end
            stored += road.store(IN_FLIGHT * BATCH)
            await trio.sleep(1)
        assert road.forwarder.statistics()["spans"] == 1
        await trio.sleep(20)
        assert road.forwarder.statistics()["spans"] == 1
        nursery.cancel_scope.cancel()
    assert [body for _, body in authority.sent] == stored


@pytest.mark.trio
async def test_only_what_was_refused_is_sent_again(autojump_clock: trio.testing.MockClock) -> None:
    authority = Authority(refused={b"3", b"7"})
    road = Road(authority)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(road.run)
        await trio.sleep(0.1)
        stored = road.store(10)
        await trio.sleep(0.5)
        assert "2 of 10 not taken: 312 NO_ROUTE" in road.forwarder.view().last_error
        await trio.sleep(5)
        nursery.cancel_scope.cancel()
    assert [body for _, body in authority.sent] == [*stored, b"3", b"7"]
    assert road.debt.fresh.cursor == 10
    assert road.forwarder.view().state is DeliveryState.CURRENT


@pytest.mark.trio
async def test_what_was_taken_in_time_is_not_late_because_a_neighbour_was_refused(
    autojump_clock: trio.testing.MockClock,
) -> None:
    road = Road(Authority(refused={b"3", b"7"}), deadline_s=0.5)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(road.run)
        await trio.sleep(0.1)
        road.store(10)
        await trio.sleep(5)
        nursery.cancel_scope.cancel()
    counted = [unit.counters for unit in road.written.units]
    assert sum(by for counters in counted for name, by in counters.items() if ".late." in name) == 2
    assert sum(counters["destination.csgt.forwarded"] for counters in counted) == 10


@pytest.mark.trio
@pytest.mark.parametrize("others", [20, BATCH])
async def test_while_a_vehicle_is_refused_others_pass_within_two_seconds_and_each_keeps_its_order(
    autojump_clock: trio.testing.MockClock, others: int
) -> None:
    authority = Authority()
    road = Road(authority)
    stored: dict[int, list[bytes]] = {7: [], 8: []}
    stored_s: dict[bytes, float] = {}
    async with trio.open_nursery() as nursery:
        nursery.start_soon(road.run)
        await trio.sleep(0.1)
        for _ in range(40):
            authority.never.update(refused := road.store(5, vehicle=7))
            stored[7] += refused
            stored[8] += (passed := road.store(others, vehicle=8))
            stored_s.update(dict.fromkeys(passed, trio.current_time()))
            await trio.sleep(1)
        view = road.forwarder.view()
        assert view.state is DeliveryState.REFUSED and road.debt.fresh.cursor == 0
        assert max(at_s - stored_s[body] for at_s, body in authority.taken) < 2
        assert [body for _, body in authority.taken] == stored[8]
        authority.never.clear()
        await trio.sleep(61)
        nursery.cancel_scope.cancel()
    assert [body for _, body in authority.taken[len(stored[8]) :]] == stored[7]
    assert road.debt.fresh.cursor == len(road.rows)
    counted = [unit.counters for unit in road.written.units]
    assert sum(counters["destination.csgt.forwarded"] for counters in counted) == len(road.rows)
    assert road.forwarder.view().state is DeliveryState.CURRENT


@pytest.mark.trio
async def test_what_the_console_shows_of_today_is_kept_once_in_some_seconds_and_at_the_stop(
    autojump_clock: trio.testing.MockClock,
) -> None:
    authority = Authority()
    road = Road(authority)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(road.run)
        await trio.sleep(0.1)
        for step in range(60):
            authority.delay_s = 0.05 * 1.1**step
            road.store(BATCH)
            await trio.sleep(0.2)
        await trio.sleep(20)
        nursery.cancel_scope.cancel()
    units = [unit.updates for unit in road.written.units]
    marked = [[values for sql, values in updates if sql == MARK] for updates in units]
    assert sum(map(bool, marked)) < 10 < len(units)
    kept = Latency(120.0, "csgt", {str(name): int(value) for values in marked for name, value in values})
    view, now_s = road.forwarder.view(), START_S + trio.current_time()
    assert view.p99_s is not None
    assert (kept.percentile(0.5, now_s), kept.percentile(0.99, now_s)) == (view.p50_s, view.p99_s)


@pytest.mark.trio
async def test_a_vehicle_that_is_refused_holds_up_nobody_through_outages(
    autojump_clock: trio.testing.MockClock,
) -> None:
    authority = Authority()
    road = Road(authority)
    road.counted = 1
    refused, passed = list[bytes](), list[bytes]()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(road.run)
        for trouble in [None, DeliveryError("down")] * 3:
            authority.trouble = trouble
            for _ in range(30):
                authority.never.update(some := road.store(5, vehicle=7))
                refused += some
                passed += road.store(5, vehicle=8)
                await trio.sleep(1)
        authority.trouble = None
        await trio.sleep(120)
        taken = [body for _, body in authority.taken]
        assert set(taken) == set(passed)
        assert road.forwarder.view().state is DeliveryState.REFUSED and road.debt.oldest.cursor == 0
        assert road.forwarder.view().oldest_age_s == pytest.approx(300, abs=2)
        authority.never.clear()
        await trio.sleep(200)
        nursery.cancel_scope.cancel()
    assert [body for _, body in authority.taken[len(taken) :]] == refused
    assert [(span.cursor, span.up_to_id) for span in road.debt.spans] == [(len(road.rows), None)]
    counted = [unit.counters for unit in road.written.units]
    assert sum(counters.get("destination.csgt.forwarded", 0) for counters in counted) == len(road.rows)


@pytest.mark.trio
async def test_a_vehicle_that_is_refused_holds_up_nobody_when_the_peer_was_slow(
    autojump_clock: trio.testing.MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waypoint_forwarder, "MOST_FEED", 1000)
    authority = Authority()
    road = Road(authority)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(road.run)
        await trio.sleep(0.1)
        authority.never.update(road.store(5, vehicle=7))
        await trio.sleep(1)
        authority.delay_s = 50.0
        passed = list[bytes]()
        for _ in range(40):
            passed += road.store(2 * BATCH, vehicle=8)
            await trio.sleep(2)
        authority.delay_s = 0.05
        await trio.sleep(60)
        passed += road.store(10, vehicle=8)
        await trio.sleep(2)
        assert {body for _, body in authority.taken} == set(passed)
        authority.never.clear()
        await trio.sleep(61)
        nursery.cancel_scope.cancel()
    assert [(span.cursor, span.up_to_id) for span in road.debt.spans] == [(len(road.rows), None)]


@pytest.mark.trio
async def test_a_refused_login_calls_for_a_human(autojump_clock: trio.testing.MockClock) -> None:
    road = Road(Authority(DeliveryError("403 ACCESS_REFUSED", permanent=True)))
    with trio.move_on_after(10):
        await road.run()
    assert road.forwarder.view().state is DeliveryState.REFUSED


@pytest.mark.trio
async def test_a_journal_that_cannot_be_read_is_tried_again_and_nothing_crashes(
    autojump_clock: trio.testing.MockClock,
) -> None:
    authority = Authority()
    road = Road(authority)
    stored = road.store(3 * BATCH)
    road.unreadable = True
    async with trio.open_nursery() as nursery:
        nursery.start_soon(road.run)
        await trio.sleep(100)
        assert "not readable" in road.forwarder.last_error
        road.unreadable = False
        await trio.sleep(61)
        nursery.cancel_scope.cancel()
    assert [body for _, body in authority.sent] == stored

"""Services in virtual time: started in order, stopped in reverse, run again after a crash, quarantined, restarted."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest
import trio
from trio.testing import MockClock

from actors.kernel.actor import ChildSpec, Intensity
from actors.kernel.clock import virtual_now
from actors.kernel.crashes import Crash
from actors.kernel.services import Services
from protocols.vocabulary import ActorState

pytestmark = pytest.mark.trio
S = ActorState


class Stall:
    """A service that does what it is told: `crash` now, `stuck` while it stops, `broken` already at its start."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.runs = 0
        self.living = 0
        self.broken = False
        self.stuck_s = 0.0
        self.fails_to_stop = False
        self.crash = trio.Event()
        self.leave = trio.Event()

    async def run(self, ready: Callable[[], None]) -> None:
        self.runs += 1
        if self.broken:
            raise OSError("address in use")
        self.living += 1
        try:
            await trio.sleep(1)
            ready()
            self.crash = trio.Event()
            with trio.move_on_after(1e9):
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._crash)
                    await self.leave.wait()
                    nursery.cancel_scope.cancel()
        finally:
            with trio.CancelScope(shield=True):
                await trio.sleep(self.stuck_s)
            self.living -= 1
            if self.fails_to_stop:
                raise OSError("could not close")

    async def _crash(self) -> None:
        await self.crash.wait()
        raise RuntimeError("fell over")

    def spec(self) -> ChildSpec:
        return ChildSpec(f"intake:{self.name}", self.name, self.run, dict)


class Market:
    """Services, and what was told of them."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self.moves: list[tuple[str, ActorState]] = []
        self.crashes: list[Crash] = []
        self.nursery = nursery
        self.services = Services(
            virtual_now(0.0), Intensity(), lambda s: self.moves.append((s.spec.name, s.state)), self.crashes.append
        )

    async def open(self, *stalls: Stall, stopped: dict[str, str] | None = None) -> None:
        await self.services.start_all([stall.spec() for stall in stalls], stopped or {}, self.nursery)

    def state(self, stall: Stall) -> ActorState:
        service = self.services.get(f"intake:{stall.name}")
        assert service is not None
        return service.state


@asynccontextmanager
async def open_market() -> AsyncGenerator[Market, None]:
    async with trio.open_nursery() as nursery:
        yield Market(nursery)
        nursery.cancel_scope.cancel()


async def test_each_starts_when_the_one_before_serves_and_the_stop_is_the_reverse(autojump_clock: MockClock) -> None:
    a, b, c = (Stall(name) for name in "abc")
    async with open_market() as market:
        await market.open(a, b, c)
        assert market.moves == [("a", S.RUNNING), ("b", S.RUNNING), ("c", S.RUNNING)]
        await market.services.stop_all()
        assert market.moves[3:] == [("c", S.STOPPED), ("b", S.STOPPED), ("a", S.STOPPED)]
        assert (a.living, b.living, c.living) == (0, 0, 0)


async def test_one_that_does_not_start_holds_up_the_others_only_for_its_deadline(autojump_clock: MockClock) -> None:
    a, b = Stall("a"), Stall("b")
    a.broken = True
    async with open_market() as market:
        began_s = trio.current_time()
        await market.open(a, b)
        assert trio.current_time() - began_s == pytest.approx(11, abs=0.1)
        assert market.state(b) is S.RUNNING


async def test_a_crash_is_told_and_the_service_runs_again_after_its_back_off(autojump_clock: MockClock) -> None:
    a, b = Stall("a"), Stall("b")
    async with open_market() as market:
        await market.open(a, b)
        a.crash.set()
        await trio.sleep(1.5)
        assert market.moves[2:] == [("a", S.BACKING_OFF), ("a", S.STARTING), ("a", S.RUNNING)]
        (crash,) = market.crashes
        assert crash.actor == "intake:a"
        assert "fell over" in crash.traceback
        assert b.runs == 1


async def test_one_that_returns_though_nobody_stopped_it_is_run_again(autojump_clock: MockClock) -> None:
    a = Stall("a")
    async with open_market() as market:
        await market.open(a)
        a.leave.set()
        await trio.sleep(0.05)
        assert market.state(a) is S.BACKING_OFF
        a.leave = trio.Event()
        await trio.sleep(2)
        assert market.state(a) is S.RUNNING
        assert "EndedByItself" in market.crashes[0].reason


async def test_six_crashes_in_half_a_minute_are_quarantine_and_a_quarter_of_an_hour_later_a_new_try(
    autojump_clock: MockClock,
) -> None:
    a = Stall("a")
    a.broken = True
    async with open_market() as market:
        await market.open(a)
        assert market.state(a) is S.QUARANTINED
        assert a.runs == 6
        await trio.sleep(880)
        assert a.runs == 6
        a.broken = False
        await trio.sleep(20)
        assert market.state(a) is S.RUNNING


async def test_a_stop_during_back_off_is_final_until_the_start(autojump_clock: MockClock) -> None:
    a = Stall("a")
    async with open_market() as market:
        await market.open(a)
        a.broken = True
        a.crash.set()
        await trio.sleep(0.05)
        assert market.state(a) is S.BACKING_OFF
        await market.services.stop("intake:a", "lan")
        await trio.sleep(3600)
        assert market.state(a) is S.STOPPED
        assert a.runs == 1
        a.broken = False
        await market.services.restart("intake:a", "lan")
        assert market.state(a) is S.RUNNING


async def test_an_operators_stop_of_the_last_process_holds_in_this_one(autojump_clock: MockClock) -> None:
    a, b = Stall("a"), Stall("b")
    async with open_market() as market:
        await market.open(a, b, stopped={"intake:a": "lan"})
        assert market.state(a) is S.STOPPED
        assert a.runs == 0
        assert market.state(b) is S.RUNNING
        await market.services.restart("intake:a", "minh")
        assert market.state(a) is S.RUNNING


async def test_a_restart_ends_the_old_life_before_the_new_one_begins(autojump_clock: MockClock) -> None:
    a = Stall("a")
    async with open_market() as market:
        await market.open(a)
        a.stuck_s = 5
        await market.services.restart("intake:a", "lan")
        assert a.living == 1
        assert market.moves[1:] == [("a", S.STOPPED), ("a", S.STARTING), ("a", S.RUNNING)]


async def test_two_restarts_at_once_leave_one_life(autojump_clock: MockClock) -> None:
    a = Stall("a")
    async with open_market() as market:
        await market.open(a)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(market.services.restart, "intake:a", "lan")
            nursery.start_soon(market.services.restart, "intake:a", "minh")
        assert a.living == 1
        assert a.runs == 3
        assert market.state(a) is S.RUNNING


async def test_one_that_does_not_stop_in_time_is_left_alone_and_can_be_started_again(autojump_clock: MockClock) -> None:
    a = Stall("a")
    async with open_market() as market:
        await market.open(a)
        a.stuck_s = 60
        await market.services.stop("intake:a", "lan")
        assert market.state(a) is S.STOPPED
        await market.services.restart("intake:a", "lan")
        assert market.state(a) is S.RUNNING
        await trio.sleep(100)
        assert market.state(a) is S.RUNNING
        assert a.living == 1


async def test_one_that_crashes_on_its_way_down_is_stopped_all_the_same(autojump_clock: MockClock) -> None:
    a = Stall("a")
    async with open_market() as market:
        await market.open(a)
        a.fails_to_stop = True
        await market.services.stop("intake:a", "lan")
        await trio.sleep(3600)
        assert market.state(a) is S.STOPPED
        assert [crash.reason for crash in market.crashes] == ["OSError: could not close"]
        assert a.runs == 1

"""How a clock waits for work, in virtual time."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest
import trio
from trio.testing import MockClock

from actors.worklist import Worklist
from storage.writer import RETRY_S, StoreError

pytestmark = pytest.mark.trio
T = TypeVar("T")


async def host(make: Callable[[], Coroutine[Any, Any, T]], /) -> T:
    return await make()


class Store:
    """Work that waits, and when each look at it was."""

    def __init__(self) -> None:
        self.waiting = 0
        self.away = False
        self.looks: list[tuple[float, int]] = []
        self.troubles: list[str] = []

    async def do(self) -> int:
        if self.away:
            raise StoreError("away")
        done = min(self.waiting, 2)
        self.waiting -= done
        self.looks.append((trio.current_time(), done))
        return done


@asynccontextmanager
async def running(store: Store, **pace: Any) -> AsyncGenerator[Worklist]:
    work = Worklist(host, store.do, store.troubles.append)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(lambda: work.run(**pace))
        yield work
        nursery.cancel_scope.cancel()


async def test_all_that_waits_is_done_and_then_it_rests_until_it_is_touched(autojump_clock: MockClock) -> None:
    store = Store()
    store.waiting = 3
    async with running(store) as work:
        await trio.sleep(1000)
        assert store.looks == [(0, 2), (0, 1), (0, 0)]
        store.waiting = 1
        work.touched()
        await trio.sleep(1)
    assert store.looks[3:] == [(1000, 1), (1000, 0)]


async def test_what_comes_due_by_itself_is_done_then(autojump_clock: MockClock) -> None:
    store = Store()
    async with running(store, rest_s=lambda: 60.0):
        await trio.sleep(125)
    assert [at for at, _ in store.looks] == [0, 60, 120]


async def test_what_was_told_of_waits_for_its_companions(autojump_clock: MockClock) -> None:
    store = Store()
    async with running(store, rest_s=lambda: 60.0, settle_s=2.0) as work:
        await trio.sleep(10)
        store.waiting = 1
        work.touched()
        await trio.sleep(5)
    assert store.looks == [(0, 0), (12, 1), (12, 0)]


async def test_a_store_that_is_away_is_told_and_asked_again(autojump_clock: MockClock) -> None:
    store = Store()
    store.away, store.waiting = True, 1
    async with running(store):
        await trio.sleep(2.5 * RETRY_S)
        store.away = False
        await trio.sleep(RETRY_S)
    assert store.troubles == ["away"] * 3
    assert store.looks == [(3 * RETRY_S, 1), (3 * RETRY_S, 0)]


async def test_a_touch_while_it_works_is_not_lost(autojump_clock: MockClock) -> None:
    store = Store()
    work: Worklist | None = None

    async def do() -> int:
        done = await store.do()
        if len(store.looks) == 1 and work is not None:
            work.touched()
        return done

    work = Worklist(host, do, store.troubles.append)
    with trio.move_on_after(5):
        await work.run()
    assert len(store.looks) == 2

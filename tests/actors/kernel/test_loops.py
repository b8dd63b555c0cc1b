"""The way between the loops: values, exceptions, cancellation and context variables, both ways."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
import trio
import uvloop

from actors.kernel.loops import Bridge, run_guest
from storage.models import CounterRow
from tests.storage.blank import open_blank

T = TypeVar("T")
word = contextvars.ContextVar("word", default="none")


def across(main: Callable[[Bridge], Awaitable[T]]) -> T:
    """Run `main` in trio, the guest of a uvloop, with a bridge made in the host's task; gives what it returned."""
    results: list[T] = []

    async def host() -> None:
        bridge = Bridge()

        async def guest() -> None:
            results.append(await main(bridge))

        await run_guest(guest)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(host())
    return results[0]


async def give(value: T, delay_s: float = 0.0) -> T:
    await asyncio.sleep(delay_s)
    return value


async def fail() -> None:
    await asyncio.sleep(0)
    raise KeyError("host")


def test_a_coroutine_of_the_host_gives_its_result_to_trio() -> None:
    assert across(lambda bridge: bridge.host(lambda: give(7))) == 7


def test_an_exception_of_the_host_is_raised_in_trio() -> None:
    with pytest.raises(KeyError, match="host"):
        across(lambda bridge: bridge.host(fail))


def test_cancelling_in_trio_cancels_the_coroutine_of_the_host() -> None:
    ended: list[str] = []

    async def wait() -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async def main(bridge: Bridge) -> bool:
        with trio.move_on_after(0.02) as scope:
            await bridge.host(wait)
        return scope.cancelled_caught

    assert across(main)
    assert ended == ["cancelled"]


def test_work_that_ended_before_its_cancellation_keeps_its_result() -> None:
    async def main(bridge: Bridge) -> tuple[int, bool]:
        async def stubborn() -> int:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                return 7
            return 0

        with trio.CancelScope() as scope:
            scope.deadline = trio.current_time() + 0.02
            result = await bridge.host(stubborn)
        return result, scope.cancelled_caught

    assert across(main) == (7, False)


def test_a_batch_crosses_at_once_and_every_result_comes_back_to_its_own_task() -> None:
    async def main(bridge: Bridge) -> list[int]:
        results = [0] * 200

        async def ask(number: int) -> None:
            results[number] = await bridge.host(lambda: give(number, 0.001 * (number % 7)))

        async with trio.open_nursery() as nursery:
            for number in range(200):
                nursery.start_soon(ask, number)
        return results

    assert across(main) == list(range(200))


def test_trio_runs_what_the_host_asks_and_gives_the_result() -> None:
    async def in_trio() -> str:
        await trio.sleep(0.001)
        return "from trio"

    async def main(bridge: Bridge) -> str:
        return await bridge.host(lambda: bridge.guest(in_trio))

    assert across(main) == "from trio"


def test_an_exception_of_trio_is_raised_on_the_host() -> None:
    caught: list[str] = []

    async def in_trio() -> None:
        raise LookupError("trio")

    async def main(bridge: Bridge) -> None:
        async def ask() -> None:
            try:
                await bridge.guest(in_trio)
            except LookupError as error:
                caught.append(str(error))

        await bridge.host(ask)

    across(main)
    assert caught == ["trio"]


def test_work_in_trio_ends_though_the_host_no_longer_waits_for_it() -> None:
    async def main(bridge: Bridge) -> bool:
        done = trio.Event()

        async def in_trio() -> None:
            await trio.sleep(0.05)
            done.set()

        async def impatient() -> None:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(bridge.guest(in_trio), 0.01)

        await bridge.host(impatient)
        with trio.fail_after(5):
            await done.wait()
        return True

    assert across(main)


def test_host_tasks_see_the_context_in_which_the_bridge_was_made_and_keep_their_own_changes() -> None:
    async def tell() -> str:
        told = word.get()
        word.set("changed")
        return told

    async def main(bridge: Bridge) -> list[str]:
        word.set("of the guest")
        return [await bridge.host(tell), await bridge.host(tell)]

    token = word.set("of the host")
    try:
        assert across(main) == ["of the host", "of the host"]
    finally:
        word.reset(token)


def test_the_database_is_reached_from_tasks_made_over_the_bridge(tmp_path: Path) -> None:
    counted: list[int] = []

    async def host() -> None:
        database = await open_blank(tmp_path)
        bridge = Bridge()

        async def count() -> int:
            async with database.writing():
                await CounterRow.create(name="files.received", value=3)
            return await CounterRow.all().count()

        async def guest() -> None:
            counted.append(await bridge.host(count))

        try:
            await run_guest(guest)
        finally:
            await database.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(host())
    assert counted == [1]


def test_what_the_guest_raises_is_raised_where_it_was_started() -> None:
    async def main(bridge: Bridge) -> None:
        raise RuntimeError("guest")

    with pytest.raises(RuntimeError, match="guest"):
        across(main)

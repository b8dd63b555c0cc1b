"""The one module that knows both loops: uvloop hosts what touches a socket, trio (its guest) hosts what decides.

Both run in one thread, so plain calls may cross at any time; what needs waiting crosses here:
`Bridge.host` from trio to asyncio, `Bridge.guest` from asyncio to trio. Cross in batches, never per message.

Invariant: every host task descends from the context in which the bridge was made (Tortoise keeps its state there).
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import outcome
import trio

T = TypeVar("T")
Stopped = Callable[[], Coroutine[Any, Any, object]]
"""Returns when the service should end."""


class Bridge:
    """The way across, made inside the running host loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()

    async def host(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine on the host loop and wait for it in trio; cancelling here cancels it there."""
        task = trio.lowlevel.current_task()
        work = self._loop.create_task(make(), context=self._context.copy())
        raise_cancel: trio.lowlevel.RaiseCancelT | None = None

        def done(work: asyncio.Task[T]) -> None:
            if work.cancelled():
                error = asyncio.CancelledError()
                result: outcome.Outcome[Any] = outcome.capture(raise_cancel) if raise_cancel else outcome.Error(error)
            elif (failure := work.exception()) is not None:
                result = outcome.Error(failure)
            else:
                result = outcome.Value(work.result())
            trio.lowlevel.reschedule(task, result)

        def abort(cancel: trio.lowlevel.RaiseCancelT) -> trio.lowlevel.Abort:
            nonlocal raise_cancel
            raise_cancel = cancel
            work.cancel()
            return trio.lowlevel.Abort.FAILED

        work.add_done_callback(done)
        result: T = await trio.lowlevel.wait_task_rescheduled(abort)
        return result

    async def serve(self, run: Callable[[Stopped], Coroutine[Any, Any, None]]) -> None:
        """Run a host service; cancelling here makes its `stopped` return, and it ends in its own time."""
        stop = asyncio.Event()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_set_when_cancelled, stop)
            with trio.CancelScope(shield=True):
                await self.host(lambda: run(stop.wait))
            nursery.cancel_scope.cancel()

    async def guest(self, run: Callable[[], Awaitable[T]]) -> T:
        """Run an async function in trio and wait for it on the host loop."""
        future: asyncio.Future[T] = self._loop.create_future()

        async def carry() -> None:
            result = await outcome.acapture(run)
            if future.cancelled():
                return
            if isinstance(result, outcome.Error):
                future.set_exception(result.error)
            else:
                future.set_result(result.unwrap())

        trio.lowlevel.spawn_system_task(carry)
        return await future


async def run_guest(main: Callable[[], Awaitable[None]]) -> None:
    """Run trio as a guest of the running loop until `main` returns; raises what it raised."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[outcome.Outcome[None]] = loop.create_future()
    trio.lowlevel.start_guest_run(
        main,
        run_sync_soon_threadsafe=loop.call_soon_threadsafe,
        run_sync_soon_not_threadsafe=loop.call_soon,
        done_callback=ended.set_result,
        host_uses_signal_set_wakeup_fd=True,
    )
    (await ended).unwrap()


async def _set_when_cancelled(stop: asyncio.Event) -> None:
    try:
        await trio.sleep_forever()
    finally:
        stop.set()

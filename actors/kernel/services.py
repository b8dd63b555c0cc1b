"""Supervises service actors (listeners, forwarders, clocks): a trio task each, with the budget and words of sources.

A life lasts from a start to a stop: within it the service is run, and run again after each crash. A stop cancels the
life and waits for its end; a start begins another one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import trio

from actors.kernel.actor import ChildSpec, Intensity
from actors.kernel.clock import Now, monotonic
from actors.kernel.crashes import Crash, Record, describe
from actors.kernel.states import check
from actors.kernel.supervisor import guard
from protocols.vocabulary import ActorState


class EndedByItself(Exception):
    """A service returned though nobody stopped it; that is a crash like any other."""


@dataclass(slots=True)
class Life:
    """One life of a service: `serving` once it is ready, `ended` when nothing of it is left."""

    scope: trio.CancelScope = field(default_factory=trio.CancelScope)
    serving: trio.Event = field(default_factory=trio.Event)
    ended: trio.Event = field(default_factory=trio.Event)


@dataclass(slots=True)
class Service:
    """A running (or stopped) service; `changing` lets one start or stop be carried out at a time."""

    spec: ChildSpec
    nursery: trio.Nursery
    state: ActorState = ActorState.STARTING
    record: Record = field(default_factory=Record)
    life: Life = field(default_factory=Life)
    changing: trio.Lock = field(default_factory=trio.Lock)


class Services:
    """Starts services in the order given, stops them in reverse; restarts what crashes."""

    def __init__(
        self, now: Now, intensity: Intensity, moved: Callable[[Service], None], crashed: Callable[[Crash], None]
    ) -> None:
        self._now = now
        self._intensity = intensity
        self._moved = moved
        self._crashed = crashed
        self._services: dict[str, Service] = {}

    def __iter__(self) -> Iterator[Service]:
        return iter(list(self._services.values()))

    def get(self, service_id: str) -> Service | None:
        """Find a service, or None."""
        return self._services.get(service_id)

    async def start_all(self, specs: Sequence[ChildSpec], stopped: dict[str, str], nursery: trio.Nursery) -> None:
        """Start services one after the other, each when the one before serves; `stopped` names who stopped which."""
        for spec in specs:
            service = self._services[spec.id] = Service(spec, nursery)
            if by := stopped.get(spec.id):
                service.record.stopped_by = by
                self._move(service, ActorState.STOPPED)
                continue
            await self._start(service)

    async def stop_all(self) -> None:
        """Stop services in reverse order, each within its deadline."""
        for service in reversed(list(self)):
            async with service.changing:
                await self._stop(service)

    async def stop(self, service_id: str, by: str) -> float:
        """Stop a service until somebody starts it; returns took_ms."""
        service = self._services[service_id]
        started = monotonic()
        async with service.changing:
            service.record.stopped_by = by
            await self._stop(service)
        return (monotonic() - started) * 1000

    async def remove(self, service_id: str) -> None:
        """Stop a service that is no more; nobody can start it again."""
        service = self._services.get(service_id)
        if service is not None:
            async with service.changing:
                await self._stop(service)
            del self._services[service_id]

    async def restart(self, service_id: str, by: str) -> float:
        """Stop and start a service; returns took_ms once it serves again."""
        service = self._services[service_id]
        started = monotonic()
        async with service.changing:
            await self._stop(service)
            service.record.stopped_by = ""
            service.record.restarts.clear()
            await self._start(service)
        return (monotonic() - started) * 1000

    async def _start(self, service: Service) -> None:
        """Begin a life; returns when the service serves, or when its deadline for that is over."""
        life = service.life = Life()
        if service.state is not ActorState.STARTING:
            self._move(service, ActorState.STARTING)
        service.nursery.start_soon(self._live, service, life)
        with trio.move_on_after(service.spec.shutdown_s):
            await life.serving.wait()

    async def _stop(self, service: Service) -> None:
        """End the life; one that does not end in time is left to die alone."""
        if service.state is ActorState.STOPPED:
            return
        service.life.scope.cancel()
        with trio.move_on_after(service.spec.shutdown_s):
            await service.life.ended.wait()
        service.record.next_try_s = None
        self._move(service, ActorState.STOPPED)

    def _move(self, service: Service, state: ActorState) -> None:
        service.state = check(service.state, state)
        self._moved(service)

    async def _live(self, service: Service, life: Life) -> None:
        """Run a service, note its crash, wait, run it again, until the life is cancelled."""

        def ready() -> None:
            if not life.scope.cancel_called:
                self._move(service, ActorState.RUNNING)
                life.serving.set()

        with life.scope:
            while True:
                failure = await guard(service.spec.run, ready)
                delay_s = self._crash(service, life, failure or EndedByItself("returned though nobody stopped it"))
                service.record.next_try_s = self._now() + delay_s
                await trio.sleep(delay_s)
                service.record.next_try_s = None
                self._move(service, ActorState.STARTING)
        life.ended.set()

    def _crash(self, service: Service, life: Life, failure: Exception) -> float:
        """Note a crash; returns the delay before the next try. A crash on the way down changes no state."""
        crash = describe(service.spec.id, failure, self._now(), 0, "")
        service.record.crashes.append(crash)
        self._crashed(crash)
        if life.scope.cancel_called:
            return 0.0
        if service.record.over_budget(self._intensity, crash.at_s):
            self._move(service, ActorState.QUARANTINED)
            return self._intensity.retry_s
        self._move(service, ActorState.BACKING_OFF)
        return self._intensity.delay_s(len(service.record.restarts))

"""Supervises service actors (listeners, forwarders, clocks): a trio task each, with the budget and words of sources."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import trio

from actors.kernel.actor import ChildSpec, Intensity
from actors.kernel.clock import Now, monotonic
from actors.kernel.crashes import Crash, Record, describe
from actors.kernel.states import check
from actors.kernel.supervisor import guard
from protocols.vocabulary import ActorState

SHUTDOWN = "shutdown"


@dataclass(slots=True)
class Service:
    """A running (or stopped) service."""

    spec: ChildSpec
    state: ActorState = ActorState.STARTING
    record: Record = field(default_factory=Record)
    serving: trio.Event = field(default_factory=trio.Event)
    ended: trio.Event = field(default_factory=trio.Event)
    wanted: trio.Event = field(default_factory=trio.Event)


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
            service = self._services[spec.id] = Service(spec)
            if by := stopped.get(spec.id):
                service.record.stopped_by = by
                self._move(service, ActorState.STOPPED)
            nursery.start_soon(self._keep, service)
            if not by:
                with trio.move_on_after(spec.shutdown_s):
                    await service.serving.wait()

    async def stop_all(self) -> None:
        """Stop services in reverse order, each within its deadline."""
        for service in reversed(list(self._services.values())):
            service.record.stopped_by = service.record.stopped_by or SHUTDOWN
            await self._end(service)

    async def stop(self, service_id: str, by: str) -> float:
        """Stop a service until somebody starts it; returns took_ms."""
        service = self._services[service_id]
        started = monotonic()
        service.record.stopped_by = by
        await self._end(service)
        return (monotonic() - started) * 1000

    async def restart(self, service_id: str, by: str) -> float:
        """Stop and start a service; returns took_ms once it serves again."""
        service = self._services[service_id]
        started = monotonic()
        service.record.stopped_by = by
        await self._end(service)
        service.record.stopped_by = ""
        service.record.in_a_row = 0
        service.record.restarts.clear()
        service.serving = trio.Event()
        service.wanted.set()
        with trio.move_on_after(service.spec.shutdown_s):
            await service.serving.wait()
        return (monotonic() - started) * 1000

    async def _end(self, service: Service) -> None:
        if service.state is ActorState.STOPPED:
            return
        if service.record.life is not None:
            service.ended = trio.Event()
            service.record.life.cancel()
            with trio.move_on_after(service.spec.shutdown_s):
                await service.ended.wait()
        self._halt(service)

    def _halt(self, service: Service) -> None:
        if service.state is not ActorState.STOPPED:
            self._move(service, ActorState.STOPPED)

    def _move(self, service: Service, state: ActorState) -> None:
        service.state = check(service.state, state)
        self._moved(service)

    async def _keep(self, service: Service) -> None:
        """Run a service for ever: run it, note its crash, wait, run it again."""
        while True:
            if service.record.stopped_by:
                service.wanted = trio.Event()
                await service.wanted.wait()
            if service.state is not ActorState.STARTING:
                self._move(service, ActorState.STARTING)
            delay_s = await self._run_once(service)
            service.ended.set()
            if delay_s is None:
                self._halt(service)
                if not service.record.stopped_by:
                    return
                continue
            service.record.next_try_s = self._now() + delay_s
            with trio.CancelScope() as life:
                service.record.life = life
                await trio.sleep(delay_s)
            service.record.next_try_s = None
            if life.cancelled_caught:
                service.ended.set()

    async def _run_once(self, service: Service) -> float | None:
        """Run a service until it ends; returns the delay before the next try, None where it was stopped."""

        def ready() -> None:
            self._move(service, ActorState.RUNNING)
            service.serving.set()

        with trio.CancelScope() as life:
            service.record.life = life
            failure = await guard(service.spec.run, ready)
            if failure is None:
                return None
            crash = describe(service.spec.id, failure, self._now(), 0, "")
            service.record.crashes.append(crash)
            self._crashed(crash)
            if service.record.over_budget(self._intensity, crash.at_s):
                self._move(service, ActorState.QUARANTINED)
                return self._intensity.retry_s
            self._move(service, ActorState.BACKING_OFF)
            return self._intensity.delay_s(service.record.in_a_row)
        return None

"""The trio half of the running box: starts the kernel and the services, beats, looks, drains."""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
import trio

from actors.catching_up import CatchingUp
from actors.kernel.actor import ChildSpec
from actors.kernel.crossing import Host
from actors.kernel.dispatcher import Dispatcher
from actors.kernel.registry import Registry
from actors.kernel.services import Services
from actors.kernel.supervisor import Supervisor
from actors.kernel.timers import Timers
from actors.panel import Panel
from actors.snapshots import SnapshotClock

log = structlog.get_logger()

MAILBOXES_S = 10.0
SNAPSHOT_S = 90.0
"""For a million vehicles on a slow disk: what is not written is read from the journal at the next start."""
BEAT_S = 1.0
LOOK_S = 1.0
TURN_S = 0.25
"""Several signs of life in each look of the watch on the loop, so that none falls between two of them."""

HostCall = Callable[[], Coroutine[Any, Any, object]]
"""Something to be awaited on the host loop."""


class Guest:
    """What runs in trio."""

    def __init__(
        self,
        host: Host,
        supervisor: Supervisor,
        timers: Timers,
        dispatcher: Dispatcher,
        services: Services,
        registry: Registry,
        snapshots: SnapshotClock,
        panel: Panel,
        behind: CatchingUp,
    ) -> None:
        self._host = host
        self._supervisor = supervisor
        self._timers = timers
        self._dispatcher = dispatcher
        self._services = services
        self._registry = registry
        self._snapshots = snapshots
        self._panel = panel
        self._behind = behind

    async def live(
        self,
        specs: list[ChildSpec],
        stopped: dict[str, str],
        until: HostCall,
        turning: Callable[[], None],
        refresh: HostCall,
    ) -> None:
        """Start the kernel, then the services in dependency order; run until `until` returns; drain."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            nursery.start_soon(self._supervisor.run)
            nursery.start_soon(self._timers.run)
            nursery.start_soon(self._dispatcher.run)
            for actor in self._registry.awake():
                self._timers.arm(actor)
            await self._services.start_all(specs, stopped, nursery)
            nursery.start_soon(self._behind.run)
            nursery.start_soon(self._turn, turning)
            nursery.start_soon(self._beat)
            nursery.start_soon(self._look, refresh)
            await self._host(until)
            log.info("draining")
            await self._drain()
            nursery.cancel_scope.cancel()

    async def start_more(self, specs: list[ChildSpec]) -> None:
        """Start services that an import brought."""
        await self._services.start_all(specs, {}, self._nursery)

    async def stop_some(self, service_ids: list[str]) -> None:
        """Stop services for good that an import took away."""
        for service_id in service_ids:
            await self._services.remove(service_id)

    async def _turn(self, turning: Callable[[], None]) -> None:
        """Say that both loops turn: trio is a guest, so its turn is the host's too."""
        while True:
            await trio.sleep(TURN_S)
            turning()

    async def _beat(self) -> None:
        """Once a second: push what changed."""
        while True:
            await trio.sleep(BEAT_S)
            self._panel.tick()

    async def _look(self, refresh: HostCall) -> None:
        """Once a second: see whether the inventory changed. A store that is slow to answer holds up nothing else."""
        while True:
            await trio.sleep(LOOK_S)
            await self._host(refresh)

    async def _drain(self) -> None:
        """No new input, empty mailboxes, snapshot; each step has its deadline."""
        await self._services.stop_all()
        with trio.move_on_after(MAILBOXES_S):
            while not self._dispatcher.idle:
                await trio.sleep(0.005)
        with trio.move_on_after(SNAPSHOT_S):
            await self._snapshots.save_all()

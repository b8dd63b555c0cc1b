"""What an operator's click does: restart, stop, start, for sources and services alike; a stop outlives the process."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from actors.board import Outcome
from actors.kernel.clock import Now, monotonic
from actors.kernel.registry import Registry
from actors.kernel.services import Services
from actors.kernel.supervisor import Supervisor
from storage.writer import Unit, Writer

log = structlog.get_logger()

STOP = (
    "INSERT INTO actors (id, seq, judged, stopped_by, stopped_ms) VALUES (?, 0, 0, ?, ?) "
    "ON CONFLICT (id) DO UPDATE SET stopped_by = excluded.stopped_by, stopped_ms = excluded.stopped_ms"
)
START = "UPDATE actors SET stopped_by = '', stopped_ms = NULL WHERE id = ?"


class ActorControls:
    """The write face of the console (actors/board.py: Controls); called on the host loop, carried out in trio."""

    def __init__(
        self,
        now: Now,
        guest: Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]],
        registry: Registry,
        supervisor: Supervisor,
        services: Services,
        writer: Writer,
    ) -> None:
        self._now = now
        self._guest = guest
        self._registry = registry
        self._supervisor = supervisor
        self._services = services
        self._writer = writer

    async def restart(self, actor_id: str, by: str) -> Outcome:
        """Restart an actor; raises KeyError for an unknown id."""
        actor = self._registry.get(actor_id)
        if actor is not None:
            took_ms, reread = await self._guest(lambda: self._supervisor.restart(actor, by))
            outcome = Outcome(took_ms, actor.state, reread)
        else:
            service = self._service(actor_id)
            took_ms = await self._guest(lambda: self._services.restart(actor_id, by))
            outcome = Outcome(took_ms, service.state, 0)
        await self._writer.store(Unit(updates=[(START, (actor_id,))]))
        log.info("actor_restarted", actor=actor_id, by=by, took_ms=round(outcome.took_ms, 1), reread=outcome.reread)
        return outcome

    async def start(self, actor_id: str, by: str) -> Outcome:
        """Start an actor that was stopped; what waited in the journal is read."""
        return await self.restart(actor_id, by)

    async def stop(self, actor_id: str, by: str) -> Outcome:
        """Stop an actor until somebody starts it; its mail waits in the journal."""
        actor = self._registry.get(actor_id)
        started = monotonic()
        if actor is not None:
            self._supervisor.stop(actor, by)
            state = actor.state
        else:
            service = self._service(actor_id)
            await self._guest(lambda: self._services.stop(actor_id, by))
            state = service.state
        await self._writer.store(Unit(updates=[(STOP, (actor_id, by, int(self._now() * 1000)))]))
        log.info("actor_stopped", actor=actor_id, by=by)
        return Outcome((monotonic() - started) * 1000, state, 0)

    def _service(self, actor_id: str) -> Any:
        service = self._services.get(actor_id)
        if service is None:
            raise KeyError(actor_id)
        return service

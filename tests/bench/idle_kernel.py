"""A kernel with actors that decide nothing, so that what is left to measure is the kernel."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from typing_extensions import override

from actors.kernel.actor import Intensity, Message, SourceActor
from actors.kernel.clock import system_now
from actors.kernel.crashes import Crash
from actors.kernel.dispatcher import Dispatcher
from actors.kernel.supervisor import Supervisor
from protocols.vocabulary import ActorState


class IdleActor(SourceActor):
    """Receives, and that is all."""

    __slots__ = ()

    @override
    def receive(self, message: Message) -> Sequence[None]:
        return ()


class NoPast:
    """A journal in which nothing stands."""

    async def snapshot(self, actor: SourceActor) -> tuple[int, bytes | None]:
        raise AssertionError(f"{actor.id} crashed")

    async def replay(self, actor: SourceActor, after_seq: int) -> AsyncGenerator[Sequence[Message], None]:
        raise AssertionError(f"{actor.id} crashed after {after_seq}")
        yield ()


class NobodyTold:
    """Nothing happens, so nobody hears of it."""

    def moved(self, actor: SourceActor, was: ActorState) -> None: ...

    def crashed(self, crash: Crash) -> None: ...

    def set_aside(self, actor: SourceActor, message: Message, crash: Crash) -> None: ...

    def unreadable(self, actor: SourceActor) -> None: ...

    def replayed(self, actor: SourceActor, effects: Sequence[Any], seq: int) -> None: ...

    def left(self, actor: SourceActor, judged: int) -> None: ...

    def back(self, actor: SourceActor, judged: int) -> None: ...

    def resumed(self, actor: SourceActor) -> None: ...

    def armed(self, actor: SourceActor) -> None: ...


def idle_dispatcher() -> Dispatcher:
    """A dispatcher whose rounds commit nothing."""
    return Dispatcher(Supervisor(system_now, NoPast(), NobodyTold(), Intensity()), lambda results: None)


def idle_actors(count: int) -> list[IdleActor]:
    """Actors that run."""
    actors = [IdleActor(f"idle:{number}") for number in range(count)]
    for actor in actors:
        actor.state = ActorState.RUNNING
    return actors

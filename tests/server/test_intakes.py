"""A listener as a service: it takes its port again, tells it, and closes gently when it is stopped."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
import trio
import trio.testing

from server.intakes import DRAIN_S, Intake, amqp_options, ftp_options, sftp_options
from tests.server.living_box import settings_for

T = TypeVar("T")


class Door:
    """A listener that lives in trio itself; port 0 becomes 4711."""

    def __init__(self, port: int) -> None:
        self.port = port or 4711
        self.life = ["made"]

    async def start(self) -> int:
        self.life.append("open")
        return self.port

    async def close(self, drain_s: float) -> None:
        await trio.sleep(drain_s)
        self.life.append(f"closed after {drain_s:g}")

    def statistics(self) -> dict[str, int]:
        return {"sessions": 2}


async def here(make: Callable[[], Coroutine[Any, Any, T]], /) -> T:
    """A host for a listener that lives in trio itself."""
    return await make()


class Porch:
    """An intake, its doors so far, and the ports it told."""

    def __init__(self) -> None:
        self.doors: list[Door] = []
        self.told: list[tuple[str, int]] = []
        self.intake = Intake("ftp", self._make, here, lambda name, port: self.told.append((name, port)))

    def _make(self, port: int) -> Door:
        self.doors.append(Door(port))
        return self.doors[-1]

    async def live(self, seconds: float) -> None:
        """Run the intake and stop it."""
        async with trio.open_nursery() as nursery:
            ready = trio.Event()
            nursery.start_soon(self.intake.run, ready.set)
            await ready.wait()
            await trio.sleep(seconds)
            nursery.cancel_scope.cancel()


@pytest.mark.trio
async def test_a_stopped_intake_lets_what_is_under_way_end(autojump_clock: trio.testing.MockClock) -> None:
    porch = Porch()
    await porch.live(1)
    assert porch.doors[0].life == ["made", "open", f"closed after {DRAIN_S:g}"]
    assert trio.current_time() >= 1 + DRAIN_S
    assert porch.intake.listener is None


@pytest.mark.trio
async def test_a_restarted_intake_takes_its_port_again(autojump_clock: trio.testing.MockClock) -> None:
    porch = Porch()
    await porch.live(1)
    await porch.live(1)
    assert porch.told == [("ftp", 4711), ("ftp", 4711)]


@pytest.mark.trio
async def test_an_intake_that_cannot_tell_its_port_gives_it_back(autojump_clock: trio.testing.MockClock) -> None:
    door = Door(0)

    def opened(name: str, port: int) -> None:
        raise OSError("no room for ports.json")

    with pytest.raises(OSError, match="no room"):
        await Intake("ftp", lambda port: door, here, opened).run(lambda: None)
    assert door.life == ["made", "open", f"closed after {DRAIN_S:g}"]


@pytest.mark.trio
async def test_statistics_are_those_of_the_listener_while_there_is_one(autojump_clock: trio.testing.MockClock) -> None:
    porch = Porch()
    assert porch.intake.statistics() == {"port": 0}
    async with trio.open_nursery() as nursery:
        ready = trio.Event()
        nursery.start_soon(porch.intake.run, ready.set)
        await ready.wait()
        assert porch.intake.statistics() == {"port": 4711, "sessions": 2}
        nursery.cancel_scope.cancel()


def test_options_take_the_port_in_use_before_that_of_the_settings(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    for options in (ftp_options, sftp_options, amqp_options):
        assert options(settings, 4711).port == 4711
        assert options(settings, 0).port == 0
        assert options(settings, 0).host == "127.0.0.1"

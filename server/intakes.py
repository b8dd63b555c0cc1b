"""The listeners as services: each is started and stopped over the bridge, and told when the store is in trouble."""

from collections.abc import Callable
from typing import Any, Protocol

import trio

from actors.kernel.actor import ChildSpec
from actors.kernel.crossing import Host
from conf.settings import Settings
from protocols.amqp.listener import AmqpListener, AmqpOptions
from protocols.ftp.listener import FtpOptions
from protocols.sftp.listener import SftpOptions

DRAIN_S = 5.0
HIGH_WATER_ROWS = 60_000
LOW_WATER_ROWS = 20_000


class Listener(Protocol):
    """What FTP, SFTP and AMQP listeners have in common."""

    async def start(self) -> int: ...

    async def close(self, drain_s: float) -> None: ...

    def statistics(self) -> Any: ...


class Intake:
    """One listener as a service; `port` is the one in use, so that a restart takes it again."""

    def __init__(
        self, name: str, make: Callable[[int], Listener], host: Host, opened: Callable[[str, int], None]
    ) -> None:
        self.name = name
        self.listener: Listener | None = None
        self.port = 0
        self._make = make
        self._host = host
        self._opened = opened

    async def run(self, ready: Callable[[], None]) -> None:
        """Listen until cancelled; then let what is under way end."""
        listener = self._make(self.port)
        self.port = await self._host(listener.start)
        try:
            self.listener = listener
            self._opened(self.name, self.port)
            ready()
            await trio.sleep_forever()
        finally:
            self.listener = None
            with trio.move_on_after(DRAIN_S + 3, shield=True):
                await self._host(lambda: listener.close(DRAIN_S))

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        listener = self.listener
        return {"port": self.port, **(listener.statistics() if listener is not None else {})}

    def spec(self) -> ChildSpec:
        """The child spec."""
        return ChildSpec(f"intake:{self.name}", self.name.upper(), self.run, self.statistics, shutdown_s=DRAIN_S + 5)


class Intakes:
    """All listeners, and what they are told together."""

    def __init__(self, intakes: list[Intake]) -> None:
        self._intakes = intakes

    def specs(self) -> list[ChildSpec]:
        """Their child specs, in the order of the start."""
        return [intake.spec() for intake in self._intakes]

    def pressed(self, waiting_rows: int) -> None:
        """So much waits for the disk: let publishers wait, too, or let them go on."""
        for listener in self._publishers():
            if waiting_rows > HIGH_WATER_ROWS:
                listener.pause()
            elif listener.paused and waiting_rows < LOW_WATER_ROWS:
                listener.resume()

    def block(self, reason: str) -> None:
        """The store is in trouble: publishers are told."""
        for listener in self._publishers():
            if not listener.blocked:
                listener.block(reason)

    def unblock(self) -> None:
        """The store is well again."""
        for listener in self._publishers():
            listener.unblock()

    def _publishers(self) -> list[AmqpListener]:
        return [intake.listener for intake in self._intakes if isinstance(intake.listener, AmqpListener)]

    def deaf(self) -> list[str]:
        """Intakes that do not listen."""
        return [f"{intake.name} does not listen" for intake in self._intakes if intake.listener is None]


def ftp_options(settings: Settings, port: int) -> FtpOptions:
    """Options of the FTP listener."""
    ftp = settings.ftp
    return FtpOptions(
        host=ftp.bind.host,
        port=port or ftp.bind.port,
        passive_ports=(ftp.passive_ports.first, ftp.passive_ports.last),
        public_address=ftp.public_address,
        tls_certificate=ftp.tls_certificate,
        tls_key=ftp.tls_key,
        require_tls=ftp.require_tls,
    )


def sftp_options(settings: Settings, port: int) -> SftpOptions:
    """Options of the SFTP listener; its host key is made in the data folder."""
    bind = settings.sftp.bind
    return SftpOptions(bind.host, port or bind.port, settings.server.data_dir / "sftp_host_key")


def amqp_options(settings: Settings, port: int) -> AmqpOptions:
    """Options of the AMQP listener."""
    amqp = settings.amqp
    return AmqpOptions(
        host=amqp.bind.host,
        port=port or amqp.bind.port,
        tls_certificate=amqp.tls_certificate,
        tls_key=amqp.tls_key,
    )

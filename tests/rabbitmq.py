"""A real RabbitMQ of our own: free loopback ports, its own epmd, all files in a temporary folder; one per session."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from tests import broom

_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_START_S = 60


@dataclass(frozen=True, slots=True)
class Broker:
    """A running broker; the default user may do everything."""

    port: int
    environment: dict[str, str]
    host: str = "127.0.0.1"
    username: str = "guest"
    password: str = "guest"

    @property
    def url(self) -> str:
        """Its AMQP URL."""
        return f"amqp://{self.username}:{self.password}@{self.host}:{self.port}"

    def ctl(self, *words: str) -> str:
        """Run rabbitmqctl (a second or two)."""
        program = _SERVER.with_name("rabbitmqctl")
        return subprocess.run(
            [program, *words], env=self.environment, check=True, capture_output=True, text=True, timeout=60
        ).stdout


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def missing(what: str) -> NoReturn:
    """Fail on CI, skip elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Start a broker, and stop it at the end of the session."""
    if not installed():
        missing("rabbitmq-server")
    with running_broker(tmp_path_factory.mktemp("rabbitmq")) as broker:
        yield broker


def installed() -> bool:
    """Whether this machine has a broker."""
    return _SERVER.exists() and shutil.which("epmd") is not None


@contextmanager
def running_broker(home: Path, plugins: str = "") -> Iterator[Broker]:
    """Run a broker with all its files in `home`."""
    epmd = shutil.which("epmd") or "epmd"
    port, names_port, nodes_port = _free_ports(3)
    (home / "rabbitmq.conf").write_text(f"listeners.tcp.default = 127.0.0.1:{port}\ndisk_free_limit.absolute = 1MB\n")
    (home / "enabled_plugins").write_text(f"[{plugins}].\n")
    (home / "env.conf").write_text("")
    environment = {
        **broom.mark(),
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "ERL_EPMD_PORT": str(names_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"test{port}@localhost",
        "RABBITMQ_DIST_PORT": str(nodes_port),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq"),
        "RABBITMQ_CONF_ENV_FILE": str(home / "env.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }
    with (home / "console.txt").open("wb") as console:
        names = subprocess.Popen([epmd], env=environment, stdout=console, stderr=console)
        server = subprocess.Popen(
            [_SERVER], env=environment, stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True
        )
    try:
        _await_greeting(port, server, home)
        yield Broker(port, environment)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        names.terminate()
        names.wait()


def _await_greeting(port: int, server: "subprocess.Popen[bytes]", home: Path) -> None:
    """Wait until the broker answers a protocol header."""
    deadline = time.monotonic() + _START_S
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as probe:
                probe.sendall(b"AMQP\x00\x00\x09\x01")
                if probe.recv(7):
                    return
        except OSError:
            if time.monotonic() > deadline or server.poll() is not None:
                pytest.fail((home / "console.txt").read_text(errors="replace")[-3000:])
            time.sleep(0.1)

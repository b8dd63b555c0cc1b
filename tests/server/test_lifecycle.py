"""Signals in, ports out, and the watch on the loop."""

import asyncio
import os
import signal
import socket
import threading
from pathlib import Path

import orjson
import pytest
import structlog

from server import lifecycle
from server.lifecycle import LoopWatch, Ports, on_signals

AWAIT_S = 10


@pytest.mark.asyncio
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_asks_for_the_stop(number: signal.Signals) -> None:
    stop = asyncio.Event()
    on_signals(stop.set)
    os.kill(os.getpid(), number)
    await asyncio.wait_for(stop.wait(), AWAIT_S)


def test_ports_are_written_as_they_open_and_taken_away(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    ports.opened("ftp", 2121)
    ports.opened("web", 8080)
    assert orjson.loads((tmp_path / "ports.json").read_bytes()) == {"ftp": 2121, "web": 8080, "pid": os.getpid()}
    ports.closed()
    ports.closed()
    assert list(tmp_path.iterdir()) == []


def test_a_loop_that_stands_still_is_logged_once_with_its_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "BLOCKED_S", 0.02)
    with structlog.testing.capture_logs() as logs:
        watch = LoopWatch()
        watch.beat()
        watch.start()
        blocked_here(logs)
        watch.stop()
    (line,) = [line for line in logs if line["event"] == "loop_blocked"]
    assert "blocked_here" in line["stack"]


def blocked_here(logs: list[structlog.typing.EventDict]) -> None:
    """Hold the thread until the watch has told, and a little longer."""
    nobody = socket.socketpair()
    nobody[0].settimeout(0.01)
    for _ in range(int(AWAIT_S / 0.01)):
        with pytest.raises(TimeoutError):
            nobody[0].recv(1)
        if sum(line["event"] == "loop_blocked" for line in logs) and _ > 10:
            break
    for end in nobody:
        end.close()


def test_memory_is_given_back_from_time_to_time(monkeypatch: pytest.MonkeyPatch) -> None:
    given = threading.Event()
    monkeypatch.setattr(lifecycle, "BLOCKED_S", 0.01)
    monkeypatch.setattr(lifecycle, "RELIEF_S", 0.03)
    monkeypatch.setattr(lifecycle, "give_back", given.set)
    watch = LoopWatch()
    watch.start()
    assert given.wait(AWAIT_S)
    watch.stop()


def test_systemd_is_told_when_it_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(AWAIT_S)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setattr(lifecycle, "BLOCKED_S", 0.02)
        watch = LoopWatch()
        watch.start()
        watch.beat()
        told = [systemd.recv(100), systemd.recv(100)]
        watch.stop()
        assert told == [b"READY=1", b"WATCHDOG=1"]

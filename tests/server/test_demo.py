"""The demo as a newcomer meets it: within seconds every kind of source is heard, and what is due arrives."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_S = 40.0
CONFIGURATION = """
[server]
data_dir = "var"
[web]
bind = "127.0.0.1:0"
[ftp]
bind = "127.0.0.1:0"
passive_ports = [0, 0]
[sftp]
bind = "127.0.0.1:0"
[amqp]
bind = "127.0.0.1:0"
"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "trambox.toml").write_text(CONFIGURATION)
    command = [sys.executable, "-m", "server", "demo", "--stations", "6", "--vehicles", "20", "--speed", "100"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--config", str(tmp_path / "trambox.toml")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        yield process
        process.kill()
        process.communicate()


def ask(tmp_path: Path, verb: str) -> str:
    """Ask the running demo over the command line."""
    environ = {**os.environ, "TRAMBOX_SERVER_DATA_DIR": str(tmp_path / "var" / "demo")}
    command = [sys.executable, "-m", "server", verb, "--config", str(tmp_path / "trambox.toml")]
    return subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=30, check=False
    ).stdout


def kept(database: Path) -> list[tuple[str, str]]:
    """The registrations, once one has come."""
    end_s = time.monotonic() + PATIENCE_S
    rows: list[tuple[str, str]] = []
    while not rows and time.monotonic() < end_s:
        with contextlib.closing(sqlite3.connect(database)) as connection:
            rows = connection.execute("SELECT code, state FROM registrations").fetchall()
        time.sleep(0.1)
    return rows


def test_a_demo_lives_within_seconds_delivers_and_stops_gently(demo: subprocess.Popen[str], tmp_path: Path) -> None:
    end_s = time.monotonic() + PATIENCE_S
    audit: dict[str, Any] = {}
    while time.monotonic() < end_s:
        text = ask(tmp_path, "audit") if (tmp_path / "var" / "demo" / "ports.json").exists() else ""
        audit = json.loads(text) if text else {}
        if audit and audit["files"]["stored"] > 5 and audit["destinations"]["csgt"]["forwarded"] > 50:
            break
    assert audit["balanced"], (tmp_path / "log").read_text()
    assert audit["files"]["stored"] > 5
    assert audit["destinations"]["csgt"]["forwarded"] > 50
    assert "fresh" in ask(tmp_path, "status")
    assert kept(tmp_path / "var" / "demo" / "trambox.db") == [("33_hochuaSongLuoc", "pending")]
    demo.send_signal(signal.SIGTERM)
    assert demo.wait(timeout=30) == 0, (tmp_path / "log").read_text()

"""Sweeps up behind a test run, however it ends: servers and browsers that it started, and their folders.

A run that is killed cannot stop anything itself, and what has become a daemon or has changed its user hears of no
parent's death. So each run marks its environment, which whatever it starts inherits, and a process of its own waits
for the end of the run: it holds the other end of a pipe, looks for the mark, and kills who still bears it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

NAME = "RUN_OF_TESTS"
MARK_PREFIX = "trambox-tests-"
SWEEPS, PAUSE_S = 10, 0.05
"""One sweep may meet a process that has just been started by another."""


def mark() -> dict[str, str]:
    """What an environment that is not inherited whole has to hold."""
    return {NAME: os.environ[NAME]} if NAME in os.environ else {}


def folder_of_run() -> Path:
    """A folder for what must lie outside pytest's own, which other users may not enter; gone after the run."""
    folder = Path(tempfile.gettempdir()) / os.environ[NAME]
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    return folder


def stand_by() -> "subprocess.Popen[bytes] | None":
    """Mark this run and let somebody wait for its end; None where the run that started this one has done so."""
    if NAME in os.environ:
        return None
    named = f"{MARK_PREFIX}{uuid4().hex}"
    waiting = subprocess.Popen(
        [sys.executable, "-S", "-E", __file__, named], stdin=subprocess.PIPE, start_new_session=True, cwd="/"
    )
    os.environ[NAME] = named
    return waiting


def bearers(named: str) -> list[int]:
    """The processes that bear a mark; those of others cannot be read and are none."""
    line, found = f"{NAME}={named}".encode(), []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if line in (place / "environ").read_bytes().split(b"\0"):
                found.append(int(place.name))
        except OSError:
            continue
    return found


def sweep(named: str) -> None:
    """Kill who bears the mark, and take the folder away."""
    for _ in range(SWEEPS):
        left = bearers(named)
        if not left:
            break
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        time.sleep(PAUSE_S)
    shutil.rmtree(Path(tempfile.gettempdir()) / named, ignore_errors=True)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    sweep(sys.argv[1])

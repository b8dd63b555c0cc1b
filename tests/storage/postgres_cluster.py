"""A PostgreSQL server of a test's own: new data folder, free port, a password, gone afterwards.

PostgreSQL does not run as root, so root lends the work to the user `postgres`.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import broom

PASSWORD = "p%ss:w@rd"
ESCAPED = "p%25ss%3Aw%40rd"


def binaries() -> Path | None:
    """The newest installed server's programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Cluster:
    """A server on one port, which can be stopped (at once, as a power cut does) and started again."""

    def __init__(self, folder: Path, control: list[str], port: int) -> None:
        self.url = f"postgres://trambox:{ESCAPED}@127.0.0.1:{port}/postgres"
        self._folder = folder
        self._control = control
        self._server = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
        self._runs = False

    def start(self) -> None:
        """Start it and wait until it answers."""
        _run([*self._control, "-o", self._server, "start"], self._folder)
        self._runs = True

    def stop(self) -> None:
        """Stop it without a goodbye to anybody."""
        if self._runs:
            self._runs = False
            _run([*self._control, "-m", "immediate", "stop"], self._folder)


@contextmanager
def running_cluster(programs: Path) -> Iterator[Cluster]:
    """Run a server; its URL is that of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=broom.folder_of_run()))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    try:
        if as_user:
            shutil.chown(folder, "postgres")
        (word := folder / "word").write_text(PASSWORD + "\n")
        word.chmod(0o644)
        data, port = folder / "data", _free_port()
        options = ["--username=trambox", "--auth=scram-sha-256", f"--pwfile={word}", "--no-sync", "--encoding=UTF8"]
        _run([*as_user, str(programs / "initdb"), "-D", str(data), *options], folder)
        control = [*as_user, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
        cluster = Cluster(folder, control, port)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)

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

PASSWORD = "p%ss:w@rd"
ESCAPED = "p%25ss%3Aw%40rd"


def binaries() -> Path | None:
    """The newest installed server's programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def postgres_cluster(programs: Path) -> Iterator[str]:
    """Run a server; gives the URL of an empty database, to which `/name` has to be changed for another one."""
    folder = Path(tempfile.mkdtemp(prefix="trambox-postgres-"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    try:
        if as_user:
            shutil.chown(folder, "postgres")
        (word := folder / "word").write_text(PASSWORD + "\n")
        word.chmod(0o644)
        data, port = folder / "data", _free_port()
        options = ["--username=trambox", "--auth=scram-sha-256", f"--pwfile={word}", "--no-sync", "--encoding=UTF8"]
        _run([*as_user, str(programs / "initdb"), "-D", str(data), *options], folder)
        server = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
        control = [*as_user, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
        _run([*control, "-o", server, "start"], folder)
        try:
            yield f"postgres://trambox:{ESCAPED}@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)

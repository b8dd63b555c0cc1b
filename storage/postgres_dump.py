"""PostgreSQL's own client programs for backup and restore; the password goes by the environment, not by arguments."""

import os
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit


class DumpError(Exception):
    """`pg_dump` or `pg_restore` is missing or failed; the text is its own."""


def dump(url: str, target: Path) -> None:
    """Write a consistent picture in the custom format."""
    _run(url, ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def verify(target: Path) -> None:
    """Read the dump's list of contents."""
    _run("", ["pg_restore", "--list", str(target)])


def restore(url: str, source: Path) -> None:
    """Fill an empty database, all or nothing."""
    database = _names(url)["PGDATABASE"]
    arguments = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={database}"]
    _run(url, ["pg_restore", *arguments, str(source)])


def _names(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    names = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.strip("/")),
    }
    return {name: value for name, value in names.items() if value}


def _run(url: str, command: list[str]) -> None:
    environment = os.environ | (_names(url) if url else {})
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise DumpError(f"{command[0]} is not installed; install postgresql-client") from error
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or [f"exit {error.returncode}"]
        raise DumpError(next((line for line in lines if "error:" in line), lines[-1])) from error

"""First things at start: the data folder for us alone, the first administrator, the sessions' key, the engine."""

import fcntl
import os
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from conf.settings import Settings
from protocols.vocabulary import Role
from server.refusal import Refusal
from storage.database import Database, sqlite_path
from storage.models import UserRow
from storage.postgres_engine import PostgresEngine
from storage.sqlite_engine import SqliteEngine
from storage.users import Users
from storage.writer import Engine

FIRST_ADMIN = "admin"
KEY_BYTES = 32


def make_engine(settings: Settings) -> Engine:
    """The engine for the storage URL."""
    url = settings.storage.url
    path = sqlite_path(url)
    return PostgresEngine(url) if path is None else SqliteEngine(path, settings.storage.reserve_mb << 20)


async def ensure_admin(database: Database, users: Users, show: Callable[[str], None]) -> None:
    """Create the first administrator where there is nobody.

    The password is shown before the administrator is kept: whoever is killed in between makes and shows another one
    next time; the other way round nobody would ever know it.
    """
    if await UserRow.all().exists():
        return
    password = secrets.token_urlsafe(12)
    async with database.writing():
        await users.create_user(FIRST_ADMIN, password, Role.ADMIN)
        show(password)


def session_key(data_dir: Path) -> bytes:
    """The key that signs sessions, made at the first start and kept for its owner alone."""
    path = data_dir / "session.key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()


@contextmanager
def hold_folder(data_dir: Path) -> Generator[None, None, None]:
    """Keep the data folder for this process alone: two that number the same journal would spoil it."""
    with (data_dir / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refusal(
                f"another server works on {data_dir}", "stop it first, or name another data_dir", code=2
            ) from error
        yield

"""Opens for a verb what it works on: the database with its tables up to date, the people of the console."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from actors.kernel.clock import system_now
from conf.coherence import without_password
from conf.settings import Settings
from server.refusal import Refusal
from storage.database import Database, sqlite_path
from storage.errors import UNREACHABLE
from storage.password_check import PasswordCheck
from storage.users import Users


@asynccontextmanager
async def opened(settings: Settings, *, create: bool = False) -> AsyncGenerator[Database, None]:
    """The database of the settings; without `create` a SQLite file must be there already."""
    url = settings.storage.url
    file = sqlite_path(url)
    if file is not None and not create and not file.is_file():
        raise Refusal(
            f"no database at {file}", "run `trambox serve` or `trambox import` first, or check --config", code=2
        )
    try:
        database = await Database.open(url)
        await database.migrate()
    except UNREACHABLE as error:
        raise Refusal(
            f"storage.url {without_password(url)} cannot be opened: {error}", "check storage.url", code=2
        ) from error
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def console_users() -> AsyncGenerator[Users, None]:
    """The people of the console, with hashing threads that end afterwards."""
    check = PasswordCheck()
    try:
        yield Users(system_now, check)
    finally:
        check.close()

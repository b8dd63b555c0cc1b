"""First things at the start: one administrator, one key, one process per data folder, the engine of the URL."""

import stat
from pathlib import Path

import pytest

from protocols.vocabulary import Role
from server.opening import FIRST_ADMIN, ensure_admin, hold_folder, make_engine, session_key
from server.refusal import Refusal
from storage.models import UserRow
from storage.password_check import PasswordCheck
from storage.postgres_engine import PostgresEngine
from storage.sqlite_engine import SqliteEngine
from storage.users import Users
from tests.server.living_box import settings_for
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_the_first_administrator_gets_a_password_that_opens(store_url: str) -> None:
    check = PasswordCheck()
    async with opened(store_url) as (database, _):
        users, shown = Users(lambda: 1.0, check), list[str]()
        await ensure_admin(database, users, shown.append)
        (password,) = shown
        user = await users.verify_user(FIRST_ADMIN, password)
        assert user is not None
        assert user.role == Role.ADMIN
        await ensure_admin(database, users, shown.append)
        assert shown == [password]
    check.close()


@pytest.mark.asyncio
async def test_an_administrator_whose_password_could_not_be_shown_is_not_kept(store_url: str) -> None:
    def broken(_: str) -> None:
        raise BrokenPipeError

    check = PasswordCheck()
    async with opened(store_url) as (database, _):
        users, shown = Users(lambda: 1.0, check), list[str]()
        with pytest.raises(BrokenPipeError):
            await ensure_admin(database, users, broken)
        assert not await UserRow.all().exists()
        await ensure_admin(database, users, shown.append)
        assert await users.verify_user(FIRST_ADMIN, *shown) is not None
    check.close()


@pytest.mark.asyncio
async def test_where_people_are_known_nobody_is_made(store_url: str) -> None:
    check = PasswordCheck()
    async with opened(store_url) as (database, _):
        async with database.writing():
            await UserRow.create(name="an", role="viewer", password_hash="x", created_ms=0)
        shown: list[str] = []
        await ensure_admin(database, Users(lambda: 1.0, check), shown.append)
        assert shown == []
    check.close()


def test_the_key_of_sessions_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    key = session_key(tmp_path)
    assert len(key) == 32
    assert session_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "session.key").stat().st_mode) == 0o600


def test_a_data_folder_is_held_by_one_and_free_afterwards(tmp_path: Path) -> None:
    with hold_folder(tmp_path), pytest.raises(Refusal), hold_folder(tmp_path):
        pass
    with hold_folder(tmp_path):
        pass


def test_the_url_chooses_the_engine(tmp_path: Path) -> None:
    assert isinstance(make_engine(settings_for(tmp_path)), SqliteEngine)
    assert isinstance(make_engine(settings_for(tmp_path, "postgres://u:p@127.0.0.1/x")), PostgresEngine)

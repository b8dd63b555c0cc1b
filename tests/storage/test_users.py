"""People at the console: passwords and tokens."""

import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from protocols.vocabulary import Role
from storage.models import TokenRow, UserRow
from storage.password_check import PasswordCheck
from storage.users import Users, WeakPassword
from tests.storage.blank import open_blank

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def people(folder: Path) -> AsyncGenerator[Users]:
    """A database with one operator."""
    database = await open_blank(folder)
    check = PasswordCheck()
    try:
        users = Users(lambda: 1_770_000_000.0, check)
        await users.create_user("lan", "hoa sen", Role.OPERATOR)
        yield users
    finally:
        check.close()
        await database.close()


async def test_the_right_password_gives_the_person(tmp_path: Path) -> None:
    async with people(tmp_path) as users:
        user = await users.verify_user("lan", "hoa sen")
        assert user is not None
        assert (user.name, user.role) == ("lan", "operator")


async def test_a_wrong_password_or_name_gives_nobody(tmp_path: Path) -> None:
    async with people(tmp_path) as users:
        assert await users.verify_user("lan", "hoa mai") is None
        assert await users.verify_user("minh", "hoa sen") is None


async def test_the_password_is_kept_as_an_argon2id_hash(tmp_path: Path) -> None:
    async with people(tmp_path):
        assert (await UserRow.get(name="lan")).password_hash.startswith("$argon2id$")


async def test_a_guessing_address_is_throttled_and_others_are_not(tmp_path: Path) -> None:
    async with people(tmp_path) as users:
        for number in range(10):
            await users.verify_user("lan", f"guess {number}", "198.51.100.9")
        assert await users.verify_user("lan", "hoa sen", "198.51.100.9") is None
        assert await users.verify_user("lan", "hoa sen", "203.0.113.7") is not None


async def test_a_token_speaks_for_its_person(tmp_path: Path) -> None:
    async with people(tmp_path) as users:
        token = await users.make_token(await UserRow.get(name="lan"), "script")
        user = await users.user_of_token(token)
        assert user is not None
        assert user.name == "lan"
        assert await users.user_of_token(token + "x") is None


async def test_only_the_digest_of_a_token_is_kept(tmp_path: Path) -> None:
    async with people(tmp_path) as users:
        token = await users.make_token(await UserRow.get(name="lan"))
        (row,) = await TokenRow.all()
        assert row.digest == hashlib.sha256(token.encode()).hexdigest()


async def test_a_new_password_ends_the_old_one_and_its_tokens(tmp_path: Path) -> None:
    async with people(tmp_path) as users:
        token = await users.make_token(await UserRow.get(name="lan"))
        assert await users.set_password("lan", "hoa mai")
        assert await users.verify_user("lan", "hoa sen") is None
        assert await users.verify_user("lan", "hoa mai") is not None
        assert await users.user_of_token(token) is None


async def test_nobody_has_an_empty_password(tmp_path: Path) -> None:
    async with people(tmp_path) as users:
        with pytest.raises(WeakPassword):
            await users.create_user("minh", "", Role.VIEWER)
        with pytest.raises(WeakPassword):
            await users.set_password("lan", "")


async def test_the_password_of_nobody_cannot_be_changed(tmp_path: Path) -> None:
    async with people(tmp_path) as users:
        assert not await users.set_password("minh", "hoa mai")

"""Who is let in, with real argon2 and a real SQLite: passwords, keys, allow-lists, and floods of guesses."""

import asyncio
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from protocols.vocabulary import Protocol as Wire
from storage.accounts import Accounts, AccountsOptions
from storage.models import AccountRow, ProviderRow
from storage.password_check import PasswordCheck
from storage.passwords import hash_password
from tests.storage.blank import open_blank

pytestmark = pytest.mark.asyncio

HOME = "203.0.113.7"
ELSEWHERE = "198.51.100.9"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExam"


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now_s = 1_770_000_000.0

    def __call__(self) -> float:
        return self.now_s


@asynccontextmanager
async def house(folder: Path, clock: Clock | None = None, *, password: str, **columns: Any) -> AsyncGenerator[Accounts]:
    """A database with the account `tb_song`, and the accounts over it."""
    database = await open_blank(folder)
    check = PasswordCheck()
    try:
        await AccountRow.create(
            username="tb_song",
            password_hash=hash_password(password),
            stations=["TB_SONG_NUOMXL"],
            protocols=["ftp", "sftp"],
        )
        await AccountRow.filter(username="tb_song").update(**{"public_keys": [f"{KEY} logger"], **columns})
        accounts = Accounts(clock or Clock(), check, AccountsOptions(refusal_s=0))
        await accounts.reload()
        yield accounts
    finally:
        check.close()
        await database.close()


@pytest.fixture
def password() -> str:
    return secrets.token_hex(8)


async def test_the_right_password_opens_with_its_stations(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        grant = await accounts.by_password("tb_song", password, HOME, Wire.FTP)
        assert grant is not None
        assert (grant.username, grant.address, grant.protocol) == ("tb_song", HOME, Wire.FTP)
        assert grant.stations == ("TB_SONG_NUOMXL",)


@pytest.mark.parametrize("guess", ["", "wrong", "\ud800"])
async def test_a_wrong_password_does_not(tmp_path: Path, password: str, guess: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        assert await accounts.by_password("tb_song", guess, HOME, Wire.FTP) is None


async def test_an_unknown_name_does_not(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        assert await accounts.by_password("nobody", password, HOME, Wire.FTP) is None


async def test_an_unknown_name_takes_as_long_as_a_wrong_password(tmp_path: Path, password: str) -> None:
    async def elapsed_s(accounts: Accounts, name: str, guess: str) -> float:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await accounts.by_password(name, guess, ELSEWHERE, Wire.FTP)
        return loop.time() - begun

    async with house(tmp_path, password=password) as accounts:
        await elapsed_s(accounts, "nobody", "warm")
        known = min([await elapsed_s(accounts, "tb_song", f"guess {number}") for number in range(4)])
        unknown = min([await elapsed_s(accounts, "nobody", f"guess {number}") for number in range(4)])
        assert known / 3 < unknown < known * 3


async def test_a_refusal_takes_its_least_time_however_it_came_about(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password, allow_from=[]):
        accounts = Accounts(Clock(), PasswordCheck(), AccountsOptions(refusal_s=0.2))
        await accounts.reload()
        begun = asyncio.get_running_loop().time()
        assert await accounts.by_password("tb_song", password, HOME, Wire.FTP) is None
        assert asyncio.get_running_loop().time() - begun >= 0.19


async def test_a_protocol_that_is_not_the_accounts_is_refused(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password, protocols=["sftp"]) as accounts:
        assert await accounts.by_password("tb_song", password, HOME, Wire.FTP) is None
        assert await accounts.by_password("tb_song", password, HOME, Wire.SFTP) is not None


async def test_an_empty_allow_list_lets_nobody_in(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password, allow_from=[]) as accounts:
        assert await accounts.by_password("tb_song", password, HOME, Wire.FTP) is None
        assert await accounts.by_key("tb_song", HOME, Wire.SFTP, KEY) is None


@pytest.mark.parametrize(
    ("address", "welcome"),
    [(HOME, True), (f"::ffff:{HOME}", True), ("2001:db8::5", True), (ELSEWHERE, False), ("nonsense", False)],
)
async def test_an_allow_list_lets_its_networks_in(tmp_path: Path, password: str, address: str, welcome: bool) -> None:
    async with house(tmp_path, password=password, allow_from=["203.0.113.0/24", "2001:db8::/64"]) as accounts:
        assert (await accounts.by_password("tb_song", password, address, Wire.FTP) is not None) is welcome


async def test_a_public_key_opens_and_another_does_not(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        assert await accounts.by_key("tb_song", HOME, Wire.SFTP, KEY) is not None
        assert await accounts.by_key("tb_song", HOME, Wire.SFTP, KEY + "x") is None
        assert await accounts.by_key("nobody", HOME, Wire.SFTP, KEY) is None


async def test_an_account_without_a_password_has_only_its_key(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        await AccountRow.filter(username="tb_song").update(password_hash="")
        await accounts.reload()
        assert await accounts.by_password("tb_song", "", HOME, Wire.SFTP) is None
        assert await accounts.by_key("tb_song", HOME, Wire.SFTP, KEY) is not None


async def test_a_verified_password_is_not_hashed_again(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        await accounts.by_password("tb_song", password, HOME, Wire.FTP)
        begun = asyncio.get_running_loop().time()
        for _ in range(50):
            assert await accounts.by_password("tb_song", password, HOME, Wire.FTP) is not None
        assert asyncio.get_running_loop().time() - begun < 0.2


async def test_a_changed_password_counts_at_once_after_a_reload(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        await accounts.by_password("tb_song", password, HOME, Wire.FTP)
        await AccountRow.filter(username="tb_song").update(password_hash=hash_password("another"))
        await accounts.reload()
        assert await accounts.by_password("tb_song", password, HOME, Wire.FTP) is None
        assert await accounts.by_password("tb_song", "another", HOME, Wire.FTP) is not None


async def test_a_provider_has_its_exchanges(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        row = await ProviderRow.create(
            username="gps1", password_hash=hash_password(password), exchanges=["tracking.gps1"], allow_from=None
        )
        await accounts.reload()
        grant = await accounts.provider("gps1", password, HOME)
        assert grant is not None
        assert (grant.provider_id, grant.username, grant.exchanges) == (row.id, "gps1", ("tracking.gps1",))
        assert await accounts.provider("gps1", "wrong", HOME) is None
        assert await accounts.provider("tb_song", password, HOME) is None


async def test_an_address_that_guesses_is_throttled_and_recovers(tmp_path: Path, password: str) -> None:
    clock = Clock()
    async with house(tmp_path, clock, password=password) as accounts:
        for number in range(10):
            assert accounts.address_allowed(ELSEWHERE)
            await accounts.by_password("tb_song", f"guess {number}", ELSEWHERE, Wire.FTP)
        assert not accounts.address_allowed(ELSEWHERE)
        assert await accounts.by_password("tb_song", password, ELSEWHERE, Wire.FTP) is None
        clock.now_s += 7
        assert accounts.address_allowed(ELSEWHERE)
        assert await accounts.by_password("tb_song", password, ELSEWHERE, Wire.FTP) is not None


async def test_hanging_up_before_the_verdict_is_no_free_guess(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        for number in range(10):
            guess = asyncio.create_task(accounts.by_password("tb_song", f"guess {number}", ELSEWHERE, Wire.FTP))
            await asyncio.sleep(0)
            guess.cancel()
            await asyncio.wait({guess})
        assert not accounts.address_allowed(ELSEWHERE)


async def test_guesses_never_lock_a_station_out_of_its_static_address(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password, allow_from=[f"{HOME}/32"]) as accounts:
        for number in range(20):
            await accounts.by_password("nobody", f"guess {number}", HOME, Wire.FTP)
        assert accounts.address_allowed(HOME)
        assert await accounts.by_password("tb_song", password, HOME, Wire.FTP) is not None


async def test_guesses_never_lock_a_station_out_of_an_address_it_has_used(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        await accounts.by_password("tb_song", password, HOME, Wire.FTP)
        for number in range(20):
            await accounts.by_password("tb_song", f"guess {number}", HOME, Wire.FTP)
        assert accounts.address_allowed(HOME)
        assert await accounts.by_password("tb_song", password, HOME, Wire.FTP) is not None


async def test_an_allow_list_of_the_whole_world_is_no_static_address(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password, allow_from=["0.0.0.0/0"]) as accounts:
        for number in range(20):
            await accounts.by_password("tb_song", f"guess {number}", ELSEWHERE, Wire.FTP)
        assert not accounts.address_allowed(ELSEWHERE)


async def test_a_shown_key_does_not_make_an_address_free_to_guess(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        await accounts.by_key("tb_song", ELSEWHERE, Wire.SFTP, KEY)
        for number in range(20):
            await accounts.by_password("tb_song", f"guess {number}", ELSEWHERE, Wire.SFTP)
        assert accounts.address_allowed(ELSEWHERE)
        assert await accounts.by_password("tb_song", password, ELSEWHERE, Wire.SFTP) is None


async def test_many_stations_behind_one_new_address_all_get_in(tmp_path: Path, password: str) -> None:
    async with house(tmp_path, password=password) as accounts:
        hashed = hash_password(password)
        await AccountRow.bulk_create(
            [AccountRow(username=f"tb_{number}", password_hash=hashed, protocols=["ftp"]) for number in range(20)]
        )
        await accounts.reload()
        tries = [accounts.by_password(f"tb_{number}", password, HOME, Wire.FTP) for number in range(20)]
        assert None not in await asyncio.gather(*tries)


async def flood(accounts: Accounts, username: str, address: str, per_minute: int) -> None:
    """Guess at a rate, as many at once as come together, until cancelled."""
    async with asyncio.TaskGroup() as guesses:
        number = 0
        while True:
            guesses.create_task(_guess(accounts, username, f"guess {number}", address))
            number += 1
            await asyncio.sleep(60 / per_minute)


async def _guess(accounts: Accounts, username: str, guess: str, address: str) -> None:
    await accounts.by_password(username, guess, address, Wire.FTP)


@pytest.mark.parametrize(("username", "attacked_from"), [("nobody", ELSEWHERE), ("tb_song", ELSEWHERE), ("tb_2", HOME)])
async def test_ten_thousand_guesses_a_minute_leave_a_good_login_under_a_second(
    tmp_path: Path, password: str, username: str, attacked_from: str
) -> None:
    async with house(tmp_path, password=password, allow_from=[f"{HOME}/32", f"{ELSEWHERE}/24"]) as accounts:
        attack = asyncio.create_task(flood(accounts, username, attacked_from, 10_000))
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0.5)
        slowest_s = 0.0
        for _ in range(3):
            await accounts.reload()
            begun = loop.time()
            assert await accounts.by_password("tb_song", password, HOME, Wire.FTP) is not None
            slowest_s = max(slowest_s, loop.time() - begun)
        attack.cancel()
        await asyncio.wait({attack})
        assert slowest_s < 1

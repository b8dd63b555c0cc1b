"""Who is served first when many passwords wait for a hash."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from storage.password_check import PasswordCheck
from storage.passwords import hash_password, verify_password

HASHED = hash_password("lotus")


@pytest_asyncio.fixture
async def one_worker() -> AsyncIterator[PasswordCheck]:
    check = PasswordCheck(workers=1, max_strangers=8)
    yield check
    check.close()


@pytest.mark.asyncio
async def test_a_known_station_goes_before_strangers(one_worker: PasswordCheck) -> None:
    done: list[str] = []

    async def ask(name: str, is_known: bool) -> None:
        await one_worker.fits(HASHED, name, turn=(name, ""), is_known=is_known)
        done.append(name)

    async with asyncio.TaskGroup() as asking:
        for number in range(4):
            asking.create_task(ask(f"stranger {number}", False))
        asking.create_task(ask("station", True))
    assert done.index("station") == 1


@pytest.mark.asyncio
async def test_one_name_that_is_asked_often_does_not_hold_up_another(one_worker: PasswordCheck) -> None:
    done: list[str] = []

    async def ask(name: str) -> None:
        await one_worker.fits(HASHED, name, turn=(name, ""), is_known=True)
        done.append(name)

    async with asyncio.TaskGroup() as asking:
        for _ in range(6):
            asking.create_task(ask("attacked"))
        asking.create_task(ask("station"))
    assert done.index("station") <= 2


@pytest.mark.asyncio
async def test_too_many_strangers_are_not_tried(one_worker: PasswordCheck) -> None:
    answers = await asyncio.gather(*(one_worker.fits(HASHED, "lotus", turn=(str(n), "")) for n in range(12)))
    assert answers.count(True) == 9
    assert answers.count(None) == 3


@pytest.mark.asyncio
async def test_whoever_is_no_longer_allowed_at_its_turn_is_not_tried(one_worker: PasswordCheck) -> None:
    assert await one_worker.fits(HASHED, "lotus", allowed=lambda: False) is None


@pytest.mark.asyncio
async def test_one_who_gives_up_waiting_frees_the_place(one_worker: PasswordCheck) -> None:
    first = asyncio.create_task(one_worker.fits(HASHED, "lotus"))
    waiting = asyncio.create_task(one_worker.fits(HASHED, "lotus"))
    await asyncio.sleep(0)
    waiting.cancel()
    assert await first
    assert await one_worker.fits(HASHED, "lotus")
    assert one_worker.waiting() == 0


def test_a_hash_has_its_own_salt_and_names_its_kind() -> None:
    assert hash_password("lotus") != HASHED
    assert HASHED.startswith("$argon2id$")


@pytest.mark.parametrize("broken", ["", "plain", "$argon2id$v=19$broken"])
def test_nothing_fits_an_unreadable_hash(broken: str) -> None:
    assert not verify_password(broken, "")
    assert not verify_password(broken, broken)

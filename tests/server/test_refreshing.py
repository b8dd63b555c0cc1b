"""Accounts look again where an import may just have brought them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from protocols.vocabulary import Protocol as Wire
from server.refreshing import RefreshingAccounts
from storage.accounts import Accounts
from storage.database import Database
from storage.models import AccountRow, ProviderRow
from storage.password_check import PasswordCheck
from tests.storage.stores import opened

ADDRESS = "127.0.0.1"


class Gate:
    """Accounts, and how often they looked into the inventory."""

    def __init__(self, database: Database, check: PasswordCheck) -> None:
        self.database, self.check = database, check
        self.looks = 0
        self.changed = False
        self.imported = False
        self.accounts = RefreshingAccounts(Accounts(lambda: 1_780_000_000.0, check), self._refresh, self._meet)

    async def _refresh(self) -> bool:
        self.looks += 1
        if self.changed:
            await self.accounts.reload()
        return self.changed

    async def _meet(self) -> None:
        if self.imported:
            await self.accounts.reload()

    async def add(self, name: str, *, auto_register: bool = True) -> None:
        hashed = await self.check.hash("word")
        async with self.database.writing():
            await ProviderRow.create(
                username=name, password_hash=hashed, exchanges=["tracking.a"], auto_register=auto_register
            )


@asynccontextmanager
async def gate(url: str) -> AsyncGenerator[Gate]:
    check = PasswordCheck()
    try:
        async with opened(url) as (database, _):
            yield Gate(database, check)
    finally:
        check.close()


@pytest.mark.asyncio
async def test_a_provider_imported_a_moment_ago_may_log_in(store_url: str) -> None:
    async with gate(store_url) as g:
        await g.accounts.reload()
        await g.add("gps1")
        g.changed = True
        grant = await g.accounts.provider("gps1", "word", ADDRESS)
        assert grant is not None
        assert (grant.username, g.looks) == ("gps1", 1)


@pytest.mark.asyncio
async def test_the_login_of_an_account_imported_a_moment_ago_is_no_refusal(store_url: str) -> None:
    async with gate(store_url) as g:
        await g.accounts.reload()
        await g.add("gps1")
        g.changed = True
        with capture_logs() as logged:
            assert await g.accounts.provider("gps1", "word", ADDRESS) is not None
            assert (logged, g.accounts.statistics()["refused"]) == ([], 0)
            assert await g.accounts.provider("gps1", "guess", ADDRESS) is None
        assert [entry["event"] for entry in logged] == ["login_refused"]


@pytest.mark.asyncio
async def test_a_known_provider_is_let_in_without_a_look(store_url: str) -> None:
    async with gate(store_url) as g:
        await g.add("gps1")
        await g.accounts.reload()
        assert await g.accounts.provider("gps1", "word", ADDRESS) is not None
        assert g.looks == 0


@pytest.mark.asyncio
async def test_a_wrong_password_stays_wrong_where_nothing_changed(store_url: str) -> None:
    async with gate(store_url) as g:
        await g.add("gps1")
        await g.accounts.reload()
        assert await g.accounts.provider("gps1", "guess", ADDRESS) is None
        assert g.looks == 1


@pytest.mark.asyncio
async def test_whether_a_provider_may_register_vehicles_is_read_with_the_accounts(store_url: str) -> None:
    async with gate(store_url) as g:
        await g.add("free")
        await g.add("bound", auto_register=False)
        await g.accounts.reload()
        rows = {row.username: g.accounts.may_register(row.id) for row in await ProviderRow.all()}
        assert rows == {"free": True, "bound": False}
        assert not g.accounts.may_register(999)


@pytest.mark.asyncio
async def test_after_an_import_a_login_and_an_open_session_have_the_stations_of_now(store_url: str) -> None:
    async with gate(store_url) as g:
        async with g.database.writing():
            hashed = await g.check.hash("word")
            await AccountRow.create(username="tb", password_hash=hashed, stations=["A"], protocols=["ftp"])
        await g.accounts.reload()
        before = await g.accounts.by_password("tb", "word", ADDRESS, Wire.FTP)
        assert before is not None
        async with g.database.writing():
            await AccountRow.filter(username="tb").update(stations=["A", "B"])
        assert (await g.accounts.renewed(before)).stations == ("A",), "no import has answered yet"
        g.imported = True
        assert (await g.accounts.renewed(before)).stations == ("A", "B")
        after = await g.accounts.by_password("tb", "word", ADDRESS, Wire.FTP)
        assert after is not None
        assert after.stations == ("A", "B")
        assert g.looks == 0

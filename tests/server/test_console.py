"""The console inside the running server: people sign in, what they do is written down, a restart keeps its port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from protocols.vocabulary import Role
from storage.models import AuditRow
from storage.password_check import PasswordCheck
from storage.users import Users
from tests.server.living_box import living_box, settings_for
from tests.storage.stores import opened


async def add_person(url: str) -> None:
    """Somebody who may act, known before the first start."""
    check = PasswordCheck()
    async with opened(url) as (database, _), database.writing():
        await Users(lambda: 1.0, check).create_user("an", "word for the test", Role.OPERATOR)
    check.close()


@asynccontextmanager
async def signed_in(url: str, folder: Path) -> AsyncIterator[tuple[dict[str, int], httpx.AsyncClient]]:
    """A running server's ports, and its API as that person sees it."""
    await add_person(url)
    async with living_box(settings_for(folder, url)) as ports, httpx.AsyncClient(timeout=20) as http:
        http.base_url = httpx.URL(f"http://127.0.0.1:{ports['web']}")
        answer = await http.post("/api/v1/login", json={"username": "an", "password": "word for the test"})
        http.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield ports, http


@pytest.mark.asyncio
async def test_what_is_done_at_the_console_is_written_down(store_url: str, tmp_path: Path) -> None:
    async with signed_in(store_url, tmp_path) as (ports, http):
        token = (await http.post("/api/v1/tokens", json={"name": "script"})).json()["token"]
        assert (await http.post("/api/v1/actors/intake:sftp/restart")).json()["state"] == "running"
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['web']}") as script:
            answer = await script.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
            assert answer.json()["role"] == "operator"
    async with opened(store_url):
        lines = [(row.user, row.action) for row in await AuditRow.all().order_by("id")]
        assert lines == [("an", "login"), ("an", "token"), ("an", "restart")]


@pytest.mark.asyncio
async def test_a_door_that_is_restarted_opens_on_its_old_port(store_url: str, tmp_path: Path) -> None:
    async with signed_in(store_url, tmp_path) as (ports, http):
        for name in ("ftp", "sftp", "amqp"):
            assert (await http.post(f"/api/v1/actors/intake:{name}/restart")).json()["state"] == "running"
            _, writer = await asyncio.open_connection("127.0.0.1", ports[name])
            writer.close()
            await writer.wait_closed()

"""The whole server in this process: what stands after the start, what is gone after the stop, on both engines."""

import asyncio
import ftplib
import io
import os
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from conf.inventory import read_inventory
from server.refusal import Refusal
from storage.audit import read_running as running_sums
from storage.audit import recount
from storage.inventory import apply
from storage.models import FileRow, ReadingRow, UserRow
from tests.server.living_box import living_box, settings_for
from tests.server.station_inventory import CODE, write_inventory
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_every_door_is_open_on_the_port_that_is_written_down(tmp_path: Path) -> None:
    async with living_box(settings_for(tmp_path)) as ports:
        assert ports.pop("pid") == os.getpid()
        assert set(ports) == {"ftp", "sftp", "amqp", "web"}
        for port in ports.values():
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            await writer.wait_closed()


@pytest.mark.asyncio
async def test_it_is_ready_while_it_lives_and_nobody_answers_afterwards(store_url: str, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, store_url)
    async with living_box(settings) as ports, httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['web']}") as http:
        assert (await http.get("/readyz")).json() == {"ready": True, "reasons": []}
    assert not (settings.server.data_dir / "ports.json").exists()
    with pytest.raises(OSError):
        await asyncio.open_connection("127.0.0.1", ports["web"])


@pytest.mark.asyncio
async def test_started_where_the_disk_is_short_it_says_so_from_its_first_answer(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    settings = replace(settings, storage=replace(settings.storage, reserve_mb=1 << 40))
    async with living_box(settings) as ports, httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['web']}") as http:
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (503, False)
        assert "disk short" in answer.json()["reasons"][0]


@pytest.mark.asyncio
async def test_the_first_administrator_is_made_once_and_the_password_shown_once(tmp_path: Path) -> None:
    settings, printed = settings_for(tmp_path), io.StringIO()
    with redirect_stdout(printed):
        async with living_box(settings) as ports:
            password = printed.getvalue().partition("password:")[2].split(maxsplit=1)[0]
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['web']}") as http:
                answer = await http.post("/api/v1/login", json={"username": "admin", "password": password})
                assert answer.json()["role"] == "admin"
        async with living_box(settings):
            assert printed.getvalue().count("password") == 1
    async with opened(settings.storage.url):
        assert await UserRow.all().count() == 1


@pytest.mark.asyncio
async def test_a_second_server_on_the_same_data_is_refused(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with living_box(settings):
        with pytest.raises(Refusal, match="another server"):
            async with living_box(settings):
                pass


@pytest.mark.asyncio
async def test_a_file_that_was_sent_is_kept_over_a_restart(store_url: str, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, store_url)
    async with opened(store_url) as (database, _):
        inventory, faults = read_inventory(write_inventory(tmp_path, account="tb", password="word"))
        assert faults == []
        await apply(database, inventory)
    body = b"COD\t30.5\tmg/L\t20261120100000\t00\r\n"
    async with living_box(settings) as ports:
        await asyncio.to_thread(upload, ports["ftp"], body)
    async with living_box(settings) as ports:
        await asyncio.to_thread(upload, ports["ftp"], body)
    async with opened(store_url):
        rows = await FileRow.all().order_by("id")
        assert [(row.body, row.fate) for row in rows] == [(body, "stored"), (body, "duplicate")]
        assert [row.raw_text for row in await ReadingRow.all()] == ["30.5"]
        assert (await running_sums()) == (await recount())


def upload(port: int, body: bytes) -> None:
    ftp = ftplib.FTP()
    ftp.connect("127.0.0.1", port, timeout=20)
    ftp.login("tb", "word")
    ftp.storbinary(f"STOR {CODE}_20261120100000.txt", io.BytesIO(body))
    ftp.quit()

"""A logger's own server and an auto-sampler, all the way: fetched once over a kill; told, answered, and too late."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from tests.end_to_end.office import STATION, Office, hour_body, office
from tests.protocols.ftp.vsftpd import Peer, run_vsftpd
from tests.protocols.letters.post_office import http_receiver

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(120)]
PULL = """
[[pulls]]
name = "logger"
url = "ftp://anonymous:x@127.0.0.1:{port}{folder}"
stations = ["{station}"]
pattern = "*.txt"
every_s = 10
settle_s = 0
"""
SAMPLERS = """
[[stations]]
code = "{station}"
kind = "wastewater"
sampler = {{ kind = "file", url = "ftp://anonymous:x@127.0.0.1:{port}{folder}" }}
[[stations]]
code = "TB_HOOK_NUOC01"
kind = "wastewater"
sampler = {{ kind = "webhook", url = "{hook}", secret = "k" }}
[[stations]]
code = "TB_LATE_NUOC01"
kind = "wastewater"
sampler = {{ kind = "webhook", url = "http://127.0.0.1:1/", answer_s = 30 }}
"""


@pytest_asyncio.fixture
async def opened(tmp_path: Path) -> AsyncIterator[tuple[Office, Peer]]:
    (tmp_path / "peer").mkdir()
    async with run_vsftpd(tmp_path / "peer") as peer, office(tmp_path) as desk:
        yield desk, peer


async def imported(desk: Office, text: str) -> None:
    file = desk.box.folder / "more.toml"
    file.write_text(text, encoding="utf-8")
    code, out, err = await desk.box.verb("import", str(file))
    assert code == 0, out + err


async def names(desk: Office) -> list[str]:
    return [name for (name,) in desk.box.rows("SELECT name FROM files WHERE account = 'pull:logger'")]


async def until(is_so: Callable[[], Awaitable[bool]], what: str) -> None:
    started = monotonic()
    while not await is_so():
        assert monotonic() - started < 30, what
        await asyncio.sleep(0.1)


async def test_files_of_a_loggers_server_come_once_over_an_import_and_a_kill(opened: tuple[Office, Peer]) -> None:
    desk, peer = opened
    hour_s = desk.first_hour_s
    first, second = desk.name(hour_s), desk.name(hour_s + 3600)
    (peer.folder / first).write_bytes(hour_body(hour_s, [50.0 + n / 10 for n in range(12)]))
    await imported(desk, PULL.format(port=peer.port, folder=peer.place, station=STATION))

    async def came() -> bool:
        return await names(desk) == [first]

    await until(came, "the first file")
    (status,) = [entry for entry in await desk.get("services") if entry["id"] == "puller:logger"]
    assert status["actor"] == "running"
    await desk.box.kill()
    (peer.folder / second).write_bytes(hour_body(hour_s + 3600, [51.0 + n / 10 for n in range(12)]))
    await desk.box.start()

    async def both() -> bool:
        return await names(desk) == [first, second]

    await until(both, "the second file")
    (pull,) = await fresh(desk, "pulls")
    assert [file["path"].rpartition("/")[2] for file in pull["files"]] == [second, first]
    assert len(await fresh(desk, f"stations/{STATION}/readings", **desk.span)) == 24


async def fresh(desk: Office, path: str, **query: str) -> list[dict[str, Any]]:
    """Ask the box of now: its port changed with its start."""
    async with httpx.AsyncClient(base_url=desk.box.web, cookies=desk.http.cookies) as http:
        answer = await http.get(f"/api/v1/{path}", params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found


async def test_a_sampler_is_told_by_file_or_webhook_and_its_answer_is_kept(opened: tuple[Office, Peer]) -> None:
    desk, peer = opened
    with http_receiver() as hook:
        await imported(desk, SAMPLERS.format(station=STATION, port=peer.port, folder=peer.place, hook=hook.url))
        refused = await desk.post(f"stations/{STATION}/samples", {"reason": " "})
        assert refused.status_code == 400
        asked = await desk.post(f"stations/{STATION}/samples", {"reason": "COD vượt", "bottle": "3"})
        assert asked.status_code == 201, asked.text
        sample = asked.json()["id"]

        async def told() -> bool:
            return bool(list(peer.folder.glob(f"{STATION}_LAYMAU_{sample}_*.txt")))

        await until(told, "the command file")
        (command,) = peer.folder.glob(f"{STATION}_LAYMAU_{sample}_*.txt")
        assert command.read_bytes().decode().split("\t")[3:] == ["3", "COD vượt\r\n"]
        await desk.upload(f"{STATION}_LAYMAU_{sample}.txt", "OK chai 3 lúc 10:05".encode())
        (kept,) = await desk.get(f"stations/{STATION}/samples")
        assert (kept["state"], kept["answer"]) == ("taken", "OK chai 3 lúc 10:05")
        again = await desk.post(f"samples/{sample}/answer", {"state": "failed"})
        assert again.status_code == 409

        asked = await desk.post("stations/TB_HOOK_NUOC01/samples", {"reason": "định kỳ"})
        assert asked.status_code == 201

        async def posted() -> bool:
            return bool(hook.posts)

        await until(posted, "the webhook")
        document = orjson.loads(hook.posts[0][1])
        assert document["reason"] == "định kỳ"
        async with httpx.AsyncClient(base_url=desk.box.web) as sampler:
            wrong = await sampler.post("/s/nothing", json={"state": "taken"})
            assert wrong.status_code == 404
            said = await sampler.post(document["answer_to"], json={"state": "failed", "detail": "hết chai"})
            assert said.status_code == 200, said.text
        (kept,) = await desk.get("stations/TB_HOOK_NUOC01/samples")
        assert (kept["state"], kept["answer"]) == ("failed", "hết chai")

        await desk.post("stations/TB_LATE_NUOC01/samples", {"reason": "xa"})

        async def expired() -> bool:
            (row,) = await desk.get("stations/TB_LATE_NUOC01/samples")
            assert row["sent"] is None
            return bool(row["state"] == "expired")

        deadline = monotonic() + 45
        while not await expired():
            assert monotonic() < deadline
            await asyncio.sleep(0.5)
    none = await desk.post("stations/TB_NONE/samples", {"reason": "x"})
    assert none.status_code == 404

"""Hourly files to a ministry: revised hours again with their reason, a refused file again, turned off at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from protocols.formats.filename import build_name
from protocols.formats.tt10_2021 import build
from protocols.times import HOUR_S, parse_stamp
from server.simulator.files import StationFile
from storage.entries import DestinationEntry
from tests.end_to_end.box import Box
from tests.end_to_end.load import reading
from tests.end_to_end.outage import (
    CODE,
    PASSWORDS,
    USER,
    ConsoleView,
    inventory,
    running,
    send_hours,
    settled,
    until,
    uplink,
)
from tests.end_to_end.receiver import NAME, Receiver, receiver
from tests.protocols.ftp.vsftpd import PROGRAM, run_vsftpd

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(120)]


def own(entry: DestinationEntry) -> DestinationEntry:
    """A receiver with its own names and digits."""
    return replace(
        entry, codes={CODE: "HY_RIENG"}, symbols={"COD": "NhuCauOxy"}, decimals=1, file_name="{code}-{stamp}.txt"
    )


@pytest_asyncio.fixture
async def ministry(tmp_path: Path) -> AsyncIterator[Receiver]:
    async with receiver(tmp_path / "peer") as ministry:
        yield ministry


async def files(box: Box, state: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await ConsoleView(box).get(f"/api/v1/forwards/{NAME}/files?state={state}")
    return rows


async def post(box: Box, path: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=box.web, timeout=10) as client:
        login = await client.post("/api/v1/login", json={"username": USER, "password": PASSWORDS[USER]})
        return await client.post(path, json={}, headers={"X-CSRF-Token": login.json()["csrf"]})


async def forward_until(box: Box, state: str) -> None:
    await ConsoleView(box).forward_until(NAME, state=state)


async def test_a_receiver_gets_its_own_names_and_a_destination_is_turned_off_and_on_at_once(
    tmp_path: Path, ministry: Receiver
) -> None:
    destination = own(ministry.destination)
    async with running(tmp_path / "box", destination) as box:
        await send_hours(box, [5])
        await until(lambda: len(ministry.area.delivered) == 1)
        (sent,) = await files(box, "forwarded")
        assert sent["name"].startswith("HY_RIENG-")
        assert (sent["version"], sent["reason"], sent["station"]) == (1, "", CODE)
        assert ministry.area.names == [sent["name"]]

        await box.import_inventory(inventory(replace(destination, enabled=False)))
        await forward_until(box, "disabled")
        await send_hours(box, [4])
        balance = await ConsoleView(box).get("/api/v1/audit")
        assert balance["destinations"][NAME] == {"due": 1, "forwarded": 1, "waiting": 0, "refused": 0}
        services = await ConsoleView(box).get("/api/v1/services")
        assert f"forwarder:{NAME}" not in {service["id"] for service in services}

        await box.import_inventory(inventory(destination))
        await forward_until(box, "current")
        await send_hours(box, [3])
        await until(lambda: len(ministry.area.delivered) >= 2)
        await settled(box, **{NAME: len(await files(box, "forwarded"))})


async def test_a_refused_file_is_tried_again_alone(tmp_path: Path, ministry: Receiver) -> None:
    async with running(tmp_path / "box", ministry.destination) as box:
        ministry.area.refusals = 3
        await send_hours(box, [5])
        while not (rows := await files(box, "refused")):
            await asyncio.sleep(0.1)
        assert rows[0]["last_error"].startswith("553")
        path = f"/api/v1/forwards/{NAME}/files/{rows[0]['id']}/retry"
        answer = await post(box, path)
        assert answer.json() == {"id": rows[0]["id"], "state": "waiting"}
        await until(lambda: len(ministry.area.delivered) == 1, 30)
        assert (await post(box, path)).status_code == 409
        await settled(box, **{NAME: 1})


@pytest.mark.skipif(not Path(PROGRAM).exists(), reason="vsftpd is not installed")
async def test_late_data_of_a_station_reach_vsftpd_as_a_further_version_with_its_reason(tmp_path: Path) -> None:
    """The outage of the first hop: what the logger sends afterwards makes the hour again, under the same name."""
    async with run_vsftpd(tmp_path / "peer") as peer:
        url = f"ftp://anonymous:a%40b@127.0.0.1:{peer.port}{peer.place}/{{medium}}"
        destination = DestinationEntry(NAME, "files", url, min_completeness=0.0)
        async with running(tmp_path / "box", destination) as box:
            (name,) = await send_hours(box, [5])
            await forward_until(box, "current")
            delivered = peer.folder / "nuoc" / name
            await until(delivered.exists)
            assert b"\t45.0000\t" in delivered.read_bytes()
            time_s = parse_stamp(name[-18:-4])
            assert time_s is not None
            late_s = time_s - HOUR_S // 2
            late = StationFile(build_name(CODE, late_s), build([reading(late_s, "COD", 55.0, 1)]))
            await uplink(box).send(late)
            await until(lambda: b"\t50.0000\t" in delivered.read_bytes())
            await forward_until(box, "current")
            newest, first = await files(box, "forwarded")
            assert [(row["name"], row["version"]) for row in (newest, first)] == [(name, 2), (name, 1)]
            assert newest["reason"] and not first["reason"]
            await settled(box, **{NAME: 2})

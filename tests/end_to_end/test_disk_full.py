"""The journal's disk runs full under load: everybody is told, nothing acknowledged is lost, and it ends by itself."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pika
import pytest

from tests.end_to_end.box import HOST, Box
from tests.end_to_end.outage import PASSWORDS, PROVIDER, ConsoleView, running, settled, until
from tests.end_to_end.receiver import receiver
from tests.end_to_end.scripted_peer import scripted_peer
from tests.end_to_end.small_disk import SmallDisk, small_disk
from tests.end_to_end.steady_load import SteadyLoad, steady_load

__all__ = ["small_disk"]

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(180)]

RESERVE_MB, LEFT_MB = 8, 5
RECOVERED_S = 8.0


@asynccontextmanager
async def pika_listening(box: Box) -> AsyncGenerator[list[str], None]:
    """A pika connection in a thread of its own; gives the words it hears."""
    heard: list[str] = []
    stop = threading.Event()

    def listen() -> None:
        credentials = pika.PlainCredentials(PROVIDER, PASSWORDS[PROVIDER])
        parameters = pika.ConnectionParameters(HOST, box.ports["amqp"], credentials=credentials)
        with pika.BlockingConnection(parameters) as connection:
            connection.add_on_connection_blocked_callback(
                lambda _, blocked: heard.append(f"blocked: {blocked.method.reason}")
            )
            connection.add_on_connection_unblocked_callback(lambda *_: heard.append("unblocked"))
            heard.append("connected")
            while not stop.is_set():
                connection.process_data_events(0.05)

    listening = asyncio.create_task(asyncio.to_thread(listen))
    await until(lambda: heard)
    try:
        yield heard
    finally:
        stop.set()
        await listening


def unmade(box: Box) -> bool:
    """Whether a stored file has no readings yet, or an hour no means."""
    [(unjudged,)] = box.rows(
        "SELECT COUNT(*) FROM files WHERE fate = 'stored' AND id NOT IN (SELECT file_id FROM readings)"
    )
    return bool(unjudged or box.rows("SELECT id FROM dirty_hours"))


def kept(box: Box, load: SteadyLoad) -> None:
    """Whatever was acknowledged is in the journal, once."""
    names = [name for (name,) in box.rows("SELECT name FROM files WHERE fate = 'stored'")]
    assert len(names) == len(set(names))
    assert set(load.files) <= set(names)
    bodies = [bytes(body) for (body,) in box.rows("SELECT body FROM waypoints")]
    assert len(bodies) == len(set(bodies))
    assert load.bodies <= set(bodies)


@pytest.mark.parametrize("reserve_mb", [RESERVE_MB, 0])
async def test_a_full_disk_closes_every_door_and_opens_it_again_when_there_is_room(
    tmp_path: Path, small_disk: SmallDisk, reserve_mb: int
) -> None:
    data = {"TRAMBOX_SERVER_DATA_DIR": str(small_disk.folder / "data")}
    async with (
        receiver(tmp_path / "peer") as ministry,
        scripted_peer() as authority,
        running(
            tmp_path / "box", ministry.destination, authority.destination, environ=data, reserve_mb=reserve_mb
        ) as box,
        pika_listening(box) as heard,
        steady_load(box) as load,
    ):
        view = ConsoleView(box)
        await until(lambda: len(load.files) > 10 and len(load.bodies) > 500)

        small_disk.fill(LEFT_MB << 20 if reserve_mb else 0)
        reasons = await view.ready_until(503)
        assert "disk" in reasons[0] or "full" in reasons[0]
        await until(lambda: load.refused["ftp"] and load.refused["sftp"])
        assert all(reply.startswith("452") for reply in load.refused["ftp"])
        await until(lambda: "blocked" in heard[-1])
        await until(lambda: "blocked" in load.heard[-1])
        files, bodies = len(load.files), len(load.bodies)
        await asyncio.sleep(2.5)
        assert (len(load.files), len(load.bodies)) == (files, bodies)
        assert (await view.ready())[0] == 503

        small_disk.free()
        freed_s = monotonic()
        await view.ready_until(200, RECOVERED_S)
        await until(lambda: heard[-1] == "unblocked", RECOVERED_S)
        await until(lambda: len(load.files) > files + 10 and len(load.bodies) > bodies + 500, RECOVERED_S)
        assert monotonic() - freed_s < 2 * RECOVERED_S
        await load.stop()
        await until(lambda: not unmade(box))
        files, bodies = len(box.rows("SELECT id FROM outfiles")), len(box.rows("SELECT id FROM waypoints"))
        await settled(box, bo=files, csgt=bodies)
        kept(box, load)
        assert len(ministry.area.names) == files
        assert box.unstructured_lines() == []
        assert not [event for event in box.events("service_moved") if event["now"] in ("backing_off", "quarantined")]

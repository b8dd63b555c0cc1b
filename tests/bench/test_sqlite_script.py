"""The script beside ours is a fair one: it stores every waypoint once, whole, and acknowledges what it stored."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pika
import pytest

from tests.bench.fleet import plate
from tests.bench.rabbitmq import start_script
from tests.bench.waypoint_load import Entrance, LoadOptions, WaypointLoad
from tests.rabbitmq import Broker

QUEUE = "bench.script"
VEHICLES, CYCLES = 50, 5


@pytest.mark.asyncio
async def test_the_script_stores_each_waypoint_once_and_leaves_nothing_in_the_queue(
    rabbitmq: Broker, tmp_path: Path
) -> None:
    file = tmp_path / "waypoints.db"
    link = pika.BlockingConnection(pika.ConnectionParameters(rabbitmq.host, rabbitmq.port))
    channel = link.channel()
    channel.queue_declare(QUEUE, durable=True)
    script = await start_script(rabbitmq.port, QUEUE, file, batch=100)
    entrance = Entrance(rabbitmq.port, rabbitmq.username, rabbitmq.password, "", QUEUE)
    load = await WaypointLoad.open(entrance, LoadOptions(vehicles=VEHICLES, connections=2, hours_back=1))
    await load.cycles(CYCLES)
    load.close()
    assert await script.reach(VEHICLES * CYCLES, 30)
    await script.stop()
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute("SELECT vehicle, count(DISTINCT time_s), count(*) FROM waypoints GROUP BY 1").fetchall()
    assert sorted(rows) == [(plate(number), CYCLES, CYCLES) for number in range(VEHICLES)]
    assert channel.queue_delete(QUEUE).method.message_count == 0
    link.close()

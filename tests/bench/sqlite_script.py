"""The script everybody writes: a pika consumer that puts waypoints from a durable RabbitMQ queue into SQLite.

It parses each message, inserts a batch in one transaction that is on the disk when it returns (WAL, synchronous=FULL),
and only then acknowledges the batch. An index on (vehicle, time) answers where a vehicle was. It judges nothing, looks
for no duplicates and passes nothing on.

Run as a process of its own: `python -m tests.bench.sqlite_script PORT QUEUE FILE BATCH`; ends with its standard input.
"""

import json
import sqlite3
import sys
import threading
from collections.abc import Sequence
from time import monotonic, time

import pika

from protocols.formats.ufms_pb2 import BaseMessage
from tests.bench.far_end import EVERY_S

TABLE = """
CREATE TABLE waypoints (
    id INTEGER PRIMARY KEY, received_s REAL, vehicle TEXT, driver TEXT, time_s INTEGER,
    speed_kmh REAL, lon REAL, lat REAL, heading REAL, ignition INTEGER, body BLOB
)"""
INDEX = "CREATE INDEX waypoints_of_vehicle ON waypoints (vehicle, time_s)"
INSERT = """
INSERT INTO waypoints (received_s, vehicle, driver, time_s, speed_kmh, lon, lat, heading, ignition, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
LINGER_S = 0.02
"""How long an unfinished batch waits for more."""
Row = tuple[float, str, str, int, float, float, float, float, bool, bytes]


class Store:
    """The table."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", TABLE, INDEX):
            self._database.execute(statement)

    def save(self, bodies: Sequence[bytes]) -> None:
        """Store a batch durably."""
        now_s = time()
        rows = [_row(body, now_s) for body in bodies]
        self._database.execute("BEGIN")
        self._database.executemany(INSERT, rows)
        self._database.execute("COMMIT")


def _row(body: bytes, now_s: float) -> Row:
    point = BaseMessage.FromString(body).way_point
    place = point.speed, point.x, point.y, point.heading
    return now_s, point.vehicle, point.driver, point.datetime, *place, point.ignition, body


def consume(port: int, queue: str, store: Store, batch: int) -> None:
    """Store and acknowledge batch after batch until the standard input ends; tell how many, ten times a second."""
    link = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", port, heartbeat=0))
    channel = link.channel()
    channel.basic_qos(prefetch_count=2 * batch)
    waiting = threading.Thread(target=sys.stdin.read, daemon=True)
    waiting.start()
    print(json.dumps({"ready": True}), flush=True)
    stored, told_s, tag, bodies = 0, 0.0, 0, list[bytes]()
    for method, _, body in channel.consume(queue, inactivity_timeout=LINGER_S):
        if body is not None:
            bodies.append(body)
            tag = method.delivery_tag
        if bodies and (body is None or len(bodies) == batch):
            store.save(bodies)
            channel.basic_ack(tag, multiple=True)
            stored += len(bodies)
            bodies.clear()
        if (now_s := monotonic()) - told_s > EVERY_S:
            told_s = now_s
            print(json.dumps({"t": now_s, "count": stored}), flush=True)
            if not waiting.is_alive():
                return


if __name__ == "__main__":
    consume(int(sys.argv[1]), sys.argv[2], Store(sys.argv[3]), int(sys.argv[4]))

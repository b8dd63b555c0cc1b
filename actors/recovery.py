"""Brings the actors back: all of them when the process starts, one of them when its supervisor rebuilds it.

State is a snapshot plus the journal after it. What is replayed changes the state only; effects count again solely for
messages that were not judged before, so a restart repeats nothing.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from functools import partial

from actors.kernel.actor import Message, SourceActor
from actors.kernel.crossing import Host
from actors.messages import FileStored, WaypointStored
from actors.station import StationActor
from actors.vehicle import VehicleActor
from protocols.formats.detection import is_slow, parse_file
from protocols.formats.ufms import parse_waypoint
from storage.files import FileJournal
from storage.models import ActorRow, FileRow, VehicleStateRow
from storage.tracks import Tracks
from storage.waypoint_rows import StoredWaypoint
from storage.waypoints import WaypointJournal


def file_message(row: FileRow, data: bytes, layout: str) -> FileStored:
    """Read a stored file again, as it was read when it came."""
    return FileStored(row.id, row.received_ms, parse_file(row.name, data, layout).records)


async def read_again(row: FileRow, data: bytes, layout: str) -> FileStored:
    """As `file_message`, beside the loop where reading takes long."""
    if is_slow(data):
        return await asyncio.to_thread(file_message, row, data, layout)
    return file_message(row, data, layout)


def waypoint_message(row: StoredWaypoint) -> WaypointStored:
    """Read a stored waypoint again."""
    return WaypointStored(row.id, row.received_ms, parse_waypoint(row.body))


class ActorJournal:
    """The past of single actors, read over the bridge (actors/kernel/supervisor.py asks for it).

    Args:
        flushed: waits until all that the writer was given is durable; a track is walked from its newest row.
    """

    def __init__(
        self,
        host: Host,
        files: FileJournal,
        waypoints: WaypointJournal,
        tracks: Tracks,
        flushed: Callable[[], Awaitable[None]],
    ) -> None:
        self._host = host
        self._flushed = flushed
        self._files = files
        self._waypoints = waypoints
        self._tracks = tracks

    async def snapshot(self, actor: SourceActor) -> tuple[int, bytes | None]:
        """The newest snapshot of an actor."""
        if isinstance(actor, VehicleActor):
            vehicle = await self._host(lambda: _vehicle_state(actor.vehicle_id))
            return (vehicle.seq, vehicle.state) if vehicle is not None and vehicle.state else (0, None)
        row = await self._host(lambda: _actor_row(actor.id))
        return (row.seq, row.state) if row is not None and row.state else (0, None)

    async def replay(self, actor: SourceActor, after_seq: int) -> AsyncGenerator[Sequence[Message], None]:
        """Messages of an actor after a row, in batches, until there are none."""
        while batch := await self._host(partial(self._batch, actor, after_seq)):
            yield batch
            after_seq = batch[-1].seq

    async def _batch(self, actor: SourceActor, after_seq: int) -> list[Message]:
        if isinstance(actor, VehicleActor):
            head = self._tracks.by_id[actor.vehicle_id].head
            if head <= after_seq:
                return []
            await self._flushed()
            rows = await self._waypoints.track(head, after_seq, vehicle_id=actor.vehicle_id)
            return [waypoint_message(row) for row in rows]
        assert isinstance(actor, StationActor)
        profile = actor.profile
        return [
            await read_again(row, await self._files.bytes_of(row), profile.layout)
            for row in await self._files.batch(after_seq, profile.station_id)
        ]


async def _vehicle_state(vehicle_id: int) -> VehicleStateRow | None:
    return await VehicleStateRow.get_or_none(id=vehicle_id)


async def _actor_row(actor_id: str) -> ActorRow | None:
    return await ActorRow.get_or_none(id=actor_id)

"""What a box that was never killed would have judged: its stored files, read by new actors in one go."""

import asyncio
from typing import Any

from actors.messages import FileStored, GapChanged, ReadingJudged, ReadingRevised
from actors.rules.defaults import load_elements
from actors.station import StationActor
from actors.station_profile import StationProfile, settle
from protocols.formats.detection import parse_file
from protocols.verdict import arrival_of
from storage.database import Database
from storage.models import ParameterRow, StationRow
from tests.end_to_end.box import Box

Judged = tuple[dict[tuple[int, str, int], tuple[Any, ...]], dict[tuple[int, str, int], tuple[Any, ...]]]
"""Readings by (file, parameter, time) and gaps by (station, parameter, start)."""


def judged_by_the_box(box: Box, codes: list[str]) -> Judged:
    """Readings and gaps as they stand."""
    marks = ", ".join("?" * len(codes))
    where = f"station_id IN (SELECT id FROM stations WHERE code IN ({marks}))"
    readings = {
        (file_id, parameter, time_s): (value, flag, verdict)
        for file_id, parameter, time_s, value, flag, verdict in box.rows(
            f"SELECT file_id, parameter, time_s, value, flag, verdict FROM readings WHERE {where}", *codes
        )
    }
    gaps = {
        (station_id, parameter, from_s): (to_s, missing, state)
        for station_id, parameter, from_s, to_s, missing, state in box.rows(
            f"SELECT station_id, parameter, from_s, to_s, missing, state FROM gaps WHERE {where}", *codes
        )
    }
    return readings, gaps


def judged_again(box: Box, codes: list[str]) -> Judged:
    """Readings and gaps as new actors find them."""
    readings: dict[tuple[int, str, int], tuple[Any, ...]] = {}
    gaps: dict[tuple[int, str, int], tuple[Any, ...]] = {}
    for profile in asyncio.run(_profiles(box, codes)):
        actor = StationActor(profile)
        own: dict[tuple[int, str, int], tuple[Any, ...]] = {}
        for row in box.rows(
            "SELECT id, received_ms, name, body FROM files WHERE station_id = ? AND fate = 'stored' ORDER BY id",
            profile.station_id,
        ):
            _receive(actor, row, own, gaps)
        readings |= own
    return readings, gaps


async def _profiles(box: Box, codes: list[str]) -> list[StationProfile]:
    database = await Database.open(f"sqlite://{box.data_dir / 'trambox.db'}")
    try:
        elements = tuple(load_elements())
        return [
            settle(row, await ParameterRow.filter(station_id=row.id).order_by("id"), elements)
            for row in await StationRow.filter(code__in=codes)
        ]
    finally:
        await database.close()


def _receive(
    actor: StationActor,
    row: tuple[Any, ...],
    readings: dict[tuple[int, str, int], tuple[Any, ...]],
    gaps: dict[tuple[int, str, int], tuple[Any, ...]],
) -> None:
    file_id, received_ms, name, body = row
    active = {(key[1], key[2]): key for key, found in readings.items() if arrival_of(found[2]) in ("in_order", "late")}
    parsed = parse_file(name, body, actor.profile.layout)
    for effect in actor.receive(FileStored(file_id, received_ms, parsed.records)):
        match effect:
            case ReadingJudged():
                key = (file_id, effect.parameter, effect.time_s)
                readings[key] = (effect.value, int(effect.flag), effect.verdict)
                if arrival_of(effect.verdict) in ("in_order", "late"):
                    active[effect.parameter, effect.time_s] = key
            case ReadingRevised(_, parameter, time_s, flag, verdict):
                key = active[parameter, time_s]
                readings[key] = (readings[key][0], int(flag), verdict)
            case GapChanged(station_id, parameter, from_s, to_s, missing, state):
                gaps[station_id, parameter, from_s] = (to_s, missing, str(state))
            case _:
                pass

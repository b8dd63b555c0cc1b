"""Reads of the review queue: episodes worst first, one with the values it questions, what is around it.

Invariant: a page of the queue is read off the index of episodes; readings are read for one episode at a time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tortoise.connection import get_connection
from tortoise.expressions import Case, Q, When
from tortoise.queryset import QuerySet

from protocols.flags import OUTER_TESTS, outer_nibbles
from protocols.verdict import unpack
from protocols.vocabulary import EpisodeState, Flag
from storage.models import (
    EpisodeRow,
    FileRow,
    ParameterRow,
    ReviewJournalRow,
    StationRow,
    TicketRow,
)

TO_DO = (EpisodeState.OPEN, EpisodeState.VERIFYING, EpisodeState.ESCALATED)
OUTER_AT = {place: test for test, place in OUTER_TESTS.items()}
SILENCE = "completeness"
"""The test of an episode about a whole station: its parameter is empty and it questions no value."""
QUESTIONED = (Flag.SUSPECT, Flag.FAIL)


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of the queue is asked for; empty and None leave it open. `state` "todo" is all that is not done."""

    station: str = ""
    parameter: str = ""
    test: str = ""
    flag: int | None = None
    from_s: int | None = None
    to_s: int | None = None
    state: str = "todo"
    q: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A stored reading with all that a reviewer needs; `tests` holds the outer tests too."""

    id: int
    time_s: int
    value: float | None
    raw: str
    unit: str
    device_status: str
    flag: int
    tests: dict[str, int]
    file_id: int
    line: int


async def stations_by_id(station_ids: Collection[int]) -> dict[int, StationRow]:
    """Stations of these numbers."""
    return {row.id: row for row in await StationRow.filter(id__in=list(station_ids))}


async def filtered(asked: Asked) -> "QuerySet[EpisodeRow]":
    """The episodes that are asked for."""
    rows = EpisodeRow.all()
    if asked.state == "todo":
        rows = rows.filter(state__in=[str(state) for state in TO_DO])
    elif asked.state:
        rows = rows.filter(state=asked.state)
    for name in ("parameter", "test", "flag"):
        if wanted := getattr(asked, name):
            rows = rows.filter(**{name: wanted})
    if asked.from_s is not None:
        rows = rows.filter(last_s__gte=asked.from_s)
    if asked.to_s is not None:
        rows = rows.filter(first_s__lte=asked.to_s)
    if asked.station or asked.q:
        stations = StationRow.all()
        if asked.station:
            stations = stations.filter(code=asked.station)
        if asked.q:
            stations = stations.filter(
                Q(code__icontains=asked.q) | Q(name__icontains=asked.q) | Q(facility__icontains=asked.q)
            )
        found = await stations.values_list("id", flat=True)
        rows = rows.filter(station_id__in=list(found) or [-1])
    return rows


async def queue(
    asked: Asked, now_ms: int, urgent: Collection[int], limit: int, offset: int
) -> tuple[list[EpisodeRow], int]:
    """A page of the queue and how long it is: overdue verifications, then urgent stations, then fail, then oldest."""
    rows = await filtered(asked)
    count = await rows.count()
    late = Q(state=str(EpisodeState.VERIFYING), due_ms__lt=now_ms)
    ordered = (
        rows.annotate(
            overdue=Case(When(late, then="0"), default="1"),
            weight=Case(When(flag=int(Flag.FAIL), then="0"), When(flag=int(Flag.SUSPECT), then="1"), default="2"),
            urgency=Case(When(Q(station_id__in=sorted(urgent) or [-1]), then="0"), default="1"),
        )
        .order_by("overdue", "urgency", "weight", "first_s", "id")
        .limit(limit)
        .offset(offset)
    )
    return await ordered, count


async def counts(asked: Asked) -> dict[str, int]:
    """How many episodes stand in each state, within what is asked for otherwise."""
    found = {}
    for state in EpisodeState:
        rows = await filtered(Asked(asked.station, asked.parameter, asked.test, asked.flag, asked.from_s, asked.to_s,
                                     str(state), asked.q))  # fmt: skip
        found[str(state)] = await rows.count()
    return found


async def records(station_id: int, parameter: str, from_s: int, to_s: int) -> list[Record]:
    """Stored readings of [from_s, to_s], every record of each instant, by time and arrival."""
    sql = (
        "SELECT id, time_s, value, raw_text, unit, device_status, flag, verdict, outer_flags, file_id, line, parameter "
        f"FROM readings WHERE station_id = {int(station_id)} AND time_s >= {int(from_s)} AND time_s <= {int(to_s)} "
        "ORDER BY time_s, id"
    )
    rows = await get_connection("default").execute_query_dict(sql)
    return [_record(row) for row in rows if row["parameter"] == parameter]


def _record(row: dict[str, Any]) -> Record:
    told = unpack(row["verdict"])
    for place, flag in outer_nibbles(row["outer_flags"]):
        name = OUTER_AT.get(place, f"outer_{place}")
        told[name] = max(int(flag), told.get(name, 0)) if flag in QUESTIONED else told.get(name, int(flag))
    return Record(
        row["id"], row["time_s"], row["value"], row["raw_text"], row["unit"], row["device_status"], row["flag"], told,
        row["file_id"], row["line"],
    )  # fmt: skip


def questioned(found: Collection[Record], *tests: str) -> list[Record]:
    """The records that a test, or any of several, flagged 3 or 4."""
    return [record for record in found if any(record.tests.get(test) in QUESTIONED for test in tests)]


async def stale_episodes(episode_ids: Collection[int]) -> list[EpisodeRow]:
    """Episodes to be counted again."""
    return await EpisodeRow.filter(id__in=list(episode_ids))


async def silences_to_do() -> list[EpisodeRow]:
    """Silences of stations (Q2) that have not ended for the queue."""
    return await EpisodeRow.filter(test=SILENCE, state__in=[str(state) for state in TO_DO])


async def newest_runs(since_s: int) -> list[EpisodeRow]:
    """Episodes that a running box goes on with: the recent ones, and all that must be counted again."""
    return await EpisodeRow.filter(Q(last_s__gte=since_s) | Q(stale=True)).order_by("last_s")


async def episode(episode_id: int) -> EpisodeRow | None:
    """One episode."""
    return await EpisodeRow.get_or_none(id=episode_id)


async def journal_of(episode_id: int) -> list[ReviewJournalRow]:
    """What was done about an episode, oldest first."""
    return await ReviewJournalRow.filter(episode_id=episode_id).order_by("id")


async def earlier_decisions(row: EpisodeRow, limit: int = 10) -> list[ReviewJournalRow]:
    """The latest acts about other episodes of the same series."""
    return (
        await ReviewJournalRow.filter(station_id=row.station_id, parameter=row.parameter)
        .exclude(episode_id=row.id)
        .order_by("-id")
        .limit(limit)
    )


async def tickets_of(episode_id: int) -> list[TicketRow]:
    """Questions that were put to the station, oldest first."""
    return await TicketRow.filter(episode_id=episode_id).order_by("id")


async def parameters_of(station_id: int) -> list[ParameterRow]:
    """A station's parameters."""
    return await ParameterRow.filter(station_id=station_id).order_by("id")


async def stations_near(station: StationRow, degrees: float) -> list[StationRow]:
    """Other stations within a box of degrees around one; empty where it has no place."""
    if station.lat is None or station.lon is None:
        return []
    return await StationRow.filter(
        lat__gte=station.lat - degrees, lat__lte=station.lat + degrees,
        lon__gte=station.lon - degrees, lon__lte=station.lon + degrees,
    ).exclude(id=station.id)  # fmt: skip


async def faults_of(file_ids: Collection[int], limit: int = 20) -> list[FileRow]:
    """Files that brought the values, with their faults and without their bytes."""
    rows = FileRow.filter(id__in=sorted(file_ids)[-limit:]).only("id", "station_id", "name", "faults", "fate", "reason")
    return await rows.order_by("id")

"""Reads and keeps the versions of thresholds."""

from collections.abc import Sequence
from typing import NamedTuple

from storage.database import Database
from storage.models import ThresholdProposalRow, ThresholdVersionRow

LATEST = """
SELECT id, station_id, parameter, params_hash, own_hash FROM threshold_versions
WHERE id IN (SELECT MAX(id) FROM threshold_versions GROUP BY station_id, parameter)
"""


class Latest(NamedTuple):
    """The version in use of one series."""

    id: int
    params_hash: str
    own_hash: str


async def latest_versions(database: Database) -> dict[tuple[int, str], Latest]:
    """The version in use of every series, by station and parameter."""
    rows = await database.connection().execute_query_dict(LATEST)
    return {
        (row["station_id"], row["parameter"]): Latest(row["id"], row["params_hash"], row["own_hash"]) for row in rows
    }


async def keep_versions(database: Database, versions: Sequence[ThresholdVersionRow]) -> dict[tuple[int, str], Latest]:
    """Store new versions, all in one transaction; gives what is in use afterwards."""
    async with database.writing():
        await ThresholdVersionRow.bulk_create(versions, batch_size=500)
    return await latest_versions(database)


async def versions_of(station_id: int, parameter: str = "") -> list[ThresholdVersionRow]:
    """All versions of a station, the newest first."""
    rows = ThresholdVersionRow.filter(station_id=station_id)
    return await (rows.filter(parameter=parameter) if parameter else rows).order_by("-id")


async def hashes_of(station_id: int) -> dict[int, str]:
    """The hash of each version of a station."""
    rows = await ThresholdVersionRow.filter(station_id=station_id).values_list("id", "params_hash")
    return {int(number): str(text) for number, text in rows}


async def proposals_of(station_id: int | None = None, state: str = "") -> list[ThresholdProposalRow]:
    """Proposals, the newest first."""
    rows = ThresholdProposalRow.all()
    if station_id is not None:
        rows = rows.filter(station_id=station_id)
    return await (rows.filter(state=state) if state else rows).order_by("-id")

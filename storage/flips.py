"""Reads the changes of freshness that were told: of some sources, or all since a mark."""

from collections.abc import Sequence

from tortoise.connection import get_connection

from storage.postgres_engine import numbered
from storage.reading import reading

TOGETHER = 500
_NEWEST = (
    "SELECT f.source, f.now FROM flips f "
    "JOIN (SELECT MAX(id) AS id FROM flips WHERE source IN ({}) GROUP BY source) newest ON f.id = newest.id"
)
_SINCE = "SELECT source, now FROM flips WHERE id > ? ORDER BY id"


async def last_flips(sources: Sequence[str]) -> dict[str, str]:
    """The freshness that was last told of these sources."""
    found: dict[str, str] = {}
    for at in range(0, len(sources), TOGETHER):
        some = sources[at : at + TOGETHER]
        found |= await _ask(_NEWEST.format(", ".join("?" * len(some))), list(some))
    return found


async def flips_since(mark: int) -> dict[str, str]:
    """The freshness that was told after a row, by source."""
    return await _ask(_SINCE, [mark])


@reading
async def newest_flip() -> int:
    """The newest row, 0 where nothing was told yet."""
    _, rows = await get_connection("default").execute_query("SELECT MAX(id) AS newest FROM flips")
    return int(rows[0]["newest"] or 0)


@reading
async def _ask(sql: str, parameters: Sequence[object]) -> dict[str, str]:
    connection = get_connection("default")
    text = sql if connection.capabilities.dialect == "sqlite" else numbered(sql)
    _, rows = await connection.execute_query(text, list(parameters))
    return {row["source"]: row["now"] for row in rows}

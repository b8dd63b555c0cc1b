"""Reads the changes of freshness that were told."""

from tortoise.connection import get_connection

from storage.reading import reading

NEWEST = (
    "SELECT f.source, f.now FROM flips f "
    "JOIN (SELECT source, MAX(id) AS id FROM flips GROUP BY source) newest ON f.id = newest.id"
)


@reading
async def last_flips() -> dict[str, str]:
    """The freshness that was last told, by source."""
    _, rows = await get_connection("default").execute_query(NEWEST)
    return {row["source"]: row["now"] for row in rows}

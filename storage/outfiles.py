"""The outbox of hourly files."""

from storage.models import OutFileRow
from storage.reading import reading

BATCH = 100


@reading
async def refused_files(destination_id: int) -> list[int]:
    """Ids of files that a destination refused for good."""
    rows = await OutFileRow.filter(destination_id=destination_id, state="refused").order_by("id").values_list("id")
    return [int(row[0]) for row in rows]


@reading
async def waiting_files(destination_id: int) -> list[OutFileRow]:
    """Files that a destination is owed: the newest hour first, later versions of an hour after earlier ones."""
    return (
        await OutFileRow.filter(destination_id=destination_id, state="waiting")
        .order_by("-hour_s", "version", "id")
        .limit(BATCH)
    )

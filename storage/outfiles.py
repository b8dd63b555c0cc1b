"""The outbox of hourly files."""

from protocols.times import DAY_S
from storage.models import DestinationRow, OutFileRow
from storage.reading import reading

BATCH = 100


@reading
async def refused_files(destination_id: int) -> list[int]:
    """Ids of files that a destination refused for good."""
    rows = await OutFileRow.filter(destination_id=destination_id, state="refused").order_by("id").values_list("id")
    return [int(row[0]) for row in rows]


WITHOUT_BODY = (
    "id", "destination_id", "station_id", "hour_s", "version", "name", "made_ms", "state", "attempts", "forwarded_ms",
    "last_error", "reason",
)  # fmt: skip


async def destination_named(name: str) -> DestinationRow | None:
    """The destination of that name."""
    return await DestinationRow.get_or_none(name=name)


async def files_of(
    destination_id: int, state: str, from_s: int | None, limit: int, offset: int
) -> tuple[list[OutFileRow], int]:
    """A destination's files without their bytes, the newest hour first, and how many there are.

    Args:
        state: only of this state, where there is one.
        from_s: only hours of the day that begins then.
    """
    rows = OutFileRow.filter(destination_id=destination_id)
    if state:
        rows = rows.filter(state=state)
    if from_s is not None:
        rows = rows.filter(hour_s__gt=from_s, hour_s__lte=from_s + DAY_S)
    found = rows.order_by("-hour_s", "-version", "-id").offset(offset).limit(limit).only(*WITHOUT_BODY)
    return await found, await rows.count()


async def file_of(destination_id: int, file_id: int) -> OutFileRow | None:
    """One file of a destination with its bytes."""
    return await OutFileRow.get_or_none(id=file_id, destination_id=destination_id)


@reading
async def waiting_files(destination_id: int) -> list[OutFileRow]:
    """Files that a destination is owed: the newest hour first, later versions of an hour after earlier ones."""
    return (
        await OutFileRow.filter(destination_id=destination_id, state="waiting")
        .order_by("-hour_s", "version", "id")
        .limit(BATCH)
    )

"""Reads what is to be fetched, and what was."""

from collections.abc import Sequence

from storage.models import PulledRow, PullRow
from storage.reading import reading

CHUNK = 500


@reading
async def pulls() -> list[PullRow]:
    """Every server that is visited."""
    return await PullRow.all().order_by("name")


@reading
async def pulled(pull: str, paths: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Of these paths those that were fetched, with size and time of change as they stood then."""
    found: dict[str, tuple[int, int]] = {}
    for first in range(0, len(paths), CHUNK):
        for row in await PulledRow.filter(pull=pull, path__in=list(paths[first : first + CHUNK])):
            found[row.path] = row.size, row.modified_s
    return found


@reading
async def pulled_lately(pull: str, limit: int = 50) -> list[PulledRow]:
    """The newest files fetched from a server."""
    return await PulledRow.filter(pull=pull).order_by("-at_ms", "-id").limit(limit)

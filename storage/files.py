"""Reads the file journal: for restarts, repairs, duplicates and exact bytes."""

from collections.abc import AsyncIterator, Callable

from tortoise.connection import get_connection
from tortoise.functions import Max

from protocols.times import day_of
from protocols.vocabulary import Fate
from storage.models import CounterRow, FileRow, StationRow
from storage.reading import reading

BATCH = 500
NEWEST = (
    "SELECT s.id, (SELECT f.id FROM files f WHERE f.station_id = s.id AND f.fate = 'stored' "
    "ORDER BY f.received_ms DESC, f.id DESC LIMIT 1) AS newest FROM stations s"
)


class FileJournal:
    """Read access to the station files as they came; `read_big` gives the bytes of a file that stands on the disk."""

    def __init__(self, read_big: Callable[[str], bytes]) -> None:
        self._read_big = read_big

    @reading
    async def is_known(self, station_id: int | None, name: str, sha256: str) -> bool:
        """Whether this very file was stored before; None asks among the files of no station."""
        whose = {"station_id__isnull": True} if station_id is None else {"station_id": station_id}
        return await FileRow.filter(**whose, name=name, sha256=sha256, fate=Fate.STORED).exists()

    async def bytes_of(self, row: FileRow) -> bytes:
        """The exact bytes as they came."""
        return row.body if row.body is not None else self._read_big(row.path)

    @reading
    async def batch(self, file_id: int, station_id: int | None = None) -> list[FileRow]:
        """The next stored files after a row, oldest first."""
        query = FileRow.filter(id__gt=file_id, fate=Fate.STORED)
        if station_id is not None:
            query = query.filter(station_id=station_id)
        return await query.order_by("id").limit(BATCH)

    async def after(self, file_id: int) -> AsyncIterator[list[FileRow]]:
        """All stored files after a row, in batches."""
        while rows := await self.batch(file_id):
            yield rows
            file_id = rows[-1].id

    async def stored_after(
        self, file_id: int
    ) -> AsyncIterator[list[tuple[int, str, tuple[int, int, int], str, bytes, str]]]:
        """Files that the folder tree may lack: (id, station, day, name, bytes, path of a big one)."""
        codes = dict(await StationRow.all().values_list("id", "code"))
        async for rows in self.after(file_id):
            yield [
                (
                    row.id,
                    codes[row.station_id],
                    day_of(row.time_s if row.time_s is not None else row.received_ms // 1000),
                    row.name,
                    row.body or b"",
                    "" if row.body is not None else row.path,
                )
                for row in rows
                if row.station_id in codes
            ]

    async def newest_times(self) -> dict[int, int]:
        """The latest time in a stored name, by station."""
        rows = (
            await FileRow.filter(fate=Fate.STORED, station_id__isnull=False, time_s__isnull=False)
            .annotate(newest=Max("time_s"))
            .group_by("station_id")
            .values("station_id", "newest")
        )
        return {int(row["station_id"]): int(row["newest"]) for row in rows}

    @reading
    async def newest_ids(self) -> dict[int, int]:
        """The newest stored file of each station that has one."""
        rows = await get_connection("default").execute_query_dict(NEWEST)
        return {int(row["id"]): int(row["newest"]) for row in rows if row["newest"] is not None}

    async def counter(self, name: str) -> int:
        """A running total or a watermark."""
        row = await CounterRow.get_or_none(name=name)
        return row.value if row else 0

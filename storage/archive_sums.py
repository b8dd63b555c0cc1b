"""What the archive adds to the conservation sums: rows by the footers of its files, and what expired by its record."""

from collections import Counter
from pathlib import Path

from storage.archive import FLOOR, FOLDER, part_file
from storage.models import ArchivePartRow, CounterRow
from storage.parquet_parts import rows_in_footer


async def archive_floor() -> int:
    """The newest journal row that stands in the archive; rows of the hot table up to it count no more."""
    row = await CounterRow.get_or_none(name=FLOOR)
    return 0 if row is None else row.value


async def archived_rows(data_dir: Path | None) -> int:
    """Rows that left the hot table: those of the files by their footers, those that expired as they were recorded.

    Raises:
        DamagedPart: a file is missing or cannot be read.
    """
    rows = 0
    for part in await ArchivePartRow.all():
        if data_dir is None or part.expired_ms is not None:
            rows += part.rows
        else:
            rows += rows_in_footer(part_file(data_dir / FOLDER, part.day_s, part.after_id, part.last_id))
    return rows


async def forwarded_of_archive() -> Counter[str]:
    """By the destination's number, how many archived rows it was sent; nobody is owed one any more."""
    sent: Counter[str] = Counter()
    for part in await ArchivePartRow.all():
        sent.update(part.forwarded)
    return sent

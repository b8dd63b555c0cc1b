"""A database with its tables and no rows: migrated once per run, then copied."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database import Database


@cache
def migrated() -> list[bytes]:
    """The bytes of a migrated SQLite file, once somebody has made them."""
    return []


async def open_blank(folder: Path) -> Database:
    """Open a database of the current layout in a folder."""
    if not migrated():
        with TemporaryDirectory() as made:
            first = await Database.open(f"sqlite://{made}/blank.db")
            await first.migrate()
            await first.close()
            migrated().append((Path(made) / "blank.db").read_bytes())
    (folder / "trambox.db").write_bytes(migrated()[0])
    return await Database.open(f"sqlite://{folder}/trambox.db")

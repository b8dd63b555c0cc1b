"""Waypoints as Parquet: one file is written, read back, and asked for one vehicle. Blocking: run it in a thread.

A file is sorted by vehicle and time; row groups are small and have statistics, so one vehicle costs a few of them.
Invariant: a file gets its name only after it was forced to the disk and read back with the bodies that went in.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from protocols.errors import FormatError
from protocols.formats.ufms import parse_waypoint
from protocols.times import DAY_S
from storage.writer import StoreError

parquet: Any = pq
compute: Any = pc
"""The library has no types, and what could be read off its defaults is too narrow."""
ROWS_PER_GROUP = 16_384
TEMPORARY = ".part"
_STAMP = pa.timestamp("ms", tz="UTC")
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("prev", pa.int64()),
        ("vehicle_id", pa.int32()),
        ("plate", pa.string()),
        ("provider_id", pa.int32()),
        ("provider", pa.string()),
        ("time", _STAMP),
        ("received", _STAMP),
        ("driver", pa.string()),
        ("speed_kmh", pa.float64()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("heading_deg", pa.float64()),
        ("ignition", pa.bool_()),
        ("door", pa.bool_()),
        ("aircon", pa.bool_()),
        ("body", pa.binary()),
    ]
)
JOURNAL = ["id", "prev", "vehicle_id", "time", "received", "provider_id", "body"]
"""The columns of a journal row, in its order."""

JournalRow = tuple[int, int, int, int, int, int, bytes]
"""id, prev, vehicle_id, time_s, received_ms, provider_id, body."""


class DamagedPart(StoreError):
    """A file of the archive does not hold what was put in, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds: its rows, its bytes, and a checksum over ids and bodies in the order of arrival."""

    rows: int
    size: int
    sha256: str


def table_of(rows: Sequence[JournalRow], plates: Mapping[int, str], providers: Mapping[int, str]) -> Any:
    """Journal rows as columns, decoded; a body that is not readable any more keeps its bytes and nothing else."""
    columns: list[list[Any]] = [[] for _ in SCHEMA]
    adders = [column.append for column in columns]
    for row in rows:
        row_id, prev, vehicle_id, time_s, received_ms, provider_id, body = row
        said = _decoded(body)
        named = (vehicle_id, plates.get(vehicle_id), provider_id, providers.get(provider_id))
        values = (row_id, prev, *named, time_s * 1000, received_ms, *said, body)
        for add, value in zip(adders, values, strict=True):
            add(value)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def checksum(pieces: Iterable[tuple[int, bytes]]) -> str:
    """A sum over (id, body), ids ascending."""
    digest = hashlib.sha256()
    for row_id, body in pieces:
        digest.update(row_id.to_bytes(8, "little") + body)
    return digest.hexdigest()


def write(path: Path, table: Any, sha256: str) -> Written:
    """Sort, write under a temporary name, force to the disk, read back, and give the name.

    Raises:
        DamagedPart: what was read back is not what `sha256` was made from.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_suffix(TEMPORARY)
    order = [("vehicle_id", "ascending"), ("time", "ascending"), ("id", "ascending")]
    places = {name: SCHEMA.get_field_index(name) for name, _ in order}
    parquet.write_table(
        table.sort_by(order),
        temporary,
        row_group_size=ROWS_PER_GROUP,
        compression="zstd",
        sorting_columns=[parquet.SortingColumn(place) for place in places.values()],
        write_statistics=[name for name in SCHEMA.names if name != "body"],
        use_dictionary=["plate", "provider_id", "provider", "driver"],
    )
    sync(temporary)
    if (found := read_back(temporary)) != (table.num_rows, sha256):
        raise DamagedPart(f"{temporary} holds {found[0]} rows, not the {table.num_rows} that were written")
    temporary.rename(path)
    sync(path.parent)
    sync(path.parent.parent)
    return Written(table.num_rows, path.stat().st_size, sha256)


def read_back(path: Path) -> tuple[int, str]:
    """Count and sum what a file really holds; raises DamagedPart."""
    try:
        held = parquet.read_table(path, columns=["id", "body"], partitioning=None).sort_by("id")
    except (pa.ArrowException, OSError) as error:
        raise DamagedPart(f"{path} cannot be read: {error}") from error
    sums = hashlib.sha256()
    for batch in held.to_batches(max_chunksize=ROWS_PER_GROUP):
        for row_id, body in zip(batch["id"].to_pylist(), batch["body"].to_pylist(), strict=True):
            sums.update(row_id.to_bytes(8, "little") + body)
    return held.num_rows, sums.hexdigest()


def rows_in_footer(path: Path) -> int:
    """How many rows a file says it has; raises DamagedPart."""
    try:
        return int(parquet.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError) as error:
        raise DamagedPart(f"{path} cannot be read: {error}") from error


def of_vehicle(path: Path, vehicle_id: int) -> list[JournalRow]:
    """A vehicle's rows of one file, by time; only row groups that may hold it are read.

    Raises:
        DamagedPart: the file is there and cannot be read.
        FileNotFoundError: it is not there.
    """
    try:
        with parquet.ParquetFile(path) as file:
            groups = _groups_of(file.metadata, vehicle_id)
            if not groups:
                return []
            found = file.read_row_groups(groups, columns=JOURNAL)
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise DamagedPart(f"{path.parent.name}/{path.name} cannot be read: {error}") from error
    found = found.filter(compute.equal(found["vehicle_id"], vehicle_id))
    time_s = compute.divide(found["time"].cast(pa.int64()), 1000).to_pylist()
    received_ms = found["received"].cast(pa.int64()).to_pylist()
    plain = [found[name].to_pylist() for name in ("id", "prev", "vehicle_id")]
    return list(
        zip(*plain, time_s, received_ms, found["provider_id"].to_pylist(), found["body"].to_pylist(), strict=True)
    )


def _groups_of(footer: Any, vehicle_id: int) -> list[int]:
    place = SCHEMA.get_field_index("vehicle_id")
    groups: list[int] = []
    for number in range(footer.num_row_groups):
        bounds = footer.row_group(number).column(place).statistics
        if bounds is None or bounds.min <= vehicle_id <= bounds.max:
            groups.append(number)
    return groups


def _decoded(body: bytes) -> tuple[Any, ...]:
    try:
        said = parse_waypoint(body)
    except FormatError:
        return (None,) * 8
    place = (said.speed_kmh, said.x_lon, said.y_lat, said.heading_deg)
    return (said.driver, *place, said.ignition, said.door, said.aircon)


def day_of(time_s: int) -> int:
    """The beginning of the UTC day of an instant."""
    return time_s // DAY_S * DAY_S


def sync(path: Path) -> None:
    """Force a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

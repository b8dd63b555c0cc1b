"""Keeps what people decided: each decision is a new row, and dirties its hour in the same transaction.

The means of such an hour are made again, and the exceedances of its values are looked for.

Invariant: there is no other statement than an insert here; a decision is taken back by a later one.
"""

from collections.abc import Iterable, Sequence

from tortoise.connection import get_connection

from protocols.times import hour_end
from storage.ids import Ids
from storage.models import CorrectionRow


async def keep_corrections(ids: Ids, rows: Sequence[CorrectionRow], now_ms: int) -> set[int]:
    """Write decisions inside `Database.writing()`; gives the hours whose means must be made again."""
    for row in rows:
        row.id = ids.take("corrections")
    await CorrectionRow.bulk_create(rows, batch_size=500)
    hours = {(row.station_id, hour_end(row.time_s)) for row in rows}
    await dirty(ids, hours, now_ms)
    return {hour_s for _, hour_s in hours}


async def dirty(ids: Ids, hours: Iterable[tuple[int, int]], now_ms: int) -> None:
    """Put hours on the worklists of means and of exceedances, as the ledger does for late readings."""
    query = get_connection("default").execute_query
    for station_id, hour_s in sorted(hours):
        # only whole numbers go into the text, since the two engines write placeholders differently
        place = f"{int(station_id)}, {int(hour_s)}"
        await query(
            "INSERT INTO dirty_hours (id, station_id, hour_s, since_ms) "
            f"VALUES ({ids.take('dirty_hours')}, {place}, {int(now_ms)}) "
            "ON CONFLICT (station_id, hour_s) DO UPDATE SET id = excluded.id"
        )
        await query(
            "INSERT INTO exceedance_work (id, station_id, end_s, averaging) "
            f"VALUES ({ids.take('exceedance_work')}, {place}, 'instant') "
            "ON CONFLICT (station_id, averaging, end_s) DO UPDATE SET id = excluded.id"
        )

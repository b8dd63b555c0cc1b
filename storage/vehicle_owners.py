"""Keeps whose vehicle it was on which day, so that a report of the past is not rewritten by today's registry.

What changes in the registry holds from today on; the days before stay with whom they were. The first entry of a vehicle
that nobody had registered says whose it was before, too.
"""

from collections.abc import Collection, Iterator

from storage.traffic_months import SPAN
from storage.writer import Unit

OPEN = SPAN - 1
"""`to_day` of the stretch that goes on."""
TOGETHER = 20_000
"""Vehicles of one statement."""
COLUMNS = ("company", "department", "terminal", "provider", "business", "registered")

_TAKEN = ", ".join(f"{name} = v.{name}" for name in COLUMNS)
_DIFFERS = " OR ".join(f"vehicle_owners.{name} <> v.{name}" for name in COLUMNS)
_CURRENT = (
    f"FROM vehicles v WHERE v.id = vehicle_owners.vehicle_id AND vehicle_owners.to_day = {OPEN} "
    f"AND v.id BETWEEN ? AND ? AND ({_DIFFERS}) AND "
)
MEND = f"UPDATE vehicle_owners SET {_TAKEN} {_CURRENT}(vehicle_owners.from_day >= ? OR NOT vehicle_owners.registered)"
"""Stretches that began today, or of a vehicle that nobody had registered: first, last id, today."""
END = f"UPDATE vehicle_owners SET to_day = ? {_CURRENT}vehicle_owners.from_day < ?"
"""Yesterday, first, last id, today."""
_NAMES = ", ".join(COLUMNS)
_BEGIN_DAY = "CASE WHEN EXISTS (SELECT 1 FROM vehicle_owners o WHERE o.vehicle_id = v.id) THEN {today} ELSE 0 END"


def _begin(today: int) -> str:
    day = _BEGIN_DAY.format(today=today)
    return (
        f"INSERT INTO vehicle_owners (id, vehicle_id, from_day, to_day, {_NAMES}) "
        f"SELECT CAST(v.id AS BIGINT) * {SPAN} + {day}, v.id, {day}, {OPEN}, {', '.join(f'v.{n}' for n in COLUMNS)} "
        "FROM vehicles v WHERE v.id BETWEEN ? AND ? AND NOT EXISTS "
        f"(SELECT 1 FROM vehicle_owners o WHERE o.vehicle_id = v.id AND o.to_day = {OPEN})"
    )


def owner_units(vehicle_ids: Collection[int], today: int) -> Iterator[Unit]:
    """Units that bring the owners of these vehicles up to the registry, one after the other.

    Args:
        today: days since 1970 (UTC+7).
    """
    ordered = sorted(vehicle_ids)
    for at in range(0, len(ordered), TOGETHER):
        part = ordered[at : at + TOGETHER]
        first, last = part[0], part[-1]
        yield Unit(
            updates=[
                (MEND, (first, last, today)),
                (END, (today - 1, first, last, today)),
                (_begin(today), (first, last)),
            ]
        )

"""Reads what the judging of vehicles stored: violations, and stretches at the wheel."""

from collections.abc import Collection

from storage.models import StretchRow, VehicleRow, ViolationRow
from storage.reading import reading


@reading
async def violations_of_vehicle(vehicle_id: int, kinds: Collection[str], from_s: int) -> list[ViolationRow]:
    """Rows of a vehicle that start at a time or after it."""
    return await ViolationRow.filter(vehicle_id=vehicle_id, kind__in=list(kinds), start_s__gte=from_s).order_by("id")


@reading
async def violations_of_drivers(drivers: Collection[str], kinds: Collection[str], from_s: int) -> list[ViolationRow]:
    """Rows of some licences that start at a time or after it."""
    return await ViolationRow.filter(driver__in=list(drivers), kind__in=list(kinds), start_s__gte=from_s).order_by("id")


@reading
async def open_violations(kinds: Collection[str]) -> list[ViolationRow]:
    """Rows that may still grow."""
    return await ViolationRow.filter(closed=False, kind__in=list(kinds))


@reading
async def stretches_of_vehicle(vehicle_id: int, from_s: int, to_s: int | None = None) -> list[StretchRow]:
    """Stretches of a vehicle that end after a time, and start before another."""
    rows = StretchRow.filter(vehicle_id=vehicle_id, end_s__gt=from_s)
    if to_s is not None:
        rows = rows.filter(start_s__lte=to_s)
    return await rows.order_by("start_s")


@reading
async def stretches_of_drivers(drivers: Collection[str], from_s: int, to_s: int | None = None) -> list[StretchRow]:
    """Stretches of some licences, in all vehicles, that start at a time or after it, and not after another."""
    rows = StretchRow.filter(driver__in=list(drivers), start_s__gte=from_s)
    if to_s is not None:
        rows = rows.filter(start_s__lte=to_s)
    return await rows.order_by("start_s")


@reading
async def stretch_before(vehicle_id: int, time_s: int) -> StretchRow | None:
    """The last stretch of a vehicle that began before a time."""
    return await StretchRow.filter(vehicle_id=vehicle_id, start_s__lt=time_s).order_by("-start_s").first()


@reading
async def stretches_after(row_id: int, most: int) -> list[StretchRow]:
    """Stretches that began or grew since a row."""
    return await StretchRow.filter(id__gt=row_id).order_by("id").limit(most)


@reading
async def plates_of(vehicle_ids: Collection[int]) -> dict[int, str]:
    """Plates by vehicle."""
    return {row.id: row.plate for row in await VehicleRow.filter(id__in=list(vehicle_ids))}

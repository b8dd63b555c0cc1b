"""Reads what the judging of vehicles stored: violations, and stretches at the wheel."""

from collections.abc import Collection

from storage.models import StretchRow, VehicleRow, ViolationRow
from storage.reading import reading


@reading
async def violations_of_vehicle(vehicle_id: int, kinds: Collection[str], from_s: int) -> list[ViolationRow]:
    """Rows of a vehicle that start at a time or after it."""
    return await ViolationRow.filter(vehicle_id=vehicle_id, kind__in=list(kinds), start_s__gte=from_s).order_by("id")


@reading
async def violations_of_driver(driver: str, kinds: Collection[str], from_s: int) -> list[ViolationRow]:
    """Rows of a licence that start at a time or after it."""
    return await ViolationRow.filter(driver=driver, kind__in=list(kinds), start_s__gte=from_s).order_by("id")


@reading
async def stretches_of_vehicle(vehicle_id: int, from_s: int, to_s: int | None = None) -> list[StretchRow]:
    """Stretches of a vehicle that end after a time, and start before another."""
    rows = StretchRow.filter(vehicle_id=vehicle_id, end_s__gt=from_s)
    if to_s is not None:
        rows = rows.filter(start_s__lte=to_s)
    return await rows.order_by("start_s")


@reading
async def stretches_of_driver(driver: str, from_s: int) -> list[StretchRow]:
    """Stretches of a licence, in all vehicles, that start at a time or after it."""
    return await StretchRow.filter(driver=driver, start_s__gte=from_s).order_by("start_s")


@reading
async def stretch_before(vehicle_id: int, time_s: int) -> StretchRow | None:
    """The last stretch of a vehicle that began before a time."""
    return await StretchRow.filter(vehicle_id=vehicle_id, start_s__lt=time_s).order_by("-start_s").first()


@reading
async def newest_stretch_s(driver: str) -> int:
    """When the newest stretch of a licence began; 0 where there is none."""
    row = await StretchRow.filter(driver=driver).order_by("-start_s").first()
    return 0 if row is None else row.start_s


@reading
async def stretches_after(row_id: int, most: int) -> list[StretchRow]:
    """Stretches that began or grew since a row."""
    return await StretchRow.filter(id__gt=row_id).order_by("id").limit(most)


@reading
async def plates_of(vehicle_ids: Collection[int]) -> dict[int, str]:
    """Plates by vehicle."""
    return {row.id: row.plate for row in await VehicleRow.filter(id__in=list(vehicle_ids))}

"""Reads what was counted of providers: messages by fate and waypoints by fault, by day of receipt."""

from dataclasses import dataclass, field

from protocols.times import DAY_S, day_start
from storage.models import ProviderDayRow, ProviderRow, VehicleRow
from storage.reading import reading

FATES = ("received", "stored", "duplicate", "refused", "other")


@dataclass(slots=True)
class Counted:
    """What was counted of a kind in a span, with its first example."""

    count: int = 0
    example_plate: str = ""
    example: str = ""
    example_ms: int = 0


@dataclass(slots=True)
class ProviderReport:
    """One provider's span."""

    provider: ProviderRow
    vehicles: int = 0
    unregistered: int = 0
    last_ms: int = 0
    fates: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FATES, 0))
    defects: dict[str, Counted] = field(default_factory=dict[str, Counted])
    refused_example: str = ""
    days: dict[int, dict[str, int]] = field(default_factory=dict[int, dict[str, int]])
    seen: dict[str, dict[int, Counted]] = field(default_factory=dict[str, dict[int, Counted]])
    """Each defect by day, with the first example of that day."""


async def provider_reports(from_s: int, to_s: int, name: str = "") -> list[ProviderReport]:
    """Every provider (or the one of that name) over the days that begin in [from_s, to_s]."""
    found = await (ProviderRow.filter(username=name) if name else ProviderRow.all()).order_by("username")
    reports = {row.id: ProviderReport(row) for row in found}
    for report in reports.values():
        theirs = VehicleRow.filter(provider=report.provider.username)
        report.vehicles = await theirs.count()
        report.unregistered = await theirs.filter(registered=False).count()
        newest = await ProviderDayRow.filter(provider_id=report.provider.id).order_by("-last_ms").first()
        report.last_ms = newest.last_ms if newest else 0
    rows = ProviderDayRow.filter(day_s__gte=from_s, day_s__lte=to_s, provider_id__in=list(reports))
    for row in await rows.order_by("day_s", "kind"):
        _add(reports[row.provider_id], row)
    return list(reports.values())


def _add(report: ProviderReport, row: ProviderDayRow) -> None:
    report.days.setdefault(row.day_s, {})[row.kind] = row.count
    if row.kind in report.fates:
        report.fates[row.kind] += row.count
        if row.kind == "refused":
            report.refused_example = report.refused_example or row.example
        return
    on_day = Counted(row.count, row.example_plate, row.example, row.example_ms)
    report.seen.setdefault(row.kind, {})[row.day_s] = on_day
    counted = report.defects.setdefault(row.kind, Counted(0, row.example_plate, row.example, row.example_ms))
    counted.count += row.count


async def provider_names() -> dict[int, str]:
    """Usernames by id."""
    return {row.id: row.username for row in await ProviderRow.all().only("id", "username")}


@reading
async def newest_stored(now_s: int, days: int) -> dict[str, int]:
    """When the newest waypoint of each provider was kept, in milliseconds; of those who sent one within these days."""
    names, today_s = await provider_names(), day_start(now_s)
    keys = [f"{number}:{today_s - back * DAY_S}:stored" for number in names for back in range(days + 1)]
    newest: dict[str, int] = {}
    for row in await ProviderDayRow.filter(id__in=keys, last_ms__gte=(now_s - days * DAY_S) * 1000):
        name = names[row.provider_id]
        newest[name] = max(newest.get(name, 0), row.last_ms)
    return newest


@reading
async def vehicles_of(provider: str) -> int:
    """How many vehicles are a provider's."""
    return await VehicleRow.filter(provider=provider).count()

"""Who a vehicle is: what people entered, what trackers say beside it, and who may see which vehicles.

Invariant: a person's entry wins; a tracker's word fills only what nobody entered, and opens a vehicle to nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

from tortoise.expressions import Q

from storage.entries import VehicleEntry
from storage.models import CompanyWordRow, DriverWordRow, VehicleRow, VehicleWordRow
from storage.scopes import Scope

ENTERED = (
    "company", "department", "terminal", "business", "seats", "payload_kg", "speed_limit_kmh", "device", "sim", "vin",
)  # fmt: skip
SAID = ("company", "business", "device", "sim", "vin")
"""What trackers speak of too."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A vehicle's identity. `said` names the fields that only a tracker told; `differences` has both words."""

    vehicle: VehicleRow
    values: dict[str, object]
    said: tuple[str, ...]
    words: list[VehicleWordRow]
    drivers: list[DriverWordRow]
    companies: list[CompanyWordRow]

    @property
    def differences(self) -> list[tuple[str, str, str, str]]:
        """(field, entered, said, by which provider), where trackers say something else than people."""
        return [
            (field, str(entered), said, word.provider)
            for word in self.words
            for field in SAID
            if (entered := getattr(self.vehicle, field)) and (said := getattr(word, field)) and not alike(entered, said)
        ]


def alike(entered: str, said: str) -> bool:
    """Whether two spellings mean the same."""
    return entered.casefold().replace("_", " ").split() == said.casefold().replace("_", " ").split()


async def identity(vehicle: VehicleRow, is_heard: Callable[[str], bool] = lambda provider: True) -> Identity:
    """Put together what is known of a vehicle; the newest word of a tracker fills what nobody entered.

    Args:
        is_heard: whether a provider's words may be told.
    """
    heard = [row for row in await VehicleWordRow.filter(plate=vehicle.plate) if is_heard(row.provider)]
    words = sorted(heard, key=lambda row: (-row.received_ms, row.id))
    values: dict[str, object] = {field: getattr(vehicle, field) for field in ENTERED}
    said: list[str] = []
    for field in SAID:
        if not values[field] and (told := next((getattr(word, field) for word in words if getattr(word, field)), "")):
            values[field] = told
            said.append(field)
    licences = {word.driver for word in words if word.driver}
    drivers = await DriverWordRow.filter(licence__in=licences).order_by("licence", "-received_ms") if licences else []
    drivers = [row for row in drivers if is_heard(row.provider)]
    company = str(values["company"] or "")
    companies = await CompanyWordRow.filter(company=company).order_by("-received_ms") if company else []
    companies = [row for row in companies if is_heard(row.provider)]
    if companies:
        companies = await _about(companies, vehicle)
    return Identity(vehicle, values, tuple(said), words, drivers, companies)


async def _about(companies: list[CompanyWordRow], vehicle: VehicleRow) -> list[CompanyWordRow]:
    """The words about a vehicle's company: a tracker names no department, so where several have one of that name,
    those count whose provider carries vehicles of this one.
    """
    named = VehicleRow.filter(company=vehicle.company)
    if not vehicle.company or not await named.exclude(department=vehicle.department).exists():
        return companies
    own = named.filter(department=vehicle.department).distinct()
    carriers = {str(name) for name in await own.values_list("provider", flat=True)}
    return [row for row in companies if row.provider in carriers]


async def with_what_is_kept(entries: Sequence[VehicleEntry]) -> tuple[VehicleEntry, ...]:
    """Entries of a sheet, whose empty cells say nothing: what is kept of a vehicle stays there."""
    kept = {row.plate: row for row in await VehicleRow.all()} if entries else {}
    return tuple(_filled(entry, kept.get(entry.plate)) for entry in entries)


def _filled(entry: VehicleEntry, row: VehicleRow | None) -> VehicleEntry:
    if row is None:
        return entry
    empty = [each.name for each in fields(entry) if getattr(entry, each.name) in ("", None)]
    return replace(entry, **{name: getattr(row, name) for name in empty})


async def vehicles(
    scope: Scope | None, registered: bool | None, q: str, limit: int, offset: int
) -> tuple[list[VehicleRow], int]:
    """Vehicles by plate, and how many there are."""
    rows = VehicleRow.filter(**({} if scope is None else scope.columns))
    if registered is not None:
        rows = rows.filter(registered=registered)
    if q:
        rows = rows.filter(
            Q(plate__icontains=q) | Q(company__icontains=q) | Q(department__icontains=q) | Q(provider__icontains=q)
        )
    return await rows.order_by("plate").offset(offset).limit(limit), await rows.count()


async def plates_of(scope: Scope) -> frozenset[str]:
    """The plates a person of that scope sees."""
    return frozenset(str(plate) for plate in await VehicleRow.filter(**scope.columns).values_list("plate", flat=True))


async def is_within(scope: Scope, plate: str) -> bool:
    """Whether a person of that scope sees this vehicle."""
    return await VehicleRow.filter(**scope.columns, plate=plate).exists()

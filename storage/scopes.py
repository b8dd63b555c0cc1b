"""What a person's view may be narrowed to: the vehicles of a company, a department, a terminal or a provider.

A company is known by its department and its name: two departments may each have one of a name. An account whose company
was named without department means the only one of that name; where there are several it means none until somebody says.
A terminal (bến xe) handles vehicles of many departments, so it is known by its own name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from storage.models import UserRow, VehicleRow

COMPANY = "company"
SCOPES = (COMPANY, "department", "terminal", "provider")
"""Columns of a vehicle."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose vehicles are seen. Of a company that is not settled yet, `among` has the departments that it may be of."""

    kind: str
    name: str
    department: str | None = None
    among: tuple[str, ...] = ()

    @property
    def columns(self) -> Mapping[str, str]:
        """What a vehicle, or its owner, must have in these columns."""
        assert self.kind in SCOPES and self.name and not self.is_unsettled
        return {self.kind: self.name, **({"department": self.department or ""} if self.kind == COMPANY else {})}

    @property
    def is_unsettled(self) -> bool:
        """Whether several departments have a company of this name, and nobody said which."""
        return self.kind == COMPANY and self.department is None and len(self.among) > 1


async def scope_of_user(user: UserRow) -> Scope | None:
    """What a person's view is narrowed to; None for one who sees all."""
    if not user.scope_kind:
        return None
    scope = Scope(user.scope_kind, user.scope_name, user.scope_department)
    return await settled(scope) if scope.kind == COMPANY and scope.department is None else scope


async def settled(scope: Scope) -> Scope:
    """A company with its department where only one has it; where none has it, it is nobody's and shows nothing."""
    among = await departments_of(scope.name)
    return replace(scope, among=among, department=among[0] if len(among) == 1 else None)


async def departments_of(company: str) -> tuple[str, ...]:
    """The departments that have a company of this name, by name; empty for a company without one."""
    found = await VehicleRow.filter(company=company).distinct().values_list("department", flat=True)
    return tuple(sorted(str(name) for name in found))

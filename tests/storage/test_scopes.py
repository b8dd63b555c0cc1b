"""A company is known by its department and its name, for accounts that say the department and those that do not."""

from importlib import import_module

import pytest

from storage.models import UserRow, VehicleRow
from storage.registry import plates_of
from storage.scopes import Scope, settled
from tests.storage.stores import opened


@pytest.mark.asyncio
async def test_a_company_without_department_is_the_only_one_of_its_name(store_url: str) -> None:
    asked = Scope("company", "Hoàng Long")
    async with opened(store_url) as (_, _):
        assert await plates_of(await settled(asked)) == set()
        for number, department in ((3, "Sở A"), (4, "Sở B"), (5, "Sở B")):
            await VehicleRow.create(id=number, plate=f"29A{number}", company="Hoàng Long", department=department)
        unsaid = await settled(asked)
        assert unsaid.is_unsettled and unsaid.among == ("Sở A", "Sở B")
        await VehicleRow.filter(department="Sở A").update(company="Khác")
        only = await settled(asked)
        assert only.department == "Sở B" and await plates_of(only) == {"29A4", "29A5"}


@pytest.mark.asyncio
async def test_accounts_that_were_there_get_the_only_department_that_has_their_company(store_url: str) -> None:
    """What the migration says; where several have one, or none, nobody is told for them, and nothing is lost."""
    step = import_module("storage.migrations.0024_name_the_department_of_a_company")
    async with opened(store_url) as (database, _):
        async with database.writing():
            for number, (company, department) in enumerate(
                [("Tây Hồ", "Sở A"), ("Tây Hồ", "Sở A"), ("Hoàng Long", "Sở A"), ("Hoàng Long", "Sở B"), ("Lẻ", "")], 1
            ):
                await VehicleRow.create(id=number, plate=f"29A{number}", company=company, department=department)
            for name, kind in (
                ("Tây Hồ", "company"),
                ("Hoàng Long", "company"),
                ("Lẻ", "company"),
                ("Sở A", "department"),
            ):
                await UserRow.create(
                    name=name, role="viewer", password_hash="", created_ms=0, scope_kind=kind, scope_name=name
                )
            await database.connection().execute_script(step.NAME_THE_ONLY_ONE)
        found = {row.name: (row.scope_name, row.scope_department) for row in await UserRow.all()}
    assert found == {
        "Tây Hồ": ("Tây Hồ", "Sở A"), "Hoàng Long": ("Hoàng Long", None), "Lẻ": ("Lẻ", ""), "Sở A": ("Sở A", None),
    }  # fmt: skip

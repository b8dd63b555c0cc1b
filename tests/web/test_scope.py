"""A person with a scope sees the vehicles of that scope, and of the rest not even that it is there."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from actors.board import Event
from storage.models import ProviderRow, UserRow, VehicleRow
from tests.web.fakes import NOW_S
from tests.web.house import House
from web.access import Access
from web.operations import OPERATIONS, PAGES
from web.scope import REACHES, narrowed

OTHERS = {
    "<path:plate>": "29B00002", "<path:source_id>": "vehicle:29B00002", "<name>": "gps2",
    "<path:code>": "TB_COFF_NUOCTH", "<path:actor_id>": "vehicle:29B00001",
}  # fmt: skip
LISTS = {rule for rule in REACHES if "<" not in rule}


def path_of(rule: str) -> str:
    """A path of this rule that speaks of what is not within the scope."""
    for mark, value in OTHERS.items():
        rule = rule.replace(mark, value)
    while "<" in rule:
        rule = rule[: rule.index("<")] + "1" + rule[rule.index(">") + 1 :]
    return rule


@pytest_asyncio.fixture
async def narrow(house: House) -> House:
    """`lan` sees one company, `duyet` one provider."""
    await VehicleRow.create(id=2, plate="29B00002", provider="gps2", company="Khác")
    for number in (1, 2):
        await ProviderRow.create(id=number, username=f"gps{number}", password_hash="")
    await UserRow.filter(name="lan").update(scope_kind="company", scope_name="Vận tải Sông Hồng")
    await UserRow.filter(name="duyet").update(scope_kind="provider", scope_name="gps1")
    return house


@pytest.mark.asyncio
@pytest.mark.parametrize("person", ["lan", "duyet"])
async def test_no_route_speaks_of_what_lies_outside(narrow: House, person: str) -> None:
    rules = [(item.method, item.rule, item.access) for item in OPERATIONS]
    rules += [("GET", rule, access) for rule, access in PAGES.items()]
    async with narrow.client(person) as client:
        for method, rule, access in rules:
            if access is Access.PUBLIC or rule in LISTS or rule == "/":
                continue
            answer = await client.request(method, path_of(rule), json={})
            assert answer.status_code == (404 if rule in REACHES else 403), (method, rule)


@pytest.mark.asyncio
async def test_lists_hold_what_lies_within(narrow: House) -> None:
    async with narrow.client("lan") as client:
        sources = (await client.get("/api/v1/sources")).json()
        summary = (await client.get("/api/v1/summary")).json()
        listed = (await client.get("/api/v1/vehicles")).json()
        providers = (await client.get("/api/v1/providers")).json()
        pages = [(await client.get(path)).text for path in ("/vehicles", "/providers")]
        own = await client.get("/api/v1/vehicles/29B-000.01/waypoints")
        home = await client.get("/")
    assert [each["id"] for each in sources] == ["vehicle:29B00001"] and summary["total"] == 1
    assert [each["plate"] for each in listed] == ["29B00001"] and providers == []
    assert not any("29B00002" in page or "gps2" in page for page in pages)
    assert own.status_code == 200 and (home.status_code, home.headers["location"]) == (302, "/vehicles")


@pytest.mark.asyncio
async def test_a_provider_sees_its_own_counts(narrow: House) -> None:
    async with narrow.client("duyet") as client:
        listed = (await client.get("/api/v1/providers")).json()
        own = await client.get("/api/v1/providers/gps1")
    assert [each["name"] for each in listed] == ["gps1"] and own.status_code == 200


@pytest.mark.asyncio
async def test_a_token_carries_the_scope_of_its_person(narrow: House) -> None:
    async with narrow.client("lan") as client:
        me = (await client.get("/api/v1/me")).json()
        token = (await client.post("/api/v1/tokens", json={"name": "x"})).json()["token"]
    async with narrow.client("") as script:
        script.headers["Authorization"] = f"Bearer {token}"
        refused = await script.get("/api/v1/audit-log")
        foreign = await script.get("/api/v1/vehicles/29B00002/violations")
    assert me["scope"] == {"kind": "company", "name": "Vận tải Sông Hồng", "department": ""}
    assert (refused.status_code, refused.json()["error"], foreign.status_code) == (403, "scope", 404)


@pytest.mark.asyncio
async def test_nobody_leaves_a_scope_by_a_token_of_someone_else(narrow: House) -> None:
    await UserRow.filter(name="admin").update(scope_kind="terminal", scope_name="Giáp Bát")
    async with narrow.client("admin") as client:
        answer = await client.post("/api/v1/tokens", json={"name": "x", "user": "an"})
    assert answer.status_code == 403


@pytest.mark.asyncio
async def test_pushed_events_are_those_of_the_scope() -> None:
    async def events() -> AsyncIterator[Event]:
        for number, data in enumerate(({"source": "vehicle:A"}, {"id": "vehicle:B"}, {"source": "station:A"}, {}), 1):
            yield Event(number, "flip", dict[str, object](data))
        yield Event(5, "strip", {"balanced": True})
        yield Event(6, "resync", {})

    async def ask() -> frozenset[str]:
        return frozenset({"A"})

    seen = [event.id async for event in narrowed(events(), ask, lambda: NOW_S)]
    assert seen == [1, 6]

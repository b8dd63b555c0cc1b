"""Every path of vehicles, asked by each kind of person with a scope: what is within is told, what lies outside never.

TT 09/2015/TT-BGTVT: a department sees its companies, a company its vehicles, a terminal (bến xe) the vehicles that it
handles, a provider what it sent.
"""

import io
import re
import zipfile
from html import unescape
from typing import Any

import httpx
import pytest
import pytest_asyncio

from actors.vehicle import VehicleActor
from protocols.formats.ufms import build_waypoint
from protocols.times import day_number
from protocols.vocabulary import Freshness
from protocols.waypoint import Waypoint
from storage.models import (
    CompanyWordRow,
    DriverWordRow,
    ProviderDayRow,
    ProviderRow,
    TrafficDayRow,
    UserRow,
    VehicleOwnerRow,
    VehicleRow,
    VehicleWordRow,
    ViolationRow,
    WaypointRow,
)
from storage.traffic_days import row_id
from storage.vehicle_owners import OPEN
from tests.web.fakes import NOW_S
from tests.web.house import LIMIT_BOOK, PASSWORDS, House
from web.scope import REACHES, Reach

OWN, FOREIGN = "29B00001", "29B00002"
SCOPES = {"department": "Sở Nhà", "company": "Vận tải Sông Hồng", "terminal": "Bến Nhà", "provider": "gps1"}
OUTSIDE = (FOREIGN, "Sở Khác", "Hãng Khác", "Bến Khác", "gps2")
"""Words of the other vehicle; no answer to a person with a scope has one of them."""
SENT = "lời của gps2"
"""What the other provider says of the first vehicle: no word for the first provider."""
NAMED = {"<path:plate>": (OWN, FOREIGN), "<path:source_id>": (f"vehicle:{OWN}", f"vehicle:{FOREIGN}")}
SILENT = {
    "/api/v1/logout", "/api/v1/me", "/api/v1/tokens", "/api/v1/zones", "/api/v1/reports", "/api/v1/summary", "/map",
    "/api/v1/events", "/api/v1/reports/hours", "/api/v1/vehicles/<path:plate>/track",
    "/api/v1/vehicles/<path:plate>/waypoints/<int:row>/raw",
}  # fmt: skip
"""They name no vehicle and no owner, or only once something happens."""
OF_PROVIDERS = {"/api/v1/providers", "/providers"}
TIMES = {"from": "2025-01-01", "to": "2025-12-31"}


@pytest_asyncio.fixture
async def province(house: House) -> House:
    """Two vehicles that have nothing in common, both driving and speeding, and a person of each kind for the first."""
    await VehicleRow.filter(id=1).update(department="Sở Nhà", terminal="Bến Nhà")
    await VehicleRow.create(
        id=2, plate=FOREIGN, provider="gps2", company="Hãng Khác", department="Sở Khác", terminal="Bến Khác"
    )
    for number, row in enumerate(await VehicleRow.all().order_by("id"), 1):
        await _tell_of(house, number, row)
    for kind, name in SCOPES.items():
        PASSWORDS.setdefault(kind, f"{kind}-word")
        await UserRow.create(
            name=kind, role="viewer", password_hash=f"plain:{kind}-word", created_ms=1, scope_kind=kind, scope_name=name
        )
    return house


async def _tell_of(house: House, number: int, row: VehicleRow) -> None:
    await ProviderRow.create(id=number, username=row.provider, password_hash="")
    await ProviderDayRow.create(
        id=number, provider_id=number, day_s=int(NOW_S) // 86_400 * 86_400 - 7 * 3600, kind="stored", count=1,
        last_ms=0, example_plate=row.plate, example="", example_ms=0,
    )  # fmt: skip
    day = day_number(int(NOW_S))
    await VehicleOwnerRow.create(
        id=row_id(number, 0), vehicle_id=number, from_day=0, to_day=OPEN, company=row.company,
        department=row.department, terminal=row.terminal, provider=row.provider, business="Taxi", registered=True,
    )  # fmt: skip
    await TrafficDayRow.create(
        id=row_id(number, day), way_m=100_000.0, moving_s=3600, messages=9, over_10=1, over_m=900.0, over_s=60,
        worst_kmh=12.0, rare=1,
    )  # fmt: skip
    await ViolationRow.create(
        id=number, vehicle_id=number, kind="speed", start_s=int(NOW_S) - 600, end_s=int(NOW_S) - 540, closed=True,
        detail={"band": "10-20", "excess_kmh": 12.0}, driver="",
    )  # fmt: skip
    waypoint = Waypoint(row.plate, "", 40.0, int(NOW_S) - 60, 105.8 + number / 100, 21.0, None, None, None, None)
    body = build_waypoint(waypoint)
    await WaypointRow.create(
        id=number, prev=0, vehicle_id=number, time_s=waypoint.time_s, received_ms=int(NOW_S * 1000), provider_id=number,
        body=body,
    )  # fmt: skip
    house.heads[number] = number
    actor = VehicleActor(number, row.plate, None, LIMIT_BOOK)
    actor.restore(None)
    actor.freshness, actor.last = Freshness.FRESH, waypoint
    house.fleet.append(actor)


def paths(rule: str, place: int) -> str:
    """A path of this rule that speaks of the own vehicle (0) or of the other (1)."""
    for mark, value in NAMED.items():
        rule = rule.replace(mark, value[place])
    return (
        rule.replace("<name>", ("gps1", "gps2")[place])
        .replace("<int:row>", str(place + 1))
        .replace("<int:number>", "5")
    )


async def text_of(client: httpx.AsyncClient, path: str) -> str:
    """What a list says, as text; of a stream its first event, of a workbook what stands in its cells."""
    query = {**TIMES, "bbox": "105.0,20.0,107.0,22.0", "kind": "speed", "by": "company"}
    if path.startswith(("/api/v1/vehicles/", "/api/v1/sources", "/providers/")):
        query = {}
    if path.endswith("/events"):
        async with client.stream("GET", path, params=query) as stream:
            assert stream.status_code == 200
            if path != "/api/v1/map/events":
                return ""
            async for chunk in stream.aiter_text():
                if '"vehicles"' in chunk:
                    return chunk
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return answer.text


GET_RULES = sorted(rule for rule in REACHES if rule not in ("/api/v1/logout", "/api/v1/tokens"))


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", SCOPES)
async def test_every_path_tells_what_is_within_and_nothing_else(province: House, kind: str) -> None:
    async with province.client(kind) as client:
        for rule in GET_RULES:
            own, other = paths(rule, 0), paths(rule, 1)
            if REACHES[rule] is Reach.PROVIDER and kind != "provider":
                assert (await client.get(own)).status_code == 404, rule
                continue
            told = await text_of(client, own)
            assert not [word for word in OUTSIDE if word in told], (rule, kind)
            if "<" in rule and other != own:
                assert (await client.get(other)).status_code == 404, rule
            if rule in OF_PROVIDERS:
                assert ("gps1" in told) == (kind == "provider"), rule
            elif rule not in SILENT and REACHES[rule] is not Reach.PROVIDER:
                assert OWN in told or SCOPES["company"] in told, (rule, kind)
    async with province.client("an") as client:
        for rule in GET_RULES:
            if rule in OF_PROVIDERS or (REACHES[rule] is Reach.LIST and rule not in SILENT):
                told = await text_of(client, paths(rule, 0))
                assert any(word in told for word in OUTSIDE), f"the table proves nothing of {rule}"


@pytest.mark.asyncio
async def test_a_report_asked_for_others_is_empty_within_a_scope(province: House) -> None:
    for kind, name in SCOPES.items():
        async with province.client(kind) as client:
            for query in ({"company": "Hãng Khác"}, {"department": "Sở Khác"}, {"plate": FOREIGN}):
                for path in ("/api/v1/reports/5", "/api/v1/reports/violations", "/api/v1/reports/days"):
                    told = (await client.get(path, params={**TIMES, **query})).json()
                    rows = told["rows"] if isinstance(told, dict) else told
                    assert rows == [], (kind, name, path, query)
            assert (await client.get("/api/v1/map", params={"bbox": "105,20,107,22", "q": FOREIGN})).json()[
                "total"
            ] == 0


@pytest.mark.asyncio
async def test_a_provider_hears_no_word_of_another_about_its_vehicle(province: House) -> None:
    for number, provider in ((1, "gps1"), (2, "gps2")):
        words = f"lời của {provider}"
        blank: dict[str, Any] = {"issued_s": 0, "expires_s": 0, "place": "", "licence_class": ""}
        said: dict[str, Any] = {"provider": provider, "received_ms": number, "aside_id": number}
        await VehicleWordRow.create(
            id=str(number), plate=OWN, spelling=OWN, business="", driver=f"D{number}", company="", device_model="",
            device=words, sim="", vin="", said_s=0, **said,
        )  # fmt: skip
        await DriverWordRow.create(id=str(number), licence=f"D{number}", name=words, **blank, **said)
        await CompanyWordRow.create(id=str(number), company=SCOPES["company"], name=words, address="", tel="", **said)
    for kind in SCOPES:
        async with province.client(kind) as client:
            for path in (f"/api/v1/vehicles/{OWN}/identity", f"/vehicles/{OWN}"):
                told = (await client.get(path)).text
                assert (SENT in told) == (kind != "provider"), (kind, path)
                assert "lời của gps1" in told, (kind, path)


@pytest_asyncio.fixture
async def namesakes(province: House) -> House:
    """The other vehicle's company has the name of the first one, in another department; each has a person."""
    await VehicleRow.filter(id=2).update(company=SCOPES["company"])
    await VehicleOwnerRow.filter(vehicle_id=2).update(company=SCOPES["company"])
    await UserRow.filter(name="company").update(scope_department="Sở Nhà")
    await UserRow.filter(name="terminal").update(
        scope_kind="company", scope_name=SCOPES["company"], scope_department="Sở Khác"
    )
    return province


@pytest.mark.asyncio
@pytest.mark.parametrize("place", [0, 1])
async def test_companies_of_one_name_in_two_departments_see_nothing_of_each_other(namesakes: House, place: int) -> None:
    inside, outside = ((OWN, "Sở Nhà", "Bến Nhà", "gps1"), (FOREIGN, "Sở Khác", "Bến Khác", "gps2"))[:: 1 - 2 * place]
    async with namesakes.client(("company", "terminal")[place]) as client:
        me = (await client.get("/api/v1/me")).json()["scope"]
        for rule in GET_RULES:
            own, other = paths(rule, place), paths(rule, 1 - place)
            if REACHES[rule] is Reach.PROVIDER:
                continue
            told = await text_of(client, own)
            assert not [word for word in outside if word in told], rule
            if rule not in SILENT | OF_PROVIDERS:
                assert inside[0] in told or SCOPES["company"] in told, rule
            if "<" in rule and other != own:
                assert (await client.get(other)).status_code == 404, rule
        plates = [row["plate"] for row in (await client.get("/api/v1/reports/5", params=TIMES)).json()["rows"]]
        asked = {**TIMES, "company": SCOPES["company"], "department": outside[1]}
        others = (await client.get("/api/v1/reports/violations", params=asked)).json()
    assert (me["department"], plates, others) == (inside[1], [inside[0]], [])


@pytest.mark.asyncio
async def test_an_account_whose_company_several_departments_have_is_told_to_have_it_settled(namesakes: House) -> None:
    await UserRow.filter(name="company").update(scope_department=None)
    async with namesakes.client("company") as client:
        me = (await client.get("/api/v1/me")).json()["scope"]
        for rule in GET_RULES:
            if REACHES[rule] is not Reach.OPEN:
                assert (await client.get(paths(rule, 0))).status_code == 403, rule
        refused = (await client.get("/api/v1/vehicles")).json()
        page = (await client.get("/vehicles")).text
    assert me == {"kind": "company", "name": SCOPES["company"], "department": None}
    assert "Sở Khác, Sở Nhà" in refused["detail"] and "Sở Khác, Sở Nhà" in page and "--department" in page


@pytest.mark.asyncio
async def test_a_report_of_a_company_says_whose_company_it_is(namesakes: House) -> None:
    """Two companies of one name are two lines, each with its own vehicles behind; asked for by name alone, refused."""
    async with namesakes.client("an") as client:
        lines = (await client.get("/api/v1/reports/4", params=TIMES)).json()["rows"]
        behind = [(await client.get(line["links"]["vehicles"])).json()["rows"] for line in lines]
        cases = [(await client.get(line["links"]["over_10"])).json() for line in lines]
        for path in ("5", "violations", "days", "indicators", "hours", "5/excel"):
            refused = await client.get(f"/api/v1/reports/{path}", params={**TIMES, "company": SCOPES["company"]})
            assert (refused.status_code, refused.json()["field"]) == (400, "department"), path
        shown = (await client.get("/reports/4", params=TIMES)).text
        sheet = await text_of(client, "/api/v1/reports/4/excel")
        page = (await client.get("/reports/5", params=TIMES)).text
        (both,) = [unescape(value) for value in re.findall(r'<option value="([^"]+Sở Khác)"', page) if "Sông" in value]
        chosen = (await client.get("/reports/5", params={**TIMES, "company": both})).text
    assert [(line["department"], line["vehicles"]) for line in lines] == [("Sở Khác", 1), ("Sở Nhà", 1)]
    assert [[row["plate"] for row in rows] for rows in behind] == [[FOREIGN], [OWN]]
    assert [[case["plate"] for case in found] for found in cases] == [[FOREIGN], [OWN]]
    assert FOREIGN in chosen and OWN not in chosen
    assert all(f"<small>{name}</small>" in shown for name in ("Sở Nhà", "Sở Khác"))
    assert all(f"{SCOPES['company']} ({name})" in sheet for name in ("Sở Nhà", "Sở Khác"))


@pytest.mark.asyncio
async def test_what_a_tracker_says_of_a_company_is_of_the_one_that_it_carries(namesakes: House) -> None:
    """RegCompany names no department."""
    for number in (1, 2):
        await CompanyWordRow.create(
            id=str(number), company=SCOPES["company"], name="", address=f"phố {number}", tel="",
            provider=f"gps{number}", received_ms=number, aside_id=number,
        )  # fmt: skip
    for place, user in enumerate(("company", "terminal")):
        async with namesakes.client(user) as client:
            for path in ("/api/v1/vehicles/{}/identity", "/vehicles/{}"):
                told = (await client.get(path.format((OWN, FOREIGN)[place]))).text
                assert f"phố {place + 1}" in told and f"phố {2 - place}" not in told, path

"""Signing in, sessions, CSRF, roles, tokens."""

import httpx
import pytest

from storage.models import AuditRow, UserRow
from tests.web.fakes import NOW_S
from tests.web.house import PASSWORDS, House

RESTART = "/api/v1/actors/station:TB_COFF_NUOCTH/restart"


@pytest.mark.asyncio
async def test_a_right_password_gives_a_cookie_that_scripts_cannot_read(house: House) -> None:
    async with house.client("") as client:
        answer = await client.post("/api/v1/login", json={"username": "an", "password": PASSWORDS["an"]})
    assert answer.json()["role"] == "operator" and len(answer.json()["csrf"]) == 40
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie


@pytest.mark.asyncio
async def test_a_wrong_password_is_refused_by_name(house: House) -> None:
    async with house.client("") as client:
        answer = await client.post("/api/v1/login", json={"username": "an", "password": "no"})
    assert answer.status_code == 401 and answer.json()["error"] == "login" and answer.json()["field"] == "password"


@pytest.mark.asyncio
async def test_the_sixth_failure_in_a_row_makes_the_address_wait(house: House) -> None:
    async with house.client("") as client:
        wrong = {"username": "an", "password": "no"}
        statuses = [(await client.post("/api/v1/login", json=wrong)).status_code for _ in range(6)]
        right = {"username": "an", "password": PASSWORDS["an"]}
        throttled = await client.post("/api/v1/login", json=right)
        house.clock_s[0] += 3
        later = await client.post("/api/v1/login", json=right)
    assert statuses == [401] * 5 + [429]
    assert throttled.status_code == 429 and int(throttled.headers["retry-after"]) >= 1
    assert later.status_code == 200


@pytest.mark.asyncio
async def test_without_a_session_the_api_answers_401_and_a_page_shows_the_sign_in(house: House) -> None:
    async with house.client("") as client:
        api, page = await client.get("/api/v1/sources"), await client.get("/log?offset=0")
    assert api.status_code == 401 and api.json()["error"] == "not_signed_in"
    assert page.status_code == 401 and 'data-next="/log?offset=0"' in page.text


@pytest.mark.asyncio
async def test_a_change_by_cookie_without_the_csrf_token_is_refused(house: House) -> None:
    async with house.client("an") as client:
        client.headers["X-CSRF-Token"] = "0" * 40
        answer = await client.post(RESTART)
    assert answer.status_code == 403 and answer.json()["error"] == "csrf"
    assert house.controls.asked == []


@pytest.mark.asyncio
async def test_a_bearer_token_needs_no_csrf_token(house: House) -> None:
    async with house.client("an") as client:
        token = (await client.post("/api/v1/tokens", json={"name": "script"})).json()["token"]
    async with httpx.AsyncClient(base_url=house.url, trust_env=False) as script:
        answer = await script.post(RESTART, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200 and house.controls.asked == [("restart", "station:TB_COFF_NUOCTH", "an")]


@pytest.mark.asyncio
async def test_a_viewer_may_look_but_not_act(house: House) -> None:
    async with house.client("lan") as client:
        assert (await client.get("/api/v1/sources")).status_code == 200
        answer = await client.post(RESTART)
    assert answer.status_code == 403 and answer.json()["field"] == "role" and house.controls.asked == []


@pytest.mark.asyncio
async def test_only_an_administrator_makes_a_token_for_someone_else(house: House) -> None:
    async with house.client("an") as operator:
        refused = await operator.post("/api/v1/tokens", json={"name": "x", "user": "lan"})
    async with house.client("admin") as admin:
        made = await admin.post("/api/v1/tokens", json={"name": "x", "user": "lan"})
    assert refused.status_code == 403
    async with house.client("") as client:
        me = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {made.json()['token']}"})
    assert me.json()["name"] == "lan" and me.json()["role"] == "viewer"


@pytest.mark.asyncio
async def test_a_session_ends_after_its_hours(house: House) -> None:
    async with house.client("an") as client:
        house.clock_s[0] = NOW_S + 12 * 3600 + 1
        assert (await client.get("/api/v1/me")).status_code == 401


@pytest.mark.asyncio
async def test_a_changed_password_ends_the_sessions_made_with_the_old_one(house: House) -> None:
    async with house.client("an") as client:
        await UserRow.filter(name="an").update(password_hash="plain:new")
        assert (await client.get("/api/v1/me")).status_code == 401


@pytest.mark.asyncio
@pytest.mark.parametrize("cookie", ["", ".", "x.y", "W10=.W10=", "WyJhbiIsMl0=.AA==", "é", "a" * 5000])
async def test_a_forged_cookie_is_nobody(house: House, cookie: str) -> None:
    async with house.client("") as client:
        headers = {b"Cookie": f"trambox_session={cookie}".encode()}
        assert (await client.get("/api/v1/me", headers=headers)).status_code == 401


@pytest.mark.asyncio
async def test_every_action_stands_in_the_audit_log(house: House) -> None:
    async with house.client("an") as client:
        await client.post(RESTART)
    row = await AuditRow.filter(action="restart").get()
    assert (row.user, row.target) == ("an", "station:TB_COFF_NUOCTH") and "38 ms" in row.detail

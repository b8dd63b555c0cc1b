"""The review queue over HTTP, on the real desk."""

from typing import Any

import httpx
import pytest

from storage.models import AuditRow, EpisodeRow
from tests.web.house import URGENT, House
from tests.web.stored import T0, keep_reading

EPISODES = "/api/v1/review/episodes"


async def keep_episode(number: int = 1, **changes: Any) -> None:
    fields: dict[str, Any] = {
        "id": number, "station_id": 1, "parameter": "COD", "test": "spike", "first_s": T0, "last_s": T0, "count": 1,
        "flag": 3, "opened_ms": T0 * 1000, "changed_ms": T0 * 1000,
    }  # fmt: skip
    await EpisodeRow.create(**{**fields, **changes})


async def act(client: httpx.AsyncClient, action: str, **body: Any) -> httpx.Response:
    return await client.post(f"{EPISODES}/1/{action}", json={"version": 1, **body})


@pytest.mark.asyncio
async def test_a_line_of_the_queue(house: House) -> None:
    await keep_episode()
    await keep_episode(2, state="done")
    URGENT.add(1)
    try:
        async with house.client("lan") as client:
            answer = await client.get(EPISODES)
            counted = (await client.get(f"{EPISODES}/counts")).json()
    finally:
        URGENT.clear()
    (one,) = answer.json()
    assert answer.headers["X-Total-Count"] == "1" and counted["done"] == 1
    assert (one["id"], one["station"], one["flag"], one["state"], one["version"]) == (
        "1",
        "TB_COFF_NUOCTH",
        3,
        "open",
        1,
    )
    assert (one["error_type"], one["from"], one["urgent"]) == ("variation", "2025-11-20T10:00:00+07:00", True)


@pytest.mark.asyncio
@pytest.mark.parametrize("query", ["state=broken", "flag=1", "from=yesterday", "limit=0"])
async def test_a_filter_that_cannot_be_read_is_refused_by_its_field(house: House, query: str) -> None:
    async with house.client() as client:
        answer = await client.get(f"{EPISODES}?{query}")
    assert answer.status_code == 400 and answer.json()["field"] == query.partition("=")[0]


@pytest.mark.asyncio
async def test_an_episode_is_shown_with_what_is_around_it(house: House) -> None:
    for number, time_s in enumerate((T0 - 300, T0, T0 + 300), 1):
        await keep_reading(number, time_s)
    await keep_reading(4, T0, "pH")
    await keep_episode()
    async with house.client("lan") as client:
        one = (await client.get(f"{EPISODES}/1")).json()
        missing = await client.get(f"{EPISODES}/9")
    assert missing.status_code == 404
    assert [value["questioned"] for value in one["values"]] == [True] and len(one["series"]) == 3
    assert [other["parameter"] for other in one["others"]] == ["pH"]
    assert one["device_statuses"] == ["00"] and one["neighbours"] == [] and one["limits"] is None


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "action", "status"),
    [
        ("lan", "note", 403), ("lan", "approve", 403), ("an", "note", 200), ("an", "request_verification", 200),
        ("an", "approve", 403), ("an", "reopen", 403), ("an", "escalate", 403), ("duyet", "approve", 200),
        ("duyet", "escalate", 200), ("admin", "reject", 200), ("duyet", "note", 200),
    ],
)  # fmt: skip
async def test_each_role_may_do_its_part(house: House, name: str, action: str, status: int) -> None:
    await keep_reading(1, T0)
    await keep_episode()
    async with house.client(name) as client:
        answer = await act(client, action, note="x", reason="y")
    assert answer.status_code == status, answer.text
    logged = await AuditRow.filter(action=f"review_{action}").count()
    assert logged == (status == 200)


@pytest.mark.asyncio
async def test_the_second_of_two_reviewers_is_told_what_the_first_did(house: House) -> None:
    await keep_reading(1, T0)
    await keep_episode()
    async with house.client("duyet") as first, house.client("admin") as second:
        assert (await act(first, "approve")).json()["closed"] == ["1"]
        answer = await act(second, "reject")
    assert answer.status_code == 409
    assert answer.json() == {
        "error": "overtaken", "detail": "duyet did approve meanwhile; look at it again", "field": "version",
        "code": "overtaken", "told": {"who": "duyet", "review_action": "approve"},
    }  # fmt: skip


@pytest.mark.asyncio
async def test_more_than_one_value_is_asked_for_again(house: House) -> None:
    for number in (1, 2):
        await keep_reading(number, T0 + 300 * number)
    await keep_episode(first_s=T0 + 300, last_s=T0 + 600)
    async with house.client("duyet") as client:
        preview = await act(client, "reject")
        assert preview.status_code == 202 and preview.json()["count"] == 2
        done = await act(client, "reject", confirm=preview.json()["confirm"])
    assert (done.json()["count"], done.json()["state"]) == (2, "done")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"version": "1"}, "version"), ({"version": True}, "version"), ({"flag": 7}, "flag"), ({"value": "4"}, "value"),
        ({"times": "now"}, "times"), ({"times": ["now"]}, "times"), ({"values": []}, "values"),
        ({"values": {"2025-11-20T10:00:00": "x"}}, "values"), ({"reading": "x"}, "reading"),
        ({"error_type": "bad"}, "error_type"), ({"max_gap_s": 0}, "max_gap_s"), ({"factor": 1e99}, "factor"),
        ({"reason": 5}, "reason"), ({"reason": "x" * 501}, "reason"),
    ],
)  # fmt: skip
async def test_a_body_that_cannot_be_read_is_refused_by_its_field(house: House, body: Any, field: str) -> None:
    await keep_episode()
    async with house.client("duyet") as client:
        answer = await act(client, "correct", **body)
    assert answer.status_code == 400 and answer.json()["field"] == field


@pytest.mark.asyncio
async def test_one_bad_value_is_one_case_and_one_act_is_about_all_of_it(house: House) -> None:
    await keep_reading(1, T0)
    await keep_episode()
    await keep_episode(2, test="range", flag=4, last_s=T0 + 300)
    async with house.client("duyet") as client:
        listed = await client.get(f"{EPISODES}/cases", params={"test": "spike"})
        (case,) = listed.json()
        one = (await client.get(f"{EPISODES}/1")).json()
        done = await act(client, "approve", whole_case=True)
        left = await client.get(f"{EPISODES}/cases")
    assert listed.headers["X-Total-Count"] == "1" and (case["id"], case["flag"], case["count"]) == ("2", 4, 1)
    assert [(member["id"], member["test"]) for member in case["episodes"]] == [("2", "range"), ("1", "spike")]
    assert [member["id"] for member in one["case"]] == ["2", "1"] and one["test"] == "spike"
    assert done.json()["closed"] == ["1", "2"] and left.json() == []

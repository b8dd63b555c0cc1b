"""Providers and what was wrong with what they sent."""

import pytest

from actors.rules.waypoint_faults import WaypointFault
from protocols.times import DAY_S, day_start
from storage.models import ProviderDayRow, ProviderRow, UserRow
from tests.web.fakes import NOW_S
from tests.web.house import PASSWORDS, House
from web.words import load_words


@pytest.mark.asyncio
async def test_every_kind_of_defect_is_counted_with_its_first_example(house: House) -> None:
    await ProviderRow.create(id=1, username="gps1", password_hash="")
    day_s = day_start(int(NOW_S))
    for kind, count in (("received", 8), ("stored", 7), ("refused", 1), ("swapped_axes", 3)):
        await ProviderDayRow.create(
            id=f"1:{day_s}:{kind}", provider_id=1, day_s=day_s, kind=kind, count=count, last_ms=int(NOW_S * 1000),
            example_plate="29A1", example="x=21 y=105", example_ms=int(NOW_S * 1000),
        )  # fmt: skip
    async with house.client() as client:
        (listed,) = (await client.get("/api/v1/providers")).json()
        one = (await client.get("/api/v1/providers/gps1")).json()
        none = await client.get("/api/v1/providers/nobody")
        pages = [(await client.get(path)).text for path in ("/providers", "/providers/gps1")]
    assert (listed["received"], listed["defects"]["swapped_axes"], listed["defects"]["outside"]) == (8, 3, 0)
    assert one["examples"]["swapped_axes"]["plate"] == "29A1" and one["days"][0]["defects"] == {"swapped_axes": 3}
    assert none.status_code == 404
    assert all("đảo kinh độ, vĩ độ" in page for page in pages)


async def keep_defects(days: int = 3) -> None:
    """Two providers; the first swaps axes each day and misspelt a plate once."""
    for number in (1, 2):
        await ProviderRow.create(id=number, username=f"gps{number}", password_hash="")
    today_s = day_start(int(NOW_S))
    kept = [(1, back, "swapped_axes", 3 + back) for back in range(days)] + [
        (1, 1, "plate_format", 1),
        (2, 0, "outside", 9),
    ]
    for provider_id, back, kind, count in kept:
        day_s = today_s - back * DAY_S
        await ProviderDayRow.create(
            id=f"{provider_id}:{day_s}:{kind}", provider_id=provider_id, day_s=day_s, kind=kind, count=count,
            last_ms=day_s * 1000, example_plate=f"29A-{back}", example=f"x=21.{back} y=105",
            example_ms=day_s * 1000 + 60_000,
        )  # fmt: skip


@pytest.mark.asyncio
async def test_each_defect_is_counted_by_day_with_that_days_example_and_how_to_mend_it(house: House) -> None:
    await keep_defects()
    async with house.client() as client:
        told = (await client.get("/api/v1/providers/gps1")).json()["defect_days"]
        page = (await client.get("/providers/gps1?from=2025-11-19&to=2025-11-20")).text.partition("<main")[2]
        long = await client.get("/providers/gps1?from=2025-01-01&to=2025-11-20")
    rows = {row["kind"]: row for row in told}
    assert len(rows) == len(WaypointFault) and [cell["count"] for cell in rows["swapped_axes"]["days"]] == [0] * 4 + [
        5,
        4,
        3,
    ]
    assert rows["swapped_axes"]["days"][-1] == {
        "day": "2025-11-20", "count": 3, "plate": "29A-0", "sent": "x=21.0 y=105",
        "received": "2025-11-20T00:01:00.000+07:00",
    }  # fmt: skip
    assert rows["outside"]["total"] == 0 and rows["plate_format"]["total"] == 1
    assert "Gửi kinh độ ở x (102 đến 118)" in page and "Viết biển số liền" in page and "NTP" not in page
    assert '<a href="/vehicles/29A-0?from=2025-11-20&amp;to=2025-11-20T23:59:59">29A-0</a>' in page
    assert long.status_code == 400 and "31" in long.text


@pytest.mark.asyncio
async def test_a_provider_sees_its_own_page_and_no_other(house: House) -> None:
    await keep_defects()
    PASSWORDS.setdefault("gps1", "gps1-word")
    await UserRow.create(
        name="gps1", role="viewer", password_hash="plain:gps1-word", created_ms=1, scope_kind="provider",
        scope_name="gps1",
    )  # fmt: skip
    async with house.client("gps1") as client:
        assert [row["name"] for row in (await client.get("/api/v1/providers")).json()] == ["gps1"]
        assert (await client.get("/providers/gps1")).status_code == 200
        for path in ("/providers/gps2", "/api/v1/providers/gps2"):
            assert (await client.get(path)).status_code == 404
        listed = (await client.get("/providers")).text
    assert "gps1" in listed and "gps2" not in listed


def test_every_defect_has_its_mend_in_every_language() -> None:
    for words in load_words().values():
        assert all(words(f"mend.{kind}") for kind in WaypointFault)

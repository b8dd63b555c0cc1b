"""Providers and what was wrong with what they sent."""

import pytest

from protocols.times import day_start
from storage.models import ProviderDayRow, ProviderRow
from tests.web.fakes import NOW_S
from tests.web.house import House


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

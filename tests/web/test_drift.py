"""Slow drift over HTTP, as it is kept."""

import pytest

from protocols.times import DAY_S, day_start
from storage.models import DriftDayRow, DriftTicketRow
from tests.web.house import House
from tests.web.stored import T0

DRIFT = "/api/v1/stations/TB_COFF_NUOCTH/drift"
pytestmark = pytest.mark.asyncio


async def test_every_day_of_the_period_is_told_and_an_alarm_with_its_start(house: House) -> None:
    today_s = day_start(T0)
    await DriftDayRow.create(
        id=1, station_id=1, parameter="COD", day_s=today_s - 2 * DAY_S, mean=41.5, hours=24, fed=41.5, flag=3
    )
    await DriftTicketRow.create(
        id=1, station_id=1, parameter="COD", day_s=today_s - 2 * DAY_S, direction="up", start_s=today_s - 9 * DAY_S,
        made_ms=0, state="confirmed", change_s=today_s - 8 * DAY_S,
    )  # fmt: skip
    async with house.client() as client:
        told = (await client.get(f"{DRIFT}?parameter=COD&from=2025-11-17&to=2025-11-19")).json()
    assert [(day["day"], day["mean"], day["flag"]) for day in told["days"]] == [
        ("2025-11-17", None, 9),
        ("2025-11-18", 41.5, 3),
        ("2025-11-19", None, 9),
    ]
    (event,) = told["events"]
    assert (event["day"], event["direction"], event["start"], event["change"]) == (
        "2025-11-18", "up", "2025-11-11", "2025-11-12",
    )  # fmt: skip


@pytest.mark.parametrize(("query", "status"), [("", 400), ("?parameter=pH", 404)])
async def test_a_parameter_must_be_named_and_looked_at(house: House, query: str, status: int) -> None:
    async with house.client() as client:
        answer = await client.get(f"{DRIFT}{query}")
    assert (answer.status_code, answer.json()["field"]) == (status, "parameter")

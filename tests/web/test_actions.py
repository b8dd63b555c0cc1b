"""What an operator does, over HTTP."""

import pytest

from tests.web.house import House


@pytest.mark.asyncio
async def test_an_unknown_actor_cannot_be_restarted(house: House) -> None:
    async with house.client() as client:
        answer = await client.post("/api/v1/actors/station:NOWHERE/restart")
    assert answer.status_code == 404 and answer.json()["error"] == "not_found"


@pytest.mark.asyncio
async def test_stop_and_start_tell_the_state_after_them(house: House) -> None:
    async with house.client() as client:
        stopped = (await client.post("/api/v1/actors/vehicle:29B00001/stop")).json()
        started = (await client.post("/api/v1/actors/forwarder:csgt/start")).json()
    assert stopped == {"took_ms": 3.0, "state": "stopped", "reread": 0, "lost": 0}
    assert started["state"] == "running" and house.controls.asked[1] == ("start", "forwarder:csgt", "an")

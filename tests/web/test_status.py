"""What monitors ask without signing in."""

import pytest

from actors.board import Health
from tests.web.house import House


@pytest.mark.asyncio
async def test_readiness_says_why_not(house: House) -> None:
    house.board.health_now = Health(False, ["the disk is short"])
    async with house.client("") as client:
        ready, alive = await client.get("/readyz"), await client.get("/healthz")
    assert ready.status_code == 503 and ready.json()["reasons"] == ["the disk is short"]
    assert alive.status_code == 200


@pytest.mark.asyncio
async def test_metrics_count_fates_services_and_freshness(house: House) -> None:
    async with house.client("") as client:
        text = (await client.get("/metrics")).text
    assert 'trambox_items_total{fate="duplicate",stream="files"} 2.0' in text
    assert 'trambox_service_running{service="intake:ftp"} 1.0' in text
    assert 'trambox_sources{freshness="silent"} 1.0' in text

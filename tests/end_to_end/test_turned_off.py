"""An authority that is turned off while waypoints come: it stays owed what came before, to the row, and no more."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from storage.entries import DestinationEntry
from tests.end_to_end.outage import ConsoleView, inventory, publish, running, waypoints

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(120)]
AUTHORITY = DestinationEntry("csgt", "waypoints", "amqp://a:b@127.0.0.1:1/%2F", exchange="x", routing_key="r")


async def test_a_destination_turned_off_under_load_is_owed_exactly_what_came_before(tmp_path: Path) -> None:
    async with running(tmp_path / "box", AUTHORITY) as box:
        await publish(box, waypoints(range(200)))
        sending = asyncio.create_task(publish(box, waypoints(range(200, 2000))))
        await box.import_inventory(inventory(replace(AUTHORITY, enabled=False)))
        await sending
        await ConsoleView(box).forward_until("csgt", state="disabled")
        before = (await box.audit())["destinations"]["csgt"]
        await publish(box, waypoints(range(2000, 2100)))
        assert (await box.audit())["destinations"]["csgt"] == before
        assert 200 <= before["due"] <= 2000
        recounted = await box.audit(recount=True)
        assert recounted["balanced"] and recounted["destinations"]["csgt"] == before

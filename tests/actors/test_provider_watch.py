"""A provider whose vehicles all fall silent is one line, also over a restart, until it speaks or a week is over."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from actors.board import Concern
from actors.provider_counts import ProviderCounts
from actors.provider_watch import SILENT_S, ProviderWatch
from protocols.times import DAY_S
from storage.models import ProviderRow, VehicleRow
from storage.writer import Unit, Writer
from tests.actors.station_kit import NOON_S
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio
HEARD_S = NOON_S + 60


async def call(work: Callable[[], Awaitable[Any]]) -> Any:
    return await work()


async def sent(writer: Writer, provider_id: int, at_s: int, **kinds: int) -> None:
    """So much of each kind was counted then."""
    counts, unit = ProviderCounts(provider_id, at_s * 1000), Unit()
    for kind, count in kinds.items():
        counts.note(kind, count)
    counts.write(unit)
    await writer.store(unit)


async def test_two_thousand_vehicles_that_fall_silent_are_one_line(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        async with database.writing():
            for number, name in enumerate(("gps1", "gps2", "never"), 1):
                await ProviderRow.create(id=number, username=name, password_hash="")
            await VehicleRow.bulk_create([VehicleRow(plate=f"29A{at:05}", provider="gps1") for at in range(2000)])
        now_s = [NOON_S - 3600.0]
        watch = ProviderWatch(lambda: now_s[0], call)
        await sent(writer, 1, HEARD_S, received=5, stored=5)
        await sent(writer, 2, HEARD_S, received=5, stored=5)
        await sent(writer, 1, HEARD_S + 600, received=3, refused=3)
        now_s[0] = HEARD_S + SILENT_S
        await watch.look()
        assert watch.concerns() == []
        await sent(writer, 2, HEARD_S + 900, received=1, stored=1)
        now_s[0] += 1
        await watch.look()
        one_line = [Concern("provider_silent", "gps1", {"vehicles": 2000, "since": "2026-03-20 17:01"})]
        assert watch.concerns() == one_line

        after_a_restart = ProviderWatch(lambda: now_s[0], call)
        await after_a_restart.look()
        assert after_a_restart.concerns() == [], "nobody could speak while the box was down"
        now_s[0] += SILENT_S + 1
        await after_a_restart.look()
        assert [concern.about for concern in after_a_restart.concerns()] == ["gps1", "gps2"]
        await sent(writer, 1, int(now_s[0]), received=1, stored=1)
        await after_a_restart.look()
        assert [concern.about for concern in after_a_restart.concerns()] == ["gps2"]
        now_s[0] += 7 * DAY_S + 1
        await after_a_restart.look()
        assert after_a_restart.concerns() == []

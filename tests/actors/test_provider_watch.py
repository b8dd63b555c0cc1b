"""A provider whose vehicles all fall silent is one line, also over a restart, until it speaks or a week is over."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from actors.board import Concern
from actors.provider_counts import ProviderCounts
from actors.provider_watch import SILENT_S, ProviderWatch
from protocols.times import DAY_S
from storage.models import NoticeItemRow, NoticeRow, ProviderRow, VehicleRow
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
        assert list(after_a_restart.silent) == ["gps2"], "no letter may say that it recovered"
        await sent(writer, 2, int(now_s[0]), received=1, stored=1)
        await after_a_restart.look()
        assert after_a_restart.silent == {}


async def test_a_silence_that_letters_tell_of_stands_through_a_restart(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        heard_ms = HEARD_S * 1000
        async with database.writing():
            for number in (1, 2, 3):
                await ProviderRow.create(id=number, username=f"gps{number}", password_hash="")
            await VehicleRow.create(plate="29A00001", provider="gps1")
            for number, closed_ms in ((1, None), (2, heard_ms)):
                await NoticeRow.create(
                    id=number, recipient="so", cause="missing", token="", opened_ms=0, closed_ms=closed_ms
                )
            for number, (notice_id, source, recovered_ms) in enumerate(
                (
                    (1, "provider:gps1", None),
                    (1, "provider:gps2", 7),
                    (1, "station:gps2", None),
                    (2, "provider:gps3", None),
                )
            ):
                await NoticeItemRow.create(
                    id=number,
                    notice_id=notice_id,
                    source=source,
                    since_ms=heard_ms,
                    added_ms=0,
                    recovered_ms=recovered_ms,
                )
        for number in (1, 2, 3):
            await sent(writer, number, HEARD_S, received=1, stored=1)
        now_s = HEARD_S + 3600
        watch = ProviderWatch(lambda: now_s, call)
        await watch.recall()
        for _ in range(2):
            assert watch.silent == {"gps1": (heard_ms, 1)}
            await watch.look()
        await sent(writer, 1, now_s, received=1, stored=1)
        await watch.look()
        assert watch.silent == {}


async def test_without_providers_nobody_is_silent(store_url: str) -> None:
    async with opened(store_url):
        watch = ProviderWatch(lambda: NOON_S, call)
        await watch.recall()
        await watch.look()
        assert watch.silent == {}

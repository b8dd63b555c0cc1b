"""The watchdog of Q2 over both stores: raised after three intervals and two minutes, ended by the next record."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from actors.silence_watch import SilenceWatch
from protocols.vocabulary import ActorState
from storage.ids import load_ids
from storage.models import EpisodeRow
from storage.review import Asked, queue
from tests.actors.station_kit import CADENCE_S, NOON_S, file, reading, station
from tests.storage.stores import opened

pytestmark = pytest.mark.asyncio
GONE_S = 3 * CADENCE_S + 120


async def call(work: Callable[[], Awaitable[Any]]) -> Any:
    return await work()


async def test_a_silence_is_one_row_of_the_queue_until_the_next_record_also_over_a_restart(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        now_s, actor = [NOON_S - 86400.0], station()

        async def watch() -> SilenceWatch:
            return SilenceWatch(lambda: now_s[0], call, writer, await load_ids(database), lambda: [actor])

        one = await watch()
        actor.receive(file(1, NOON_S, reading(NOON_S, 5.0)))
        now_s[0] = float(NOON_S + GONE_S)
        await one.look()
        assert await EpisodeRow.all().count() == 0 and not one.lacks_data(actor)
        now_s[0] += 1
        await one.look()
        await one.look()
        rows, count = await queue(Asked(test="completeness"), int(now_s[0] * 1000), (), 10, 0)
        assert (count, one.statistics(), one.lacks_data(actor)) == (1, {"silent": 1}, True)
        assert (rows[0].parameter, rows[0].first_s, rows[0].flag, rows[0].state) == ("", NOON_S, 9, "open")
        again = await watch()
        await again.look()
        assert await EpisodeRow.all().count() == 1, "what is open is read from the store"
        assert not again.lacks_data(actor), "nobody could speak while the box was down"
        actor.receive(file(2, now_s[0] + 30, reading(NOON_S + GONE_S, 5.0)))
        now_s[0] += 40
        await again.look()
        row = await EpisodeRow.get(id=rows[0].id)
        assert (row.state, row.decision, row.last_s, row.count) == ("done", "cleared", NOON_S + GONE_S + 31, 3)


async def test_a_station_that_never_spoke_or_is_stopped_lacks_nothing(store_url: str) -> None:
    async with opened(store_url) as (database, writer):
        actor, now_s = station(), [float(NOON_S)]
        watch = SilenceWatch(lambda: now_s[0], call, writer, await load_ids(database), lambda: [actor])
        now_s[0] += 86400
        assert not watch.lacks_data(actor)
        actor.receive(file(1, NOON_S, reading(NOON_S, 5.0)))
        assert watch.lacks_data(actor)
        actor.state = ActorState.STOPPED
        assert not watch.lacks_data(actor)

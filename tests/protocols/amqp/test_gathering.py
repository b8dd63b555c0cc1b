"""What a stream brings in small reads is offered together; nothing is kept back from who falls silent."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from protocols.amqp import gathering
from protocols.amqp.boundary import ProviderGrant
from protocols.amqp.events import Published
from protocols.amqp.gathering import MANY, MANY_BYTES, Gathering
from protocols.errors import DeliveryError
from tests.protocols.amqp.keeper import Keeper, listening, until
from tests.protocols.amqp.test_listener import publisher_to

LONG_S = 60.0


@dataclass
class Counting(Keeper):
    """Notes how many bodies each offer had."""

    sizes: list[int] = field(default_factory=list)

    @override
    def offer(self, grant: ProviderGrant, bodies: list[bytes], stored: Callable[[], None]) -> None:
        self.sizes.append(len(bodies))
        super().offer(grant, bodies, stored)


class Falling(Counting):
    """Takes one offer and falls over the next."""

    @override
    def offer(self, grant: ProviderGrant, bodies: list[bytes], stored: Callable[[], None]) -> None:
        if self.sizes:
            raise RuntimeError("a bug")
        super().offer(grant, bodies, stored)


def published(*bodies: bytes, channel: int = 1, tag: int = 0) -> Published:
    return Published(channel, "x", "k", False, list(bodies), tag)


@pytest.mark.asyncio
async def test_the_first_goes_at_once_and_what_follows_goes_together() -> None:
    offers: list[Published] = []
    kept = Gathering(asyncio.get_running_loop(), offers.append, offers.clear, bool)
    kept.take(published(b"a", tag=1))
    kept.take(published(b"b", tag=2))
    kept.take(published(b"c", tag=3))
    assert [each.bodies for each in offers] == [[b"a"]]
    await until(lambda: len(offers) == 2, 2)
    assert (offers[1].bodies, offers[1].last_tag) == ([b"b", b"c"], 3)


@pytest.mark.asyncio
async def test_much_does_not_wait_nor_does_another_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "GATHER_S", LONG_S)
    offers: list[Published] = []
    kept = Gathering(asyncio.get_running_loop(), offers.append, offers.clear, bool)
    kept.take(published(b"a"))
    kept.take(published(b"b"))
    kept.take(published(b"c", channel=2))
    assert [(each.channel, each.bodies) for each in offers] == [(1, [b"a"]), (1, [b"b"])]
    kept.take(published(*[b"d"] * MANY, channel=2))
    assert [len(each.bodies) for each in offers] == [1, 1, MANY + 1]


@pytest.mark.asyncio
async def test_a_stream_of_small_reads_is_confirmed_whole_in_few_offers() -> None:
    keeper = Counting(holding=True)
    async with listening(keeper) as running:
        publisher = await publisher_to(running)
        sends = []
        for number in range(40):
            sends.append(asyncio.create_task(publisher.send([b"%d" % number])))
            await asyncio.sleep(0.001)
        await until(lambda: len(keeper.bodies) == 40)
        keeper.release()
        assert [await send for send in sends] == [(1, {})] * 40
        assert keeper.bodies == [b"%d" % number for number in range(40)]
        assert len(keeper.sizes) < 20
        await publisher.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("ended", ["by the client", "by the box"])
async def test_what_is_kept_back_is_offered_when_the_connection_ends(
    ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(Keeper()) as running:
        publisher = await publisher_to(running)
        await publisher.send([b"a"])
        monkeypatch.setattr(gathering, "GATHER_S", LONG_S)
        send = asyncio.create_task(publisher.send([b"b", b"c"]))
        await asyncio.sleep(0.1)
        assert running.keeper.bodies == [b"a"]
        if ended == "by the client":
            await publisher.close()
        else:
            await running.listener.close(5)
            assert await send == (2, {})
        await until(lambda: running.keeper.bodies == [b"a", b"b", b"c"])
        send.cancel()


@pytest.mark.asyncio
async def test_whose_offer_makes_the_sink_fall_is_hung_up_and_may_send_again() -> None:
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    async with listening(Falling()) as running:
        publisher = await publisher_to(running)
        await publisher.send([b"a"])
        with pytest.raises(DeliveryError):
            await asyncio.wait_for(publisher.send([b"b", b"c"]), 3)
        await until(lambda: running.listener.statistics()["connections"] == 0)
        await publisher.close()


@pytest.mark.asyncio
async def test_who_waits_for_each_confirm_is_not_kept_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "GATHER_S", LONG_S)
    async with listening(Keeper()) as running:
        publisher = await publisher_to(running)
        for number in range(5):
            assert await asyncio.wait_for(publisher.send([b"%d" % number]), 3) == (1, {})
        await publisher.close()


@pytest.mark.asyncio
async def test_great_messages_do_not_gather_in_memory_that_no_limit_counts() -> None:
    offers: list[Published] = []
    kept = Gathering(asyncio.get_running_loop(), offers.append, offers.clear, bool)
    kept.take(published(b"a"))
    kept.take(published(bytes(MANY_BYTES // 2)))
    kept.take(published(b"b"))
    assert len(offers) == 1
    kept.take(published(bytes(MANY_BYTES // 2)))
    assert [len(each.bodies) for each in offers] == [1, 3]

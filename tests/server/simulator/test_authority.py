"""The stand-in authority, as our publisher and a foreign one find it."""

import asyncio

import pytest

from actors.kernel.clock import system_now
from protocols.amqp.publisher import AmqpPublisher, parse_amqp_url
from protocols.errors import DeliveryError
from server.simulator.authority import Authority
from server.simulator.inventory import AUTHORITY_EXCHANGE, Peer, WorldOptions, make_inventory


def url_of(peer: Peer) -> str:
    destinations = make_inventory(WorldOptions(0, 0), peer, peer).destinations
    return next(destination.url for destination in destinations if destination.exchange)


@pytest.mark.asyncio
async def test_it_confirms_and_counts_what_our_publisher_sends() -> None:
    async with Authority("hungyen", "right", system_now) as authority:
        publisher = AmqpPublisher(parse_amqp_url(url_of(authority.peer), AUTHORITY_EXCHANGE, "track1"))
        await publisher.open()
        result = await publisher.send([b"one", b"three"])
        await publisher.close()
        assert (result.confirmed, result.refused) == (2, {})
        assert (authority.sink.messages, authority.sink.bytes) == (2, 8)


@pytest.mark.asyncio
async def test_it_takes_messages_from_amqp_publish() -> None:
    async with Authority("hungyen", "right", system_now) as authority:
        url = url_of(authority.peer)
        process = await asyncio.create_subprocess_exec(
            "amqp-publish", f"--url={url}", f"--exchange={AUTHORITY_EXCHANGE}", "--routing-key=track1", "--body=one"
        )
        assert await asyncio.wait_for(process.wait(), 10) == 0
        assert authority.sink.messages == 1


@pytest.mark.asyncio
async def test_a_wrong_password_is_refused() -> None:
    async with Authority("hungyen", "right", system_now) as authority:
        wrong = Peer(authority.peer.port, "hungyen", "wrong")
        publisher = AmqpPublisher(parse_amqp_url(url_of(wrong), AUTHORITY_EXCHANGE, "track1"))
        with pytest.raises(DeliveryError):
            await publisher.open()
        await publisher.close()

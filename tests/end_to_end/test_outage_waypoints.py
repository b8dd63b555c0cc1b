"""Waypoints through every outage of their receiver: each taken once but for batches in flight, fresh ones first."""

import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from time import monotonic

import pytest

from protocols.formats.ufms import parse_waypoint
from tests.end_to_end.outage import ConsoleView, publish, running, settled, until, waypoints
from tests.end_to_end.scripted_peer import (
    NAME,
    Session,
    close_channel,
    die,
    give_back,
    hold,
    nack,
    scripted_peer,
    take,
)

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(120)]

IN_FLIGHT = 8 * 2000
"""Two lanes of four batches: what may be sent once more after a connection broke."""


def in_time_order(bodies: Iterable[bytes]) -> bool:
    """Whether the waypoints of each vehicle follow each other in time."""
    newest: dict[str, int] = defaultdict(int)
    for body in bodies:
        waypoint = parse_waypoint(body)
        if waypoint.time_s < newest[waypoint.vehicle]:
            return False
        newest[waypoint.vehicle] = waypoint.time_s
    return True


async def test_a_peer_that_is_down_at_the_start_gets_everything_once_with_fresh_waypoints_among_the_first(
    tmp_path: Path,
) -> None:
    async with scripted_peer() as peer:
        await peer.down()
        async with running(tmp_path, peer.destination) as box:
            old = await publish(box, waypoints(range(30_000)))
            row = await ConsoleView(box).forward_until(NAME, queued=30_000)
            assert "refused" in row["last_error"]
            await peer.up()
            await until(lambda: peer.seen, 70)
            sent_s = monotonic()
            fresh = await publish(box, waypoints(range(30_000, 30_010)))
            await until(lambda: len(peer.taken) == 30_010)
            arrived_s = next(at for at, body in peer.seen if body == fresh[0])
            assert arrived_s - sent_s < 1.0
            assert sorted(peer.bodies) == sorted(old + fresh)
            assert in_time_order(body for body in peer.bodies if body not in set(fresh))
            await settled(box, csgt=30_010)


async def test_a_burst_of_many_batches_arrives_in_time_order(tmp_path: Path) -> None:
    async with scripted_peer() as peer, running(tmp_path, peer.destination) as box:
        await until(lambda: peer.opened)
        for start in range(0, 60_000, 20_000):
            await publish(box, waypoints(range(start, start + 20_000)))
        await until(lambda: len(peer.taken) == 60_000)
        assert in_time_order(peer.bodies)
        await settled(box, csgt=60_000)


async def test_a_peer_that_dies_under_load_repeats_at_most_what_was_in_flight(tmp_path: Path) -> None:
    async with scripted_peer() as peer, running(tmp_path, peer.destination) as box:
        await until(lambda: peer.opened)
        deaths = iter((3_000, 9_000))
        limit = next(deaths)

        def mortal(session: Session, tag: int, message: bytes) -> None:
            nonlocal limit
            if len(peer.seen) == limit:
                limit = next(deaths, 0)
                die(session, tag, message)
            else:
                take(session, tag, message)

        peer.answer = mortal
        sent = await publish(box, waypoints(range(20_000)))
        await until(lambda: set(peer.taken) == set(sent), 40)
        assert len(peer.bodies) <= len(sent) + 2 * IN_FLIGHT
        await settled(box, csgt=20_000)


@pytest.mark.parametrize("refusal", [nack, give_back])
async def test_what_is_nacked_or_returned_is_sent_again_and_the_rest_is_not(tmp_path: Path, refusal: object) -> None:
    async with scripted_peer() as peer, running(tmp_path, peer.destination) as box:
        refused = set(waypoints(range(0, 3000, 10)))
        seen_once: set[bytes] = set()

        def grudging(session: Session, tag: int, message: bytes) -> None:
            if message in refused and message not in seen_once:
                seen_once.add(message)
                refusal(session, tag, message)  # type: ignore[operator]
            else:
                take(session, tag, message)

        peer.answer = grudging
        sent = await publish(box, waypoints(range(3000)))
        await until(lambda: len(peer.taken) == 3000)
        assert sorted(peer.taken) == sorted(sent)
        assert len(peer.seen) == 3300
        assert len(peer.opened) == 1
        await settled(box, csgt=3000)


@pytest.mark.parametrize("refusal", [nack, give_back, close_channel])
async def test_a_peer_that_takes_nothing_is_tried_on_and_told_apart_from_one_that_is_slow(
    tmp_path: Path, refusal: object
) -> None:
    async with scripted_peer() as peer, running(tmp_path, peer.destination) as box:
        peer.answer = refusal  # type: ignore[assignment]
        sent = await publish(box, waypoints(range(200)))
        row = await ConsoleView(box).forward_until(NAME, within_s=40, state="refused")
        assert row["queued"] == 200
        assert row["last_error"]
        peer.answer = take
        await until(lambda: set(peer.taken) == set(sent), 40)
        assert len(peer.taken) == 200
        await ConsoleView(box).forward_until(NAME, state="current", last_error="")
        await settled(box, csgt=200)


async def test_a_refused_login_asks_for_a_human_and_recovers_by_itself(tmp_path: Path) -> None:
    async with scripted_peer() as peer:
        peer.logins = False
        async with running(tmp_path, peer.destination) as box:
            sent = await publish(box, waypoints(range(50)))
            row = await ConsoleView(box).forward_until(NAME, within_s=40, state="refused")
            assert "403" in row["last_error"]
            peer.logins = True
            await until(lambda: sorted(peer.taken) == sorted(sent), 40)
            await settled(box, csgt=50)


async def test_a_blocked_connection_waits_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    async with scripted_peer() as peer, running(tmp_path, peer.destination) as box:
        first = await publish(box, waypoints(range(100)))
        await until(lambda: len(peer.taken) == 100)
        peer.block("low on disk")
        view = ConsoleView(box)
        await view.forward_until(NAME, state="blocked")
        held = await publish(box, waypoints(range(100, 5000)))
        assert len(peer.taken) == 100
        assert (await view.forward(NAME))["queued"] == 4900
        peer.unblock()
        await until(lambda: len(peer.taken) == 5000)
        assert peer.bodies == first + held
        assert len(peer.opened) == 1
        await settled(box, csgt=5000)


async def test_confirms_that_come_late_and_out_of_order_count_each_waypoint_once(tmp_path: Path) -> None:
    async with scripted_peer() as peer, running(tmp_path, peer.destination) as box:
        peer.answer = hold
        sent = await publish(box, waypoints(range(5000)))
        order = random.Random(7)
        while len(peer.taken) < 5000:
            await until(lambda: peer.held)
            assert (await ConsoleView(box).forward(NAME))["queued"] > 0
            peer.release(order.shuffle)
        await settled(box, csgt=5000)
        assert sorted(peer.bodies) == sorted(sent)


async def test_unconfirmed_waypoints_are_sent_again_after_a_restart_and_confirmed_ones_are_not(tmp_path: Path) -> None:
    async with scripted_peer() as peer, running(tmp_path, peer.destination) as box:
        first = await publish(box, waypoints(range(500)))
        await settled(box, csgt=500)
        peer.answer = hold
        second = await publish(box, waypoints(range(500, 900)))
        await until(lambda: len(peer.held) == 400)
        assert await box.stop() == 0
        peer.answer = take
        await box.start()
        await until(lambda: len(peer.taken) == 900)
        assert sorted(peer.taken) == sorted(first + second)
        await settled(box, csgt=900)


async def test_what_is_late_is_a_missed_deadline_in_the_percentile_and_after_a_restart_too(tmp_path: Path) -> None:
    async with scripted_peer() as peer:
        entry = peer.destination
        hurried = type(entry)(entry.name, entry.kind, entry.url, entry.exchange, entry.routing_key, deadline_s=1)
        async with running(tmp_path, hurried) as box:
            peer.answer = hold
            await publish(box, waypoints(range(40)))
            await until(lambda: len(peer.held) == 40)
            held_s = monotonic()
            await until(lambda: monotonic() - held_s > 1.5)
            peer.answer = take
            peer.release()
            await publish(box, waypoints(range(40, 50)))
            row = await ConsoleView(box).forward_until(NAME, queued=0)
            assert row["deadline_misses_today"] == 40
            assert 1.5 < row["p99_s"] < 5
            assert await box.stop() == 0
            await box.start()
            row = await ConsoleView(box).forward_until(NAME, queued=0)
            assert row["deadline_misses_today"] == sum(row["deadline_misses_by_day"].values()) == 40

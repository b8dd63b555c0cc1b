"""Pushed changes: numbered, kept for the reconnecting, and never missed without a word."""

import asyncio
from typing import Any

import pytest

from actors.events import KEPT, LINGER_TICKS, Events


async def take(events: Events, after: int | None, count: int) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    async with asyncio.timeout(5):
        following: Any = events.follow(after)
        async for event in following:
            found.append((event.id, event.kind))
            if len(found) == count:
                break
        await following.aclose()
    return found


@pytest.mark.asyncio
async def test_whoever_says_the_last_number_seen_gets_all_after_it() -> None:
    events = Events()
    for kind in ("a", "b", "c"):
        events.push(kind, {})
    assert await take(events, 1, 2) == [(2, "b"), (3, "c")]


@pytest.mark.asyncio
async def test_a_newcomer_gets_what_comes() -> None:
    events = Events()
    events.push("before", {})
    listening = asyncio.create_task(take(events, None, 1))
    await asyncio.sleep(0)
    events.push("after", {})
    assert await listening == [(2, "after")]


@pytest.mark.asyncio
async def test_a_number_older_than_the_ring_is_told_to_resync() -> None:
    events = Events()
    for _ in range(KEPT + 10):
        events.push("a", {})
    assert await take(events, 1, 1) == [(KEPT + 10, "resync")]


@pytest.mark.asyncio
async def test_a_number_from_another_life_of_the_server_is_told_to_resync() -> None:
    assert await take(Events(), 99, 1) == [(0, "resync")]


@pytest.mark.asyncio
async def test_changes_are_heard_for_a_while_after_the_last_listener_left() -> None:
    events = Events()
    assert not events.heard
    events.push("a", {})
    await take(events, 0, 1)
    for _ in range(LINGER_TICKS - 1):
        events.tick()
        assert events.heard
    events.tick()
    assert not events.heard


@pytest.mark.asyncio
async def test_whoever_comes_back_after_an_unheard_change_is_told_to_resync() -> None:
    events = Events()
    events.push("a", {})
    events.unheard()
    assert await take(events, 1, 1) == [(1, "resync")]
    events.push("b", {})
    assert await take(events, 1, 1) == [(2, "resync")]
    events.push("c", {})
    assert await take(events, 2, 1) == [(3, "c")]


@pytest.mark.asyncio
async def test_whoever_reads_more_slowly_than_the_ring_turns_is_told_to_resync() -> None:
    events = Events()
    events.push("a", {})
    following: Any = events.follow(0)
    async with asyncio.timeout(5):
        assert (await anext(following)).id == 1
        for _ in range(KEPT + 10):
            events.push("a", {})
        event = await anext(following)
    await following.aclose()
    assert (event.id, event.kind) == (KEPT + 11, "resync")


@pytest.mark.asyncio
async def test_a_listener_who_is_overtaken_while_it_is_told_to_resync_is_told_again() -> None:
    events = Events()
    following: Any = events.follow(0)
    events.push("a", {})
    assert (await anext(following)).kind == "a"
    told = []
    for _ in range(2):
        for _ in range(KEPT + 10):
            events.push("a", {})
        told.append(await anext(following))
    assert [(event.id, event.kind) for event in told] == [(KEPT + 11, "resync"), (2 * KEPT + 21, "resync")]
    await following.aclose()

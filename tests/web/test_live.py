"""Server-sent events: ids, replay, heartbeat, an end at shutdown."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import orjson
import pytest

from actors.board import Event
from tests.web.fakes import NOW_S
from tests.web.house import House
from web.live import build_frame, stream


async def frames(answer: httpx.Response) -> AsyncIterator[dict[str, str]]:
    """Read the stream as `{id, event, data}`; beats left out."""
    frame: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            frame[name] = value
        else:
            if frame.get("event", "beat") != "beat":
                yield frame
            frame = {}


@pytest.mark.asyncio
async def test_a_change_reaches_whoever_listens_with_times_in_vietnam(house: House) -> None:
    async with house.client() as client, client.stream("GET", "/api/v1/events") as answer:
        await asyncio.wait_for(house.board.listening.wait(), 5)
        await house.board.push("received", {"id": "station:A", "last_seen_s": NOW_S})
        frame = await asyncio.wait_for(anext(frames(answer)), 5)
    assert (frame["id"], frame["event"]) == ("1", "received")
    assert orjson.loads(frame["data"]) == {"id": "station:A", "last_seen": "2025-11-20T10:56:12+07:00"}


@pytest.mark.asyncio
async def test_a_reconnect_with_the_last_id_misses_nothing(house: House) -> None:
    for number in range(1, 5):
        await house.board.push("flip", {"id": f"station:{number}"})
    async with house.client() as client:
        headers = {"Last-Event-ID": "2"}
        async with client.stream("GET", "/api/v1/events", headers=headers) as answer:
            reader = frames(answer)
            ids = [(await asyncio.wait_for(anext(reader), 5))["id"] for _ in range(2)]
    assert ids == ["3", "4"]


@pytest.mark.asyncio
async def test_an_id_that_is_no_number_is_refused(house: House) -> None:
    async with house.client() as client:
        answer = await client.get("/api/v1/events?after=x")
    assert answer.status_code == 400 and answer.json()["field"] == "after"


@pytest.mark.asyncio
async def test_the_stream_ends_when_the_server_stops(house: House) -> None:
    async with house.client() as client, client.stream("GET", "/api/v1/events") as answer:
        await asyncio.wait_for(house.board.listening.wait(), 5)
        house.stop.set()
        assert [frame async for frame in frames(answer)] == []
    await asyncio.wait_for(house.served, 5)


async def silence() -> AsyncIterator[Event]:
    await asyncio.Event().wait()
    yield Event(1, "flip", {})


@pytest.mark.asyncio
async def test_silence_is_filled_with_beats_that_are_comments_and_carry_the_clock() -> None:
    closing = asyncio.Event()
    written = stream(silence(), closing, lambda: NOW_S, heartbeat_s=0.01)
    first, second = await anext(written), await anext(written)
    closing.set()
    assert [frame async for frame in written] == []
    assert first.startswith(b"retry: 2000\n\n")
    assert second == b': beat\nevent: beat\ndata: {"now":"2025-11-20T10:56:12+07:00"}\n\n'


def test_a_frame_is_one_line_of_data_whatever_the_text() -> None:
    frame = build_frame(Event(7, "actor", {"reason": "two\nlines\r"}))
    assert frame == b'id: 7\nevent: actor\ndata: {"reason":"two\\nlines\\r"}\n\n'

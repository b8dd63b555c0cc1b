"""Work that can wait uses the processor while nobody else does, and rests as long as ever while somebody does."""

import asyncio
from asyncio import sleep
from collections.abc import Awaitable, Callable

import pytest

from actors import leisure
from actors.kernel.clock import monotonic
from actors.leisure import LONG_REST, SHORT_REST, rest_as_needed

pytestmark = pytest.mark.asyncio
WORKED_S = 0.1


async def asked_for(monkeypatch: pytest.MonkeyPatch, others: Callable[[], Awaitable[None]]) -> float:
    """How long it rests after its work, as it asked for, in times of that."""
    asked = list[float]()

    async def heard(seconds: float) -> None:
        asked.append(seconds)
        await sleep(seconds)

    monkeypatch.setattr("actors.leisure.asyncio.sleep", heard)
    working = asyncio.ensure_future(others())
    await sleep(0)
    begun_s = monotonic()
    await rest_as_needed(WORKED_S)
    rested_s = monotonic() - begun_s
    working.cancel()
    return (asked[0] if len(asked) == 1 else rested_s) / WORKED_S


async def idle() -> None:
    await asyncio.Event().wait()


async def busy() -> None:
    while True:
        until_s = monotonic() + 0.002
        while monotonic() < until_s:
            pass
        await sleep(0)


async def test_beside_others_it_rests_much_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await asked_for(monkeypatch, busy) >= LONG_REST * 0.99
    monkeypatch.setattr(leisure, "PROMPT_S", 60.0)  # whatever else the machine does
    assert await asked_for(monkeypatch, idle) == pytest.approx(SHORT_REST)


async def test_who_gets_its_turn_late_is_beside_others_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leisure, "PROMPT_S", -1.0)
    assert await asked_for(monkeypatch, idle) >= LONG_REST * 0.99

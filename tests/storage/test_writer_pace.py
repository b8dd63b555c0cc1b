"""The writer while much is streaming: what a commit costs beside its rows is paid thirty times a second at most."""

import asyncio
from time import monotonic

import pytest
from typing_extensions import override

from storage import writer as writer_module
from storage.writer import Engine, Transaction, Unit, Writer


class Instant(Engine):
    """Takes everything at once, and counts."""

    def __init__(self) -> None:
        self.commits = 0

    @override
    async def open(self) -> None: ...

    @override
    async def commit(self, transaction: Transaction) -> None:
        self.commits += 1

    @override
    async def was_committed(self) -> bool:
        return False

    @override
    async def close(self) -> None: ...


@pytest.mark.asyncio
async def test_a_stream_is_committed_thirty_times_a_second_and_a_single_unit_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer_module, "PULSE_S", 0.005)
    monkeypatch.setattr(writer_module, "STREAM_ROWS_S", 1)  # a busy machine streams slowly
    engine = Instant()
    writer = Writer(engine, asyncio.Lock())
    await writer.open()
    stored: list[int] = []
    until_s = monotonic() + 0.4
    units = 0
    while monotonic() < until_s:
        units += 1
        writer.add(Unit({"flips": [(units,)] * 100}, stored=lambda number=units: stored.append(number)))  # type: ignore[misc]
        await asyncio.sleep(0.001)
    await writer.flush()
    assert stored == list(range(1, units + 1))
    assert engine.commits < 30
    await asyncio.sleep(0.05)
    before = engine.commits
    for _ in range(3):
        await writer.flush()
    assert engine.commits == before + 3
    await writer.close()

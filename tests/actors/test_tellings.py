"""A poison file in the real store: refused with its traceback, counted, and its station goes on."""

from pathlib import Path

import pytest
import trio

from actors.messages import FileStored
from actors.station import StationActor
from protocols.vocabulary import ActorState, Fate
from storage.models import CrashRow, FileRow, ReadingRow
from tests.actors.station_kit import NOON_S
from tests.actors.yard import open_yard

POISON = 666.0


@pytest.mark.asyncio
async def test_a_file_that_crashes_its_station_twice_is_refused_and_the_station_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive = StationActor.receive

    def fragile(self: StationActor, message: FileStored) -> object:
        if any(reading.value == POISON for reading in message.readings):
            raise ZeroDivisionError("poison")
        return receive(self, message)

    monkeypatch.setattr(StationActor, "receive", fragile)
    async with open_yard(tmp_path) as yard:
        await yard.upload("TB_A", NOON_S, 5.0)
        poison = await yard.upload("TB_A", NOON_S + 300, POISON)
        await yard.upload("TB_A", NOON_S + 600, 6.0)
        actor = yard.world.stations["TB_A"]
        assert actor.state is ActorState.BACKING_OFF

        async def recovered() -> None:
            with trio.fail_after(10):
                while actor.state is not ActorState.RUNNING:
                    await trio.sleep(0.02)

        await yard.in_trio(recovered)
        await yard.writer.flush()
        row = await FileRow.get(id=poison.file_id)
        assert (row.fate, row.reason) == (Fate.REFUSED, "ZeroDivisionError: poison")
        assert row.body is not None
        assert await CrashRow.filter(actor="station:TB_A", traceback__contains="ZeroDivisionError").count() == 2
        assert sorted(row.value or 0 for row in await ReadingRow.all()) == [5.0, 6.0]
        got = yard.counters.snapshot()
        assert (got["files.received"], got["files.stored"], got["files.refused"]) == (3, 2, 1)

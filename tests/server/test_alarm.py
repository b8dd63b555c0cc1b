"""The store's alarm over a real listener: doors close and open, also those that are made meanwhile."""

import asyncio
import time
from pathlib import Path

import pytest

from actors.file_intake import FileIntake
from protocols.amqp.listener import AmqpListener, AmqpOptions
from server.alarm import StoreAlarm
from server.intakes import Intake, Intakes
from storage.ids import Ids
from storage.sqlite_engine import SqliteEngine
from storage.writer import StoreError, Writer
from tests.protocols.amqp.keeper import Keeper

pytestmark = pytest.mark.asyncio


def amqp() -> AmqpListener:
    keeper = Keeper()
    return AmqpListener(AmqpOptions(host="127.0.0.1", port=0), keeper, keeper, time.time)


def joined(alarm: StoreAlarm) -> tuple[FileIntake, Intake]:
    """A file intake and the AMQP intake, hung on the alarm."""

    async def nothing(*_: object) -> bool:
        return False

    async def nowhere(_: bytes) -> str:
        return ""

    writer = Writer(SqliteEngine(Path("never-opened.db")), asyncio.Lock())
    files = FileIntake(time.time, writer, Ids({}), {}, nothing, nowhere, lambda *_: None, lambda _: None)
    intake = Intake("amqp", lambda port: amqp(), None, lambda name, port: None)  # type: ignore[arg-type]
    intake.listener = amqp()
    alarm.join(files, Intakes([intake]))
    return files, intake


async def test_trouble_closes_the_doors_and_its_end_opens_them() -> None:
    alarm = StoreAlarm()
    files, intake = joined(alarm)
    listener = intake.listener
    assert isinstance(listener, AmqpListener)
    alarm.begin(StoreError("disk short: 3 MiB free", full=True))
    assert (files.closed != "", listener.blocked) == (True, "disk short: 3 MiB free")
    assert alarm.reasons() == ["disk short: 3 MiB free"]
    alarm.end()
    assert (files.closed, listener.blocked, alarm.reasons()) == ("", "", [])


async def test_doors_that_are_made_during_the_trouble_are_closed_too() -> None:
    alarm = StoreAlarm()
    alarm.begin(StoreError("disk short"))
    files, intake = joined(alarm)
    listener = intake.listener
    assert isinstance(listener, AmqpListener)
    assert (files.closed != "", listener.blocked) == (True, "disk short")
    intake.listener = again = amqp()
    alarm.refresh()
    assert again.blocked == "disk short"


async def test_a_store_that_cannot_be_read_is_a_reason_but_closes_nothing() -> None:
    alarm = StoreAlarm()
    files, _ = joined(alarm)
    alarm.unreadable = "not readable: connection refused"
    alarm.refresh()
    assert alarm.reasons() == ["not readable: connection refused"]
    assert files.closed == ""

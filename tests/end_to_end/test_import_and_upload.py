"""Once `trambox import` has answered, the very next login and the very next upload meet the new inventory."""

import asyncio
import ftplib
import io
from contextlib import ExitStack
from pathlib import Path

import pytest

from protocols.formats import tt10_2021
from protocols.formats.filename import build_name
from protocols.records import ParsedReading
from storage.entries import AccountEntry, Inventory, StationEntry
from tests.end_to_end.box import HOST, Box

T0 = 1_774_000_800
WORD = "a-word-for-the-test"
CODES = ("HY_AAAA_NUOSXL", "HY_BBBB_NUOSXL", "HY_CCCC_NUOSXL")


def inventory(count: int) -> Inventory:
    """So many stations of one account."""
    stations = tuple(StationEntry(code, "wastewater") for code in CODES[:count])
    return Inventory(stations=stations, accounts=(AccountEntry("tb", WORD, stations=CODES[:count]),))


def logged_in(box: Box) -> ftplib.FTP:
    ftp = ftplib.FTP()
    ftp.connect(HOST, box.ports["ftp"], timeout=20)
    ftp.login("tb", WORD)
    return ftp


def send(ftp: ftplib.FTP, code: str) -> str:
    body = tt10_2021.build([ParsedReading(T0, "COD", 5.0, "5", "mg/L", "00", 1)])
    return ftp.storbinary(f"STOR {build_name(code, T0)}", io.BytesIO(body))


@pytest.mark.asyncio
async def test_a_file_sent_when_the_import_has_answered_lands_at_the_new_station(tmp_path: Path) -> None:
    """An account that had one station takes any file for that one: just after an import it must know better."""
    box, sessions = Box(tmp_path / "box", module="tests.end_to_end.blinkered"), ExitStack()
    try:
        await box.import_inventory(inventory(1))
        await box.start()
        before = sessions.enter_context(await asyncio.to_thread(logged_in, box))
        assert "kept as" in await asyncio.to_thread(send, before, CODES[0])
        await box.import_inventory(inventory(2))
        after = sessions.enter_context(await asyncio.to_thread(logged_in, box))
        await asyncio.to_thread(send, after, CODES[1])
        await box.import_inventory(inventory(3))
        await asyncio.to_thread(send, before, CODES[2])
        asked = "SELECT s.code FROM files f JOIN stations s ON s.id = f.station_id ORDER BY f.id"
        assert [code for (code,) in box.rows(asked)] == list(CODES)
        sessions.close()
        assert await box.stop() == 0
    finally:
        sessions.close()
        await box.close()

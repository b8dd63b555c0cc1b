"""Feeds history files through journal and actors, as if their stations sent them now.

Files are taken in the order of the times in their names; one that the journal holds already is a duplicate, so a second
run changes nothing. The server must not run meanwhile: its data folder is held.
"""

import asyncio
import sys
from collections import Counter
from pathlib import Path

from actors.kernel.loops import run_guest
from conf.settings import Settings
from protocols.errors import StorageFull, UploadRefused
from protocols.paths import station_of, time_in_name
from protocols.uploads import Grant
from protocols.vocabulary import Fate
from protocols.vocabulary import Protocol as Wire
from server.app import open_house
from server.house import House
from server.logs import configure_logs
from server.refusal import Refusal

BAR = 40


def find_files(folder: Path) -> list[Path]:
    """Every file below a folder, in the order of the times in the names."""
    found = (file for file in folder.rglob("*") if file.is_file())
    return sorted(found, key=lambda file: (time_in_name(file.name) or 0, file.name))


async def replay(settings: Settings, folder: Path) -> Counter[str]:
    """Replay a folder; returns how many files came to which fate."""
    configure_logs()
    files = await asyncio.to_thread(find_files, folder)
    fates: Counter[str] = Counter()
    async with open_house(settings) as (house, *_):

        async def feed() -> None:
            await _feed(house, files, fates)

        async def nothing() -> None: ...

        await run_guest(lambda: house.guest.live(house.clocks(), {}, feed, lambda: None, nothing))
    return fates


async def _feed(house: House, files: list[Path], fates: Counter[str]) -> None:
    """Keep one file after the other, then wait until every reading is judged and every due hour is made."""
    grant = Grant("replay", "local", Wire.FTP, tuple(house.world.known))
    for number, file in enumerate(files, 1):
        data = await asyncio.to_thread(file.read_bytes)
        try:
            receipt = await house.file_intake.keep(grant, station_of(f"/{file.name}", grant.stations), file.name, data)
            fates[receipt.fate] += 1
        except UploadRefused as refusal:
            fates[Fate.REFUSED] += 1
            print(f"\r{file}: {refusal.reason}", file=sys.stderr)
        except StorageFull as full:
            raise Refusal(f"{file}: {full.reason}", "make room, then run it again: what is stored stays") from full
        _show(number, len(files))
    await house.settled()


def _show(done: int, of: int) -> None:
    if sys.stderr.isatty() and (done == of or done % 20 == 0):
        full = BAR * done // of
        print(f"\r[{'#' * full}{'.' * (BAR - full)}] {done}/{of}", end="\n" if done == of else "", file=sys.stderr)

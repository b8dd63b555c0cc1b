"""Verbs that move bytes: STOR APPE RETR LIST NLST MLSD REST ABOR.

Invariant: 226 follows `UploadArea.store`, never goes before it; an upload that broke off is kept apart, never stored.
The last look makes a dead client's half file one of these in all but the rarest case: FTP's stream mode marks no end.
"""

import asyncio
import fnmatch
import socket
from collections.abc import Callable, Coroutine, Iterable

from protocols.errors import NoSuchPath, PathRefused, TooLarge
from protocols.ftp.channel import DataChannel, TransferBroken
from protocols.ftp.control import TLS_SHUTDOWN_S
from protocols.ftp.listings import build_list, build_mlsd, build_nlst, without_switches
from protocols.ftp.session import Session
from protocols.paths import is_temporary, name_of, parent_of
from protocols.uploads import Entry

LAST_LOOK_S = 0.003


async def rest(session: Session, argument: str) -> None:
    """REST: where the next STOR or RETR begins."""
    text = argument.strip()
    if text.isascii() and text.isdigit() and len(text) <= 12:
        session.restart_at = int(text)
        session.reply(350, f"restarting at {session.restart_at}")
    else:
        session.reply(501, "not a number of bytes")


async def abor(session: Session, argument: str) -> None:
    """ABOR: a running transfer was broken off when this line came; here it is only confirmed."""
    session.close_data()
    session.reply(226, "nothing is moving")


async def stor(session: Session, argument: str) -> None:
    """STOR: take a whole file in; after REST n, its first n bytes stay as they are."""
    path = _file_path(session, argument)
    offset, session.restart_at = session.restart_at, 0
    head = b""
    if offset:
        known = await session.house.area.read(session.granted, path)
        if offset > len(known):
            session.reply(554, f"only {len(known)} bytes are here")
            return
        head = known[:offset]
    await _take_in(session, path, head)


async def appe(session: Session, argument: str) -> None:
    """APPE: take a file in behind the bytes that are there."""
    path = _file_path(session, argument)
    session.restart_at = 0
    try:
        head = await session.house.area.read(session.granted, path)
    except NoSuchPath:
        head = b""
    await _take_in(session, path, head)


async def retr(session: Session, argument: str) -> None:
    """RETR: give a file out."""
    offset, session.restart_at = session.restart_at, 0
    data = await session.house.area.read(session.granted, session.path_of(argument))
    if offset > len(data):
        session.reply(554, f"only {len(data)} bytes are here")
    else:
        await _give_out(session, data[offset:])


async def list_folder(session: Session, argument: str) -> None:
    """LIST: in the manner of `ls -l`; switches are ignored."""
    await _give_out(session, build_list(await _entries(session, without_switches(argument))))


async def nlst(session: Session, argument: str) -> None:
    """NLST: bare names; switches are ignored."""
    await _give_out(session, build_nlst(await _entries(session, without_switches(argument))))


async def mlsd(session: Session, argument: str) -> None:
    """MLSD: names with facts."""
    path = session.path_of(argument)
    if not (await session.house.area.stat(session.granted, path)).is_folder:
        session.reply(501, "not a folder")
        return
    await _give_out(session, build_mlsd(await session.house.area.list(session.granted, path)))


def _file_path(session: Session, argument: str) -> str:
    path = session.path_of(argument)
    if path == "/" or argument.endswith("/"):
        raise PathRefused("a file needs a name")
    return path


async def _entries(session: Session, text: str) -> Iterable[Entry]:
    area, grant, path = session.house.area, session.granted, session.path_of(text)
    if "*" in text or "?" in text:
        pattern = name_of(path)
        entries = await area.list(grant, parent_of(path))
        return [entry for entry in entries if fnmatch.fnmatchcase(entry.name, pattern)]
    entry = await area.stat(grant, path)
    return await area.list(grant, path) if entry.is_folder else [entry]


async def _take_in(session: Session, path: str, head: bytes) -> None:
    house, grant = session.house, session.granted
    channel = DataChannel(session.loop, house.options.data_s, house.options.max_upload_bytes - len(head))
    if not await _carry(session, channel, channel.ended):
        return
    # A client that dies closes both its connections, in any order: look once more at the other before this end counts.
    # Under a temporary name the end counts for nothing yet; the renaming that a dead client never asks for does.
    await asyncio.sleep(0 if is_temporary(name_of(path)) else LAST_LOOK_S)
    fault = TransferBroken("control connection lost") if session.control.lost else channel.fault
    if fault is not None:
        house.tally.broken += 1
        if channel.size or head:
            await house.area.keep_broken(grant, path, head + channel.received())
        session.reply(552 if isinstance(fault, TooLarge) else 426, str(fault))
        return
    data = head + channel.received() if head else channel.received()
    receipt = await house.area.store(grant, path, data)
    house.tally.files += 1
    house.tally.bytes += len(data)
    session.files += 1
    session.reply(226, receipt.text)


async def _give_out(session: Session, data: bytes) -> None:
    channel = DataChannel(session.loop, session.house.options.data_s, 0)

    async def send() -> None:
        await channel.send(data)

    if not await _carry(session, channel, send):
        return
    if channel.fault is not None:
        session.reply(426, str(channel.fault))
    else:
        session.reply(226, "done")


async def _carry(session: Session, channel: DataChannel, work: Callable[[], Coroutine[None, None, None]]) -> bool:
    """Make the data connection and move bytes until the end, an ABOR, or the loss of the control connection.

    Returns:
        False where no data connection came about (the client was told); else the channel knows how it ended.
    """
    if session.passive is None and session.active is None:
        session.reply(425, "PASV or PORT first")
        return False
    if session.house.options.require_tls and not session.protected:
        session.close_data()
        session.reply(522, "PROT P first")
        return False
    session.reply(150, "ready")
    transfer = session.loop.create_task(_move(session, channel, work))
    session.control.interrupt = transfer.cancel
    try:
        return await transfer
    except asyncio.CancelledError:
        if not transfer.cancelled():
            raise
        channel.fault = TransferBroken("transfer broken off")
        return True
    finally:
        session.control.interrupt = None
        session.close_data()
        channel.close()


async def _move(session: Session, channel: DataChannel, work: Callable[[], Coroutine[None, None, None]]) -> bool:
    try:
        async with asyncio.timeout(session.house.options.data_s):
            opened = await _connect(session, channel)
    except OSError:
        opened = False
    if not opened:
        session.reply(425, "no data connection")
        return False
    await work()
    return True


async def _connect(session: Session, channel: DataChannel) -> bool:
    """Open the data connection; TimeoutError and OSError where it fails."""
    connection = await _socket(session)
    if connection is None:
        return False
    tls = session.house.tls if session.protected else None
    try:
        await session.loop.connect_accepted_socket(
            lambda: channel,
            connection,
            ssl=tls,
            ssl_handshake_timeout=session.house.options.data_s if tls else None,
            ssl_shutdown_timeout=TLS_SHUTDOWN_S if tls else None,
        )
    except BaseException:
        connection.close()
        raise
    return True


async def _socket(session: Session) -> socket.socket | None:
    if session.passive is not None:
        return await session.passive.accept()
    assert session.active is not None
    family = socket.AF_INET6 if ":" in session.active[0] else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        await session.loop.sock_connect(connection, session.active)
    except BaseException:
        connection.close()
        raise
    return connection

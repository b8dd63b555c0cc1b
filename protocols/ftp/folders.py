"""Verbs on names: CWD CDUP PWD MKD RMD DELE RNFR RNTO SIZE MDTM MLST.

Source: RFC 959, RFC 3659 (SIZE, MDTM, MLST).
"""

from dataclasses import replace

from protocols.ftp.listings import build_facts, build_mdtm
from protocols.ftp.replies import quoted
from protocols.ftp.session import Session
from protocols.paths import parent_of


async def cwd(session: Session, argument: str) -> None:
    """CWD: into a folder that is there, because it was made or because files are in it."""
    path = session.path_of(argument)
    if path != "/" and not (await session.house.area.stat(session.granted, path)).is_folder:
        session.reply(550, "not a folder")
        return
    session.folder = path
    session.reply(250, f"now in {quoted(path)}")


async def cdup(session: Session, argument: str) -> None:
    """CDUP."""
    session.folder = parent_of(session.folder)
    session.reply(250, f"now in {quoted(session.folder)}")


async def pwd(session: Session, argument: str) -> None:
    """PWD."""
    session.reply(257, quoted(session.folder))


async def mkd(session: Session, argument: str) -> None:
    """MKD: loggers make year, month and day themselves, also where they exist (550, and the session goes on)."""
    path = session.path_of(argument)
    await session.house.area.make_folder(session.granted, path)
    session.reply(257, f"{quoted(path)} made")


async def rmd(session: Session, argument: str) -> None:
    """RMD."""
    await session.house.area.remove_folder(session.granted, session.path_of(argument))
    session.reply(250, "removed")


async def dele(session: Session, argument: str) -> None:
    """DELE."""
    await session.house.area.remove(session.granted, session.path_of(argument))
    session.reply(250, "removed")


async def rnfr(session: Session, argument: str) -> None:
    """RNFR: name what is to be renamed."""
    path = session.path_of(argument)
    await session.house.area.stat(session.granted, path)
    session.rename_from = path
    session.reply(350, "and now the new name")


async def rnto(session: Session, argument: str) -> None:
    """RNTO: rename; a temporary file that gets its final name is taken in as an upload."""
    source, session.rename_from = session.rename_from, None
    if source is None:
        session.reply(503, "RNFR first")
        return
    receipt = await session.house.area.rename(session.granted, source, session.path_of(argument))
    session.reply(250, receipt.text)


async def size(session: Session, argument: str) -> None:
    """SIZE."""
    entry = await session.house.area.stat(session.granted, session.path_of(argument))
    if entry.is_folder:
        session.reply(550, "a folder has no size")
    else:
        session.reply(213, str(entry.size))


async def mdtm(session: Session, argument: str) -> None:
    """MDTM."""
    entry = await session.house.area.stat(session.granted, session.path_of(argument))
    session.reply(213, build_mdtm(entry.modified_s))


async def mlst(session: Session, argument: str) -> None:
    """MLST: the facts of one path."""
    path = session.path_of(argument)
    entry = replace(await session.house.area.stat(session.granted, path), name=path)
    session.reply_lines(250, "facts", [f"{build_facts(entry)} {path}"], "end")

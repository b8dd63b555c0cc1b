"""Verbs that ask or agree: SYST FEAT OPTS NOOP STAT TYPE MODE STRU ALLO ACCT.

Files are kept as the bytes they came as, so TYPE A is accepted and changes nothing.
Source: RFC 959, RFC 2389 (FEAT, OPTS).
"""

from protocols.ftp.listings import build_list_line, without_switches
from protocols.ftp.session import Session

FEATURES = (
    "EPRT",
    "EPSV",
    "MDTM",
    "MLST type*;size*;modify*;perm*;",
    "REST STREAM",
    "SIZE",
    "TVFS",
    "UTF8",
)
TLS_FEATURES = ("AUTH TLS", "PBSZ", "PROT")
TYPES = frozenset({"A", "A N", "I", "L 8", "L8"})


async def syst(session: Session, argument: str) -> None:
    """SYST."""
    session.reply(215, "UNIX Type: L8")


async def feat(session: Session, argument: str) -> None:
    """FEAT: the extensions; those of TLS only where there is a certificate."""
    tls = TLS_FEATURES if session.house.tls is not None else ()
    session.reply_lines(211, "extensions", [*tls, *FEATURES], "end")


async def opts(session: Session, argument: str) -> None:
    """OPTS: UTF-8 is always on, the facts of MLST are always all."""
    match argument.upper().split():
        case ["UTF8"] | ["UTF8", "ON"] | ["UTF-8", "ON"]:
            session.reply(200, "UTF-8 is on")
        case ["MLST", *_]:
            session.reply(200, "MLST OPTS type;size;modify;perm;")
        case _:
            session.reply(501, "no such option")


async def noop(session: Session, argument: str) -> None:
    """NOOP."""
    session.reply(200, "here")


async def stat(session: Session, argument: str) -> None:
    """STAT: this session, or a listing over the control connection."""
    text = without_switches(argument)
    if not text:
        name = session.grant.username if session.grant is not None else "nobody"
        secure = "secure" if session.control.secure else "plain"
        session.reply_lines(211, "status", [f"logged in: {name}", f"connection: {secure}"], "end")
    elif session.grant is None:
        session.reply(530, "log in first")
    else:
        path = session.path_of(text)
        area = session.house.area
        entry = await area.stat(session.grant, path)
        entries = await area.list(session.grant, path) if entry.is_folder else [entry]
        session.reply_lines(213, "status", [build_list_line(each) for each in entries], "end")


async def set_type(session: Session, argument: str) -> None:
    """TYPE."""
    known = argument.strip().upper() in TYPES
    session.reply(200 if known else 504, "bytes are kept as they come" if known else "A and I only")


async def mode(session: Session, argument: str) -> None:
    """MODE."""
    known = argument.strip().upper() == "S"
    session.reply(200 if known else 504, "stream" if known else "S only")


async def structure(session: Session, argument: str) -> None:
    """STRU."""
    known = argument.strip().upper() == "F"
    session.reply(200 if known else 504, "file" if known else "F only")


async def allo(session: Session, argument: str) -> None:
    """ALLO: nothing is set aside beforehand."""
    session.reply(202, "not needed")


async def acct(session: Session, argument: str) -> None:
    """ACCT."""
    session.reply(202, "not needed")

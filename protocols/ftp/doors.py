"""Verbs that prepare a data connection: PASV EPSV PORT EPRT.

Invariant: data connections are made with the control connection's own peer only, and one way at a time.
Source: RFC 959, RFC 2428 (EPSV, EPRT), RFC 2577 (bounce attacks).
"""

from protocols.ftp.addresses import build_epsv, build_pasv, parse_eprt, parse_port, plain_address
from protocols.ftp.passive import PassiveDoor
from protocols.ftp.session import Session

LOWEST_ACTIVE_PORT = 1024


async def pasv(session: Session, argument: str) -> None:
    """PASV."""
    address = session.house.options.public_address or session.local
    if session.epsv_only:
        session.reply(503, "EPSV ALL was said")
    elif ":" in address:
        session.reply(522, "EPSV please (2)")
    elif door := _open_door(session):
        session.reply(227, f"entering passive mode {build_pasv(address, door.port)}")


async def epsv(session: Session, argument: str) -> None:
    """EPSV: with `ALL`, no other way from now on."""
    family = "2" if ":" in session.local else "1"
    match argument.strip().upper():
        case "ALL":
            session.epsv_only = True
            session.reply(200, "EPSV only from now on")
        case wanted if wanted in ("", family):
            _extended(session)
        case _:
            session.reply(522, f"the family of this connection only ({family})")


async def port(session: Session, argument: str) -> None:
    """PORT."""
    _go_active(session, parse_port(argument))


async def eprt(session: Session, argument: str) -> None:
    """EPRT."""
    _go_active(session, parse_eprt(argument))


def _extended(session: Session) -> None:
    if door := _open_door(session):
        session.reply(229, f"entering extended passive mode {build_epsv(door.port)}")


def _open_door(session: Session) -> PassiveDoor | None:
    session.close_data()
    listening = session.house.ports.listen(session.local)
    if listening is None:
        session.reply(425, "no passive port is free, try again")
        return None
    session.passive = PassiveDoor(session.loop, listening, session.peer, session.house.options.data_s)
    return session.passive


def _go_active(session: Session, target: tuple[str, int] | None) -> None:
    if session.epsv_only:
        session.reply(503, "EPSV ALL was said")
    elif target is None:
        session.reply(501, "not an address")
    elif plain_address(target[0]) != session.peer or target[1] < LOWEST_ACTIVE_PORT:
        session.reply(504, "your own address and a port from 1024 only")
    else:
        session.close_data()
        session.active = target
        session.reply(200, "active mode")

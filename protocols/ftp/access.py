"""Verbs of coming and going: USER PASS AUTH PBSZ PROT QUIT.

Source: RFC 959, RFC 4217 (FTP over TLS).
"""

import asyncio

from protocols.ftp.session import Session
from protocols.vocabulary import Protocol as Wire

WRONG_LOGIN_DELAY_S = 0.5
MAX_WRONG_LOGINS = 3
NOBODY = frozenset({"", "anonymous", "ftp"})


async def user(session: Session, argument: str) -> None:
    """USER: name the account; every name is asked for its password, so none is given away."""
    if _must_secure(session):
        return
    session.forget_login()
    session.username = argument.strip()
    session.reply(331, "password please")


async def password(session: Session, argument: str) -> None:
    """PASS: log in; a refusal never says why, and takes a while."""
    if _must_secure(session):
        return
    if session.grant is not None:
        session.reply(230, "logged in already")
        return
    username, session.username = session.username, ""
    authenticator = session.house.authenticator
    if not authenticator.address_allowed(session.peer):
        session.reply(421, "too many failures, try again later")
        session.ending = True
        return
    if username.casefold() not in NOBODY:
        session.grant = await authenticator.by_password(username, argument, session.peer, Wire.FTP)
    if session.grant is not None:
        session.house.tally.logins += 1
        session.reply(230, "logged in")
        return
    session.house.tally.refused_logins += 1
    session.failures += 1
    await asyncio.sleep(WRONG_LOGIN_DELAY_S)
    session.ending = session.failures >= MAX_WRONG_LOGINS
    session.reply(421 if session.ending else 530, "login incorrect")


async def auth(session: Session, argument: str) -> None:
    """AUTH TLS: go on over TLS, as before the login."""
    if session.house.tls is None:
        session.reply(502, "no TLS here")
    elif argument.strip().upper() not in ("TLS", "TLS-C", "SSL"):
        session.reply(504, "TLS only")
    elif session.control.secure:
        session.reply(503, "secure already")
    else:
        session.reply(234, "begin TLS")
        try:
            await session.control.start_tls(session.house.tls, session.house.options.login_s)
        except OSError:
            session.ending = True
            return
        session.forget_login()


async def pbsz(session: Session, argument: str) -> None:
    """PBSZ: the buffer of TLS is always 0."""
    if session.control.secure:
        session.reply(200, "PBSZ=0")
    else:
        session.reply(503, "AUTH TLS first")


async def prot(session: Session, argument: str) -> None:
    """PROT: whether data connections are secured too."""
    level = argument.strip().upper()
    if not session.control.secure:
        session.reply(503, "AUTH TLS first")
    elif level == "P":
        session.protected = True
        session.reply(200, "data connections secured")
    elif level == "C" and not session.house.options.require_tls:
        session.protected = False
        session.reply(200, "data connections plain")
    elif level in ("C", "S", "E"):
        session.reply(536 if level != "C" else 534, "PROT P only")
    else:
        session.reply(504, "no such level")


async def leave(session: Session, argument: str) -> None:
    """QUIT."""
    session.reply(221, "goodbye")
    session.ending = True


def _must_secure(session: Session) -> bool:
    if session.house.options.require_tls and not session.control.secure:
        session.reply(534, "AUTH TLS first")
        return True
    return False

"""The two ways a client names itself: SASL PLAIN, and AMQPLAIN (a field table without its length)."""

import struct

from pamqp import decode

from protocols.amqp.codes import ConnectionFault, ReplyCode

MECHANISMS = "PLAIN AMQPLAIN"


def parse_credentials(mechanism: str, response: bytes) -> tuple[str, str]:
    """Read username and password; raises ConnectionFault 503 or 502."""
    if mechanism == "PLAIN":
        parts = response.split(b"\0")
        if len(parts) != 3:
            raise ConnectionFault(ReplyCode.SYNTAX_ERROR, "PLAIN wants authorisation, name and password")
        return _text(parts[1]), _text(parts[2])
    if mechanism != "AMQPLAIN":
        raise ConnectionFault(ReplyCode.COMMAND_INVALID, f"unknown mechanism {mechanism!r}")
    try:
        table = decode.field_table(struct.pack(">I", len(response)) + response)[1]
    except (ValueError, LookupError, TypeError, struct.error, ArithmeticError, OSError, RecursionError) as broken:
        raise ConnectionFault(ReplyCode.SYNTAX_ERROR, "AMQPLAIN wants a field table") from broken
    login, password = table.get("LOGIN"), table.get("PASSWORD")
    if not isinstance(login, str) or not isinstance(password, str):
        raise ConnectionFault(ReplyCode.SYNTAX_ERROR, "AMQPLAIN wants LOGIN and PASSWORD")
    return login, password


def as_octets(response: object) -> bytes:
    """Undo what pamqp makes of a long string: text where it happens to be UTF-8, bytes otherwise."""
    return response.encode() if isinstance(response, str) else response if isinstance(response, bytes) else b""


def build_plain(username: str, password: str) -> str:
    """Write the response of SASL PLAIN."""
    return f"\0{username}\0{password}"


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")

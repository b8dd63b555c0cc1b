"""Bytes of a station file to lines of text, whatever its logger's idea of text is.

Lines end with CRLF, LF or CR. Text is UTF-8 by the rule; a byte order mark, UTF-16 and the Windows code pages of
Vietnam (1258) and of the West (1252) occur and are read, each with a fault. A file is decoded line by line, so that
one broken byte does not change how the rest is read.

Invariant: a line's offset is that of its first byte in the file as received.
"""

import codecs
from typing import NamedTuple

from protocols.records import Fault

MAX_BYTES = 4 * 1024 * 1024
MAX_LINES = 50_000
MAX_LINE_BYTES = 64 * 1024
MAX_RAW = 200
CODE_PAGES = (("cp1258", "Windows-1258"), ("cp1252", "Windows-1252"))


class Line(NamedTuple):
    """A line without its end; `number` counts from 1, blank lines included."""

    number: int
    offset: int
    text: str


def read_lines(data: bytes) -> tuple[list[Line], list[Fault]]:
    """Split and decode a file; lines that are blank are left out, too long ones refused with a fault."""
    faults: list[Fault] = []
    if len(data) > MAX_BYTES:
        faults.append(
            _whole(f"The file is longer than {MAX_BYTES} bytes and the rest was not read: send shorter files.")
        )
        data = data[:MAX_BYTES]
    pieces, codec, offset = _split(data, faults)
    if len(pieces) > MAX_LINES:
        faults.append(_whole(f"The file has over {MAX_LINES} lines and the rest was not read: send shorter files."))
        del pieces[MAX_LINES:]
    lines: list[Line] = []
    for number, piece in enumerate(pieces, 1):
        body = piece.rstrip(b"\r\n")
        if len(body) > MAX_LINE_BYTES:
            detail = f"Line {number} is longer than {MAX_LINE_BYTES} bytes and was not read: break it up."
            faults.append(Fault(number, offset, "fields", "too_long", detail, escape(body[:MAX_RAW])))
        elif body.strip():
            lines.append(Line(number, offset, _decode(number, offset, body, faults)))
        offset += len(piece) if codec == "utf-8" else len(piece.decode().encode(codec))
    return lines, faults


def cut_line(data: bytes, lines: list[Line]) -> Line | None:
    """The line that a file may have broken off in: the last of several, without a line end (UTF-8 and code pages)."""
    return lines[-1] if len(lines) > 1 and not data.endswith((b"\n", b"\r", b"\n\0", b"\r\0")) else None


def escape(raw: str | bytes) -> str:
    """Show text or bytes in printable characters only, everything else as backslash escapes, at most 200 of them."""
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
    shown = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text[:MAX_RAW]
    )
    return shown[:MAX_RAW]


def _whole(detail: str) -> Fault:
    return Fault(0, 0, "fields", "too_long", detail, "")


def _split(data: bytes, faults: list[Fault]) -> tuple[list[bytes], str, int]:
    """Give the lines as UTF-8 (or unknown bytes), the codec that they came in, and the first line's offset."""
    if data.startswith(codecs.BOM_UTF8):
        detail = "The file begins with a byte order mark: write UTF-8 without it."
        faults.append(Fault(0, 0, "encoding", "encoding", detail, "\\xef\\xbb\\xbf"))
        return data[3:].splitlines(keepends=True), "utf-8", 3
    codec, start = _utf16(data)
    if not codec:
        return data.splitlines(keepends=True), "utf-8", 0
    faults.append(Fault(0, 0, "encoding", "encoding", "The file is UTF-16: write it in UTF-8.", escape(data[:16])))
    text = data[start:].decode(codec, "backslashreplace")
    return text.encode().splitlines(keepends=True), codec, start


def _utf16(data: bytes) -> tuple[str, int]:
    """Name the UTF-16 codec by the byte order mark, or by the zero bytes of plain letters; empty where it is none."""
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le", 2
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be", 2
    even, odd = data[0:64:2], data[1:64:2]
    if len(odd) > 4 and odd.count(0) * 2 > len(odd) and 0 not in even:
        return "utf-16-le", 0
    if len(odd) > 4 and even.count(0) * 2 > len(even) and 0 not in odd:
        return "utf-16-be", 0
    return "", 0


def _decode(number: int, offset: int, body: bytes, faults: list[Fault]) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        pass
    text, name = body.decode("ascii", "backslashreplace"), "ASCII with escapes"
    for codec, title in CODE_PAGES:
        try:
            text, name = body.decode(codec), title
            break
        except UnicodeDecodeError:
            continue
    detail = f"Line {number} is not UTF-8 and was read as {name}: write the file in UTF-8."
    faults.append(Fault(number, offset, "encoding", "encoding", detail, escape(body)))
    return text

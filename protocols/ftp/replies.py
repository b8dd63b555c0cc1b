"""Replies of the FTP server: how an answer is written, and which code each expected trouble has.

Source: RFC 959 section 4.2; 522 and 534 are of RFC 2428 and RFC 4217.
"""

from collections.abc import Sequence

from protocols.errors import NoSuchPath, PathRefused, StorageFull, TooLarge, UploadError, UploadRefused

CODES: dict[type[UploadError], int] = {
    NoSuchPath: 550,
    PathRefused: 550,
    UploadRefused: 553,
    TooLarge: 552,
    StorageFull: 452,
}


def build_reply(code: int, text: str) -> bytes:
    """Write a reply of one line; line ends inside the text become blanks."""
    return f"{code} {_one_line(text)}\r\n".encode()


def build_long_reply(code: int, head: str, lines: Sequence[str], tail: str) -> bytes:
    """Write a reply of several lines; those in the middle begin with a blank, so none looks like a reply's end."""
    body = "".join(f" {_one_line(line)}\r\n" for line in lines)
    return f"{code}-{_one_line(head)}\r\n{body}{code} {_one_line(tail)}\r\n".encode()


def quoted(path: str) -> str:
    """Write a path in quotes, its own quotes doubled (RFC 959 appendix II)."""
    return '"' + path.replace('"', '""') + '"'


def code_of(error: UploadError, *, naming: bool = False) -> int:
    """Give the reply code of a refusal; `naming` says that a file's name was being given (553), not looked up."""
    if naming and isinstance(error, PathRefused):
        return 553
    return CODES.get(type(error), 550)


def _one_line(text: str) -> str:
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text

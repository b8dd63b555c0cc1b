"""File names made from what others sent.

Invariants: two different texts of usual length never give the same name; a name holds no `/`, no control character,
does not begin with a dot, and leaves room for a version mark.
"""

import hashlib
import unicodedata

MAX_NAME_BYTES = 230


def safe_name(text: str) -> str:
    """Make a file name of a text: what cannot stand in one becomes `%` and two hexadecimal digits."""
    name = "".join(_escaped(letter, first=not index) for index, letter in enumerate(unicodedata.normalize("NFC", text)))
    encoded = name.encode()
    if len(encoded) > MAX_NAME_BYTES:
        mark = hashlib.sha256(encoded).hexdigest()[:16]
        name = f"{encoded[: MAX_NAME_BYTES - 17].decode(errors='ignore')}~{mark}"
    return name or "%"


def _escaped(letter: str, *, first: bool) -> str:
    category = unicodedata.category(letter)
    if letter in "/\\%" or category in ("Cc", "Cs", "Zl", "Zp") or (first and letter == "."):
        return "".join(f"%{byte:02X}" for byte in letter.encode(errors="surrogatepass"))
    return letter

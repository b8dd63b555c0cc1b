"""A snapshot under seal: a checksum tells on opening whether it is the one that was put away.

A station's past is packed in blocks that are read when a late value needs them; what a bad disk did to one of them
must be known before the actor runs, not hours later in the middle of a file.
"""

from struct import Struct
from zlib import crc32

SEAL = Struct("<2sI")
MARK = b"S1"


class BrokenSeal(ValueError):
    """The snapshot is not what was put away, or another version wrote it."""


def seal(state: bytes) -> bytes:
    """Put a snapshot away."""
    return SEAL.pack(MARK, crc32(state)) + state


def unseal(sealed: bytes) -> bytes:
    """Give the snapshot back; raises BrokenSeal."""
    if len(sealed) < SEAL.size:
        raise BrokenSeal("too short for a snapshot")
    mark, checksum = SEAL.unpack_from(sealed)
    state = sealed[SEAL.size :]
    if mark != MARK or crc32(state) != checksum:
        raise BrokenSeal("not the snapshot that was put away")
    return state

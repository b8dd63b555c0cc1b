"""The command file for a station's auto-sampler, and the file it answers with. Pure.

Command `CODE_LAYMAU_<number>_<yyyyMMddHHmmss>.txt`, one line: `LAYMAU`, number, time, bottle, reason, parted by TAB.
Answer `CODE_LAYMAU_<number>[_anything].txt`: the first word is OK (taken) or anything else (failed), the rest is told.
Source: none found (TT 10/2021/TT-BTNMT asks for remote sampling and gives no form); the form is ours.
"""

import re
from typing import NamedTuple

from protocols.times import build_stamp
from protocols.vocabulary import SampleState

_ANSWER = re.compile(r".+_LAYMAU_(\d{1,18})(?:_.*)?\.txt", re.IGNORECASE)
_TAKEN = frozenset({"OK", "DONE", "XONG"})
LONGEST = 300


class CommandFile(NamedTuple):
    """A file for the logger."""

    name: str
    body: bytes


class SampleAnswer(NamedTuple):
    """What a sampler says of a sample."""

    sample_id: int
    state: SampleState
    text: str


def build_command(code: str, sample_id: int, time_s: int, bottle: str, reason: str) -> CommandFile:
    """Write the command; what a person wrote stays on its line."""
    stamp = build_stamp(time_s)
    columns = ("LAYMAU", str(sample_id), stamp, *(" ".join(text.split()) for text in (bottle, reason)))
    return CommandFile(f"{code}_LAYMAU_{sample_id}_{stamp}.txt", ("\t".join(columns) + "\r\n").encode())


def parse_answer(name: str, data: bytes) -> SampleAnswer | None:
    """Read an answer; None where the name says that the file is none."""
    found = _ANSWER.fullmatch(name)
    if found is None:
        return None
    words = data.decode("utf-8-sig", "replace").split(None, 1)
    state = SampleState.TAKEN if words and words[0].upper() in _TAKEN else SampleState.FAILED
    return SampleAnswer(int(found[1]), state, " ".join(" ".join(words).split())[:LONGEST])

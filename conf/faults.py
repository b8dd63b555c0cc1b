"""What is wrong in a configuration or inventory file: all of it at once, each with its mend.

A fault names its place as `section.key` or `stations[3].parameters[0].unit` (counted
from 0), so that an editor can go there.
"""

import difflib
from collections.abc import Iterable
from typing import NamedTuple

from typing_extensions import override


class ConfigFault(NamedTuple):
    """One thing wrong: where, the value as written, what is wrong with it, and the mend."""

    where: str
    value: object
    problem: str
    mend: str

    @override
    def __str__(self) -> str:
        shown = "" if self.value is None else f" = {self.value!r}"
        return f"{self.where}{shown}: {self.problem}; {self.mend}"


class ConfigurationFaults(Exception):
    """A file is refused whole; `faults` is never empty."""

    def __init__(self, source: str, faults: Iterable[ConfigFault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{source}: {fault}" for fault in self.faults))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The mend for an unknown word: the nearest known one, or the whole list."""
    words = list(known)
    near = difflib.get_close_matches(word, words, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(words)}"

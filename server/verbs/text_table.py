"""Lays rows out as aligned columns for a terminal."""

import unicodedata
from collections.abc import Sequence


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows under their head, two spaces between columns; wide and combining letters are measured as shown."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(width_of(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell + " " * (width - width_of(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def width_of(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)

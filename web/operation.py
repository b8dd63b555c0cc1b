"""One line of the table of operations: what a path does, who may ask it, and what it takes and gives."""

from dataclasses import dataclass

from web.access import Access

SPAN = ("from", "to")
PAGE = ("limit", "offset")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, in the words of the API's user."""

    method: str
    rule: str
    summary: str
    access: Access = Access.READ
    query: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    """Fields of the answer; a leading `[]` says a list of them."""
    media: str = "application/json"
    refusals: tuple[int, ...] = ()

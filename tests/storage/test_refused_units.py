"""Units that no store takes: kept whole, whatever is in them, and their arrivals counted as refused."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from storage.refused_units import LONGEST_REASON, counted_refused, refused_counters, refused_row

VALUES = st.none() | st.booleans() | st.integers() | st.text(st.characters()) | st.binary(max_size=20)
ROWS = st.lists(st.tuples(VALUES, VALUES), max_size=3)


@given(ROWS, st.lists(st.tuples(st.text(max_size=9), st.tuples(VALUES)), max_size=3), st.text(st.characters()))
def test_any_unit_is_read_back_from_what_is_kept_of_it(
    rows: list[tuple[object, object]], updates: list[tuple[str, tuple[object]]], reason: str
) -> None:
    _, words, content = refused_row(reason, {"flips": rows}, updates, {"a": 1})
    assert ast.literal_eval(content.decode("ascii")) == {
        "rows": {"flips": rows},
        "updates": updates,
        "counters": {"a": 1},
    }
    assert words.isascii()
    assert "\0" not in words
    assert len(words) <= LONGEST_REASON


def test_two_refused_units_have_two_ids() -> None:
    assert refused_row("", {}, [], {})[0] != refused_row("", {}, [], {})[0]


def test_a_move_between_fates_that_is_refused_moves_nothing() -> None:
    assert refused_counters({"files.stored": -1, "files.refused": 1, "destination.a.waiting": -5}) == {}


def test_all_arrivals_of_a_refused_unit_are_refused() -> None:
    counters = {"waypoints.received": 9, "waypoints.stored": 6, "waypoints.duplicate": 3, "destination.a.due": 6}
    assert refused_counters(counters) == {"waypoints.received": 9, "waypoints.refused": 9}


def test_what_was_counted_of_a_refused_unit_is_known_even_where_its_rows_are_no_literals() -> None:
    counters = {"waypoints.received": 9, "waypoints.stored": 9, "destination.a.due": 9}
    _, _, content = refused_row("", {"waypoints": [(object(), float("inf"), "'counters': {}")]}, [], counters)
    assert counted_refused(content) == {"waypoints.received": 9, "waypoints.refused": 9}

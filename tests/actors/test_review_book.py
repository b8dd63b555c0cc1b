"""Episodes as verdicts come: what belongs together, what a later verdict clears, what a restart goes on with."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.review_book import LINK_S, MOVE, STALE, EpisodeBook
from protocols.verdict import pack
from protocols.vocabulary import EpisodeState
from storage.ids import Ids
from storage.models import EpisodeRow
from storage.writer import Unit

T0 = 1_763_600_400
STEP_S = 300
COLUMNS = ("id", "station_id", "parameter", "test", "first_s", "last_s", "count", "flag", "state")


def new_book() -> EpisodeBook:
    return EpisodeBook(lambda: T0 + 0.5, Ids({}))


class Shelf:
    """Applies units as the store would."""

    def __init__(self, book: EpisodeBook) -> None:
        self.book = book
        self.rows: dict[int, dict[str, Any]] = {}

    def flush(self) -> None:
        unit = Unit()
        self.book.flush(unit)
        for row in unit.rows.get("episodes", []):
            self.rows[row[0]] = dict(zip(COLUMNS, row, strict=False))
        for sql, values in unit.updates:
            if sql == MOVE:
                first_s, last_s, added, flag, *_, number = values
                held = self.rows[number]
                held.update(first_s=first_s, last_s=last_s, count=held["count"] + added, flag=flag)
            else:
                assert sql == STALE

    @property
    def spans(self) -> list[tuple[int, int, int, int]]:
        """(first step, last step, count, worst flag) of each episode."""
        return [
            ((row["first_s"] - T0) // STEP_S, (row["last_s"] - T0) // STEP_S, row["count"], row["flag"])
            for row in self.rows.values()
        ]


def judge(book: EpisodeBook, *flags: int, start: int = 0, test: str = "range") -> None:
    for step, flag in enumerate(flags, start):
        book.judged(1, "COD", T0 + step * STEP_S, flag, pack({test: flag, "order": 1}))


def test_consecutive_values_of_one_test_are_one_episode_and_a_good_one_ends_it() -> None:
    shelf = Shelf(book := new_book())
    judge(book, 1, 3, 3, 4, 1, 3)
    shelf.flush()
    assert shelf.spans == [(1, 3, 3, 4), (5, 5, 1, 3)]


def test_an_episode_grows_over_files_and_stays_one_row() -> None:
    shelf = Shelf(book := new_book())
    for step in range(5):
        judge(book, 3, start=step)
        shelf.flush()
    assert shelf.spans == [(0, 4, 5, 3)]


def test_what_could_not_be_evaluated_does_not_end_an_episode_but_a_long_silence_does() -> None:
    shelf = Shelf(book := new_book())
    judge(book, 3, 2, 3)
    book.judged(1, "COD", T0 + 2 * STEP_S + LINK_S + 1, 3, pack({"range": 3}))
    shelf.flush()
    assert [span[:2] for span in shelf.spans] == [(0, 2), (74, 74)]


def test_good_values_cost_nothing() -> None:
    book = new_book()
    judge(book, *[1] * 100)
    unit = Unit()
    book.flush(unit)
    assert unit == Unit()


def test_each_test_and_each_series_has_its_own_episodes() -> None:
    shelf = Shelf(book := new_book())
    judge(book, 3)
    judge(book, 3, test="spike")
    book.judged(2, "COD", T0, 3, pack({"range": 3}))
    shelf.flush()
    assert len(shelf.rows) == 3


def test_a_later_verdict_that_clears_a_value_has_the_episode_counted_again() -> None:
    shelf = Shelf(book := new_book())
    judge(book, 3, 3)
    shelf.flush()
    assert book.stale == set()
    book.revised(1, "COD", T0, 1, pack({"range": 1}))
    shelf.flush()
    assert book.stale == set(shelf.rows)


def test_a_later_verdict_about_a_value_of_an_ended_episode_opens_no_other() -> None:
    shelf = Shelf(book := new_book())
    judge(book, 4, 4, 1)
    book.revised(1, "COD", T0, 4, pack({"range": 4, "step": 3}))
    book.revised(1, "COD", T0, 4, pack({"range": 4, "step": 3}))
    shelf.flush()
    assert sorted(span[:2] for span in shelf.spans) == [(0, 0), (0, 1)]
    assert len(book.stale) == 2


def test_an_outer_test_opens_an_episode_too() -> None:
    shelf = Shelf(book := new_book())
    book.outer(1, "PM2.5", T0, "spatial", 3)
    shelf.flush()
    assert [row["test"] for row in shelf.rows.values()] == ["spatial"]


def test_what_a_person_decided_is_not_grown() -> None:
    shelf = Shelf(book := new_book())
    judge(book, 3, 3)
    shelf.flush()
    book.forget(1, "COD", shelf.rows)
    judge(book, 3, start=2)
    shelf.flush()
    assert shelf.spans == [(0, 1, 2, 3), (2, 2, 1, 3)]


@pytest.mark.parametrize(("state", "episodes"), [(EpisodeState.OPEN, 1), (EpisodeState.DONE, 2)])
def test_a_restart_goes_on_with_what_is_not_done(state: EpisodeState, episodes: int) -> None:
    shelf = Shelf(book := new_book())
    judge(book, 3, 3)
    shelf.flush()
    (row,) = shelf.rows.values()
    again = EpisodeBook(lambda: T0, Ids({"episodes": row["id"]}))
    again.load([EpisodeRow(**{**row, "state": str(state)}, opened_ms=1, changed_ms=1)])
    shelf.book = again
    judge(again, 3, start=2)
    shelf.flush()
    assert len(shelf.rows) == episodes


@given(st.lists(st.sampled_from([1, 2, 3, 4]), max_size=40), st.lists(st.integers(0, 40), max_size=5))
def test_every_questioned_value_lies_within_an_episode_however_the_files_are_cut(
    flags: list[int], cuts: list[int]
) -> None:
    shelf = Shelf(book := new_book())
    for step, flag in enumerate(flags):
        judge(book, flag, start=step)
        if step in cuts:
            shelf.flush()
    shelf.flush()
    held = [step for first, last, *_ in shelf.spans for step in range(first, last + 1)]
    assert {step for step, flag in enumerate(flags) if flag in (3, 4)} <= set(held)
    assert len(held) == len(set(held))
    assert sum(span[2] for span in shelf.spans) == sum(flag in (3, 4) for flag in flags)

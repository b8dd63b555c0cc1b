"""A digest: gathered changes, one letter for many, reminders until somebody answers, an end when all recovered."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.notices.digest import Digest, Paces, Sign, Step
from protocols.vocabulary import Cause, Occasion

MINUTE_MS = 60_000
START_MS = 1_763_610_900_000
PACES = Paces(gather_ms=5 * MINUTE_MS, repeat_ms=240 * MINUTE_MS, answer_ms=120 * MINUTE_MS)


class Stage:
    """A digest, and a clock in minutes."""

    def __init__(self) -> None:
        self.digest = Digest(1, "Trực ban", Cause.MISSING, "t", START_MS)
        self.ids = count(1).__next__

    def at(self, minute: float, *sources: str) -> Step:
        """Look; a letter that is due is written."""
        now_ms = START_MS + int(minute * MINUTE_MS)
        wanted = {source: Sign(now_ms, "") for source in sources}
        step = self.digest.look(now_ms, wanted, self.ids, PACES)
        if step.occasion is not None:
            self.digest.told(now_ms, step.occasion)
        return step

    def letters(self, from_minute: int, to_minute: int, *sources: str) -> list[tuple[int, Occasion]]:
        """Look every minute; gives the letters."""
        steps = [(minute, self.at(minute, *sources).occasion) for minute in range(from_minute, to_minute)]
        return [(minute, occasion) for minute, occasion in steps if occasion is not None]


def test_many_stations_that_fall_together_are_one_letter() -> None:
    stage = Stage()
    assert stage.at(0, "a").occasion is None
    assert stage.at(2, "a", "b", "c").occasion is None
    assert stage.at(5, "a", "b", "c").occasion is Occasion.OPENED
    assert stage.letters(6, 100, "a", "b", "c") == []


def test_what_comes_later_is_gathered_again() -> None:
    stage = Stage()
    stage.letters(0, 6, "a")
    assert stage.letters(20, 40, "a", "b") == [(25, Occasion.CHANGED)]


def test_a_recovery_of_one_is_told_with_what_stands() -> None:
    stage = Stage()
    stage.letters(0, 6, "a", "b")
    step = stage.at(30, "a")
    assert [item.source for item in step.recovered] == ["b"]
    assert stage.letters(31, 60, "a") == [(35, Occasion.CHANGED)]


def test_the_last_recovery_is_told_at_once_and_ends_it() -> None:
    stage = Stage()
    stage.letters(0, 6, "a")
    step = stage.at(30)
    assert (step.occasion, step.closed) == (Occasion.RECOVERED, True)


def test_what_was_over_before_anybody_was_told_ends_in_silence() -> None:
    stage = Stage()
    stage.at(0, "a")
    step = stage.at(3)
    assert (step.occasion, step.closed) == (None, True)


def test_nobody_answers_so_it_is_escalated_after_two_hours_and_repeated_every_four() -> None:
    stage = Stage()
    assert stage.letters(0, 700, "a") == [
        (5, Occasion.OPENED),
        (125, Occasion.ESCALATED),
        (365, Occasion.REMINDER),
        (605, Occasion.REMINDER),
    ]


def test_an_answer_ends_reminders_until_something_new_befalls() -> None:
    stage = Stage()
    stage.letters(0, 6, "a")
    stage.digest.acknowledged = True
    assert stage.letters(6, 700, "a") == []
    assert stage.letters(700, 720, "a", "b") == [(705, Occasion.CHANGED)]
    assert not stage.digest.acknowledged


def test_a_recovery_alone_does_not_ask_for_an_answer_again() -> None:
    stage = Stage()
    stage.letters(0, 6, "a", "b")
    stage.digest.acknowledged = True
    assert stage.letters(10, 20, "a") == [(15, Occasion.CHANGED)]
    assert stage.digest.acknowledged


@pytest.mark.parametrize("again", [31, 33])
def test_a_source_that_falls_again_is_a_new_item(again: int) -> None:
    stage = Stage()
    stage.letters(0, 6, "a", "b")
    stage.at(30, "a")
    stage.at(again, "a", "b")
    assert [item.source for item in stage.digest.items] == ["a", "b", "b"]


@given(st.lists(st.sets(st.sampled_from("abc")), max_size=60))
def test_whatever_comes_a_source_stands_once_and_the_newest_letter_told_of_all_older_than_the_gathering(
    looks: list[set[str]],
) -> None:
    stage = Stage()
    for minute, sources in enumerate(looks):
        if not sources and not stage.digest.items:
            continue
        step = stage.at(minute, *sources)
        standing = [item.source for item in stage.digest.standing()]
        assert sorted(standing) == sorted(sources)
        assert step.closed == (not sources)
        now_ms = START_MS + minute * MINUTE_MS
        assert all(now_ms - item.added_ms < PACES.gather_ms for item in stage.digest.news())
        if step.closed:
            break

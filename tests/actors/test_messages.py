"""The words of actors: frozen, and each with what the supervisor and the ledger need."""

from typing import get_args

import pytest

from actors import messages
from actors.messages import DeadlinePassed, Effect, FileStored, WaypointStored


@pytest.mark.parametrize("message", [WaypointStored, FileStored, DeadlinePassed])
def test_every_message_names_its_journal_row_first(message: type) -> None:
    assert message._fields[0] == "seq"  # type: ignore[attr-defined]


@pytest.mark.parametrize("word", get_args(Effect))
def test_an_effect_cannot_be_changed(word: type) -> None:
    effect = word(*range(len(word._fields)))  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        setattr(effect, word._fields[0], 1)  # type: ignore[attr-defined]


def test_every_word_is_a_message_or_an_effect() -> None:
    words = {value for value in vars(messages).values() if getattr(value, "__module__", "") == messages.__name__}
    assert words == {WaypointStored, FileStored, DeadlinePassed, *get_args(Effect)}

"""What is told of a verdict: once, and what turns with it."""

from actors.outer_columns import Entry
from actors.outer_verdicts import told
from actors.rules.flags import outer_verdicts
from protocols.vocabulary import Flag
from tests.actors.outer_kit import NOON_S, five

(CHECK,) = five()[1, "T"].checks


def test_a_verdict_is_told_once() -> None:
    entry = Entry(7, NOON_S, 1.0, int(Flag.GOOD))
    (said,) = told([(CHECK, entry, int(Flag.GOOD))])
    assert (said.row, said.station_id, said.parameter, said.flag, said.turns) == (7, 1, "T", Flag.GOOD, False)
    assert outer_verdicts(entry.outer) == {"spatial": Flag.GOOD}
    assert list(told([(CHECK, entry, int(Flag.GOOD))])) == []


def test_a_worse_verdict_turns_the_value_and_a_better_one_turns_it_back() -> None:
    entry = Entry(7, NOON_S, 1.0, int(Flag.GOOD))
    turned = [next(told([(CHECK, entry, int(flag))])) for flag in (Flag.FAIL, Flag.SUSPECT, Flag.GOOD)]
    assert [(each.turns, each.fails) for each in turned] == [(True, True), (True, True), (True, False)]

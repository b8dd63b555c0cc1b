"""Which numbers hold on a day, and which article a violation of that day rests on."""

from actors.rules.limit_book import LimitBook
from actors.rules.vehicle_limits import load_limits, parse_limit_rows
from protocols.times import parse_iso
from protocols.vocabulary import ViolationKind
from tests.actors.rules.tracks import LIMITS_FILE

BEFORE, AFTER = parse_iso("2024-12-31T23:59:59"), parse_iso("2025-01-01T00:00:00")


def test_a_law_changes_at_midnight_in_vietnam() -> None:
    text = LIMITS_FILE.read_text(encoding="utf-8")
    text = text.replace("value = 14400\nvalid_from = 2025-01-01", "value = 10800\nvalid_from = 2025-01-01")
    book = LimitBook(parse_limit_rows(text))
    assert [book.on(at).driving.continuous_s for at in (BEFORE, AFTER)] == [14400, 10800]


def test_a_day_before_the_first_rows_takes_those_of_the_first() -> None:
    assert LimitBook(load_limits()).on(0).overspeed.min_duration_s == 30


def test_a_chosen_option_holds_and_is_named() -> None:
    plain, chosen = LimitBook(load_limits()), LimitBook(load_limits(), {"qcvn_31_2014", "weekly_hours"})
    assert [book.on(AFTER).overspeed.min_duration_s for book in (plain, chosen)] == [30, 20]
    assert [book.on(AFTER).driving.week_driving_s for book in (plain, chosen)] == [None, 172800]
    assert "QCVN 31" in chosen.article(ViolationKind.SPEED, AFTER)
    assert "QCVN 31" not in plain.article(ViolationKind.SPEED, AFTER)


def test_every_kind_of_violation_has_an_article_and_hours_that_of_their_day() -> None:
    book = LimitBook(load_limits(), {"weekly_hours"})
    assert all(book.article(kind, AFTER).startswith(("TT 09/2015", "Luật 36/2024")) for kind in ViolationKind)
    assert book.article(ViolationKind.CONTINUOUS_DRIVING, BEFORE).startswith("TT 09/2015")
    assert book.article(ViolationKind.CONTINUOUS_DRIVING, AFTER).startswith("Luật 36/2024")

"""The forms as data, held against the text of TT 09/2015/TT-BGTVT."""

from actors.rules.annexes import load_annexes
from actors.rules.unit_sums import UnitSums

SPEED = ["over_5", "over_10", "over_20", "over_35", "speed", "per_1000_km"]


def keys(number: int) -> list[str]:
    return [column.key for column in load_annexes()[number].columns]


def test_the_forms_of_our_source_are_there() -> None:
    assert list(load_annexes()) == [*range(3, 14), 19, 20, 21]


def test_every_summary_has_speed_itinerary_and_hours_in_the_order_of_the_form() -> None:
    """Phụ lục 3 to 5, 9 to 13."""
    for number in (3, 4, 5, 9, 10, 11, 12, 13):
        own = keys(number)
        assert own[own.index("over_5") :][:6] == SPEED and own[-1] == "note"
        assert own.index("way_share") < own.index("travelled_km") < own.index("itinerary") < own.index("continuous")


def test_every_statistic_of_speed_ends_with_way_and_time() -> None:
    """Phụ lục 6 to 8."""
    for number in (6, 7, 8):
        assert keys(number)[-7:] == [
            "over_km", "way_km", "km_share", "over_time", "moving_time", "time_share", "note",
        ]  # fmt: skip
    assert len(keys(6)) + 1 == 21 and len(keys(8)) + 1 == 16


def test_a_form_may_have_words_of_its_own() -> None:
    heads = {number: load_annexes()[number].columns for number in (3, 4)}
    assert heads[3][3].head == "Từ 5 km/h đến 10 km/h" and heads[4][2].head == "Từ 5 km/h đến dưới 10 km/h"


def test_every_number_of_a_summary_is_made_and_every_opened_form_is_there() -> None:
    made, forms = set(UnitSums().values()), load_annexes()
    for annex in forms.values():
        assert set(annex.opens.values()) <= set(forms)
        if not annex.is_of_transmission:
            assert {each.key for each in annex.columns if each.shows not in ("text", "day")} <= made

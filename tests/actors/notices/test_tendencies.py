"""How long a tendency towards a limit is told of."""

from actors.notices.tendencies import Tendencies
from protocols.vocabulary import ExceedanceLevel

WITHIN, NEAR, BEYOND = ExceedanceLevel.WITHIN, ExceedanceLevel.APPROACHING, ExceedanceLevel.EXCEEDING


def test_what_tended_and_came_near_its_limit_or_passed_it_has_not_recovered() -> None:
    found = Tendencies()
    assert found.look("A", {"COD"}, lambda: {"COD": WITHIN, "TSS": WITHIN}, 1) == (1, "COD")
    assert found.look("A", (), lambda: {"COD": NEAR, "TSS": WITHIN}, 2) == (1, "COD")
    assert found.look("A", (), lambda: {"COD": BEYOND, "TSS": WITHIN}, 3) == (1, "COD")
    assert found.look("A", (), lambda: {"COD": WITHIN, "TSS": WITHIN}, 4) is None
    assert found.look("A", {"COD"}, lambda: {"COD": WITHIN}, 5) == (5, "COD")


def test_what_passes_its_limit_without_a_tendency_before_is_another_causes_matter() -> None:
    found = Tendencies()
    assert found.look("A", (), lambda: {"COD": BEYOND}, 1) is None
    assert found.look("A", {"TSS"}, lambda: {"COD": BEYOND, "TSS": WITHIN}, 2) == (2, "TSS")
    assert found.look("B", {"COD", "TSS"}, lambda: {"COD": WITHIN, "TSS": WITHIN}, 3) == (3, "COD, TSS")

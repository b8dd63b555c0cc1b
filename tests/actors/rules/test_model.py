"""Q12, a value against a model."""

import pytest

from actors.rules.model import ModelThresholds, judge_model
from protocols.vocabulary import Flag

LIMITS = ModelThresholds(sigma=0.5, k_sus=2, k_fail=4, station="M")


@pytest.mark.parametrize(
    ("value", "model", "flag"),
    [(1.0, 1.0, 1), (2.0, 1.0, 1), (2.01, 1.0, 3), (3.0, 1.0, 3), (3.01, 1.0, 4), (None, 1.0, 9), (1.0, None, 2),
     (float("nan"), 1.0, 9), (1.0, float("inf"), 2)],
)  # fmt: skip
def test_the_distance_is_told_in_sigmas(value: float | None, model: float | None, flag: int) -> None:
    assert judge_model(value, model, LIMITS) is Flag(flag)


@pytest.mark.parametrize(
    "table", [{"sigma": 1}, {"station": 3, "sigma": 1}, {"station": "M"}, {"station": "M", "sigma": 0},
              {"station": "M", "sigma": 1, "parameter": 3}, {"station": "M", "sigma": 1, "k": 1}],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"qc\.model"):
        ModelThresholds.from_table(table)

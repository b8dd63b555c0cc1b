"""When a product is new, and why."""

from dataclasses import replace

import pytest

from actors.products import Product
from actors.versions import next_version
from protocols.vocabulary import Flag, Period, ProductKind
from storage.products import StoredProduct
from tests.actors.averaging_kit import air_profile

MEAN = Product("O3", ProductKind.MEAN, 5.0, "ug/m3", Flag.GOOD, 10, 12)
MADE_MS = 1000


def stored(product: Product, version: int = 1) -> StoredProduct:
    return StoredProduct(
        version, product.value, product.unit, int(product.flag), product.count, product.expected, MADE_MS, "",
        str(product.kind), product.wind_kind, None,
    )  # fmt: skip


def test_what_says_the_same_is_not_new() -> None:
    assert next_version(air_profile(), Period.HOUR, 3600, [MEAN], {"O3": stored(MEAN)}, 0) is None


@pytest.mark.parametrize(
    ("now", "corrected_ms", "reason"),
    [
        (replace(MEAN, count=11), 0, "late readings"),
        (replace(MEAN, value=6.0), 0, "revised readings"),
        (replace(MEAN, flag=Flag.SUSPECT), 0, "revised readings"),
        (replace(MEAN, value=6.0), MADE_MS + 1, "correction"),
        (replace(MEAN, expected=60, count=20), 0, "expected records: 12 -> 60"),
        (replace(MEAN, unit="mg/m3"), 0, "changed settings"),
    ],
)
def test_what_differs_is_the_next_version_with_its_reason(now: Product, corrected_ms: int, reason: str) -> None:
    made = next_version(air_profile(), Period.HOUR, 3600, [now], {"O3": stored(MEAN)}, 0, {"O3": corrected_ms})
    assert made is not None
    assert [(each.version, each.reason) for each in made.values] == [(2, reason)]


def test_one_making_has_one_number_and_what_stays_keeps_its_own() -> None:
    other = replace(MEAN, parameter="CO")
    in_use = {"O3": stored(MEAN, 3), "CO": stored(other, 1)}
    made = next_version(air_profile(), Period.HOUR, 3600, [MEAN, replace(other, value=9.0)], in_use, 0)
    assert made is not None
    assert {each.parameter: each.version for each in made.values} == {"O3": 3, "CO": 4}
    assert (made.version, made.changed) == (4, frozenset({"CO"}))

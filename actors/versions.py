"""Which products are new: what says the same as the version in use stays, what differs is the next one with a reason.

Invariant: no version is ever altered; each making of a station and period takes one number for all that it changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actors.products import Made, Product
from actors.station_profile import StationProfile
from protocols.flags import FLAGS
from protocols.times import HOUR_S
from protocols.vocabulary import Period, ProductKind
from storage.products import StoredProduct

KINDS = {str(kind): kind for kind in ProductKind}
LATE, REVISED, CORRECTED = "late readings", "revised readings", "correction"
SETTINGS = "changed settings"
EXPECTED = "expected records: {was} -> {now}"
"""Increased frequency was declared or ended afterwards, or the inventory has another interval."""
FROZEN = "after the freeze: "


def product_of(parameter: str, row: StoredProduct) -> Product:
    """A stored version as a product."""
    return Product(
        parameter,
        KINDS[row.kind],
        row.value,
        row.unit,
        FLAGS[row.flag],
        row.members,
        row.expected,
        row.version,
        row.reason,
        row.wind_kind,
        row.parts,
    )


def next_version(
    profile: StationProfile,
    period: Period,
    end_s: int,
    products: Sequence[Product],
    in_use: Mapping[str, StoredProduct],
    now_s: float,
    corrected_ms: Mapping[str, int] | None = None,
) -> Made | None:
    """Compare what was made with what is in use; None where all of it is as it was."""
    version = 1 + max((row.version for row in in_use.values()), default=0)
    values: list[Product] = []
    for product in products:
        row = in_use.get(product.parameter)
        old = None if row is None else product_of(product.parameter, row)
        if old is not None and product.says_the_same(old):
            values.append(old)
            continue
        reason = ""
        if version > 1:
            is_corrected = row is not None and (corrected_ms or {}).get(product.parameter, 0) >= row.made_ms
            reason = frozen(profile, end_s, now_s) + (CORRECTED if is_corrected else _why(old, product))
        values.append(replace(product, version=version, reason=reason))
    changed = frozenset(each.parameter for each in values if each.version == version)
    return Made(profile.station_id, period, end_s, tuple(values), version, changed) if changed else None


def frozen(profile: StationProfile, end_s: int, now_s: float) -> str:
    """What a reason begins with where the product was reported for good."""
    after_h = profile.plan.settings.freeze_after_h
    return FROZEN if after_h is not None and now_s - end_s > after_h * HOUR_S else ""


def _why(old: Product | None, new: Product) -> str:
    if old is None:
        return LATE
    if (old.kind, old.unit) != (new.kind, new.unit):
        return SETTINGS
    if old.expected != new.expected:
        return EXPECTED.format(was=old.expected, now=new.expected)
    if old.count < new.count:
        return LATE
    return REVISED

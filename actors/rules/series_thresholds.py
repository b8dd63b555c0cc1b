"""All thresholds of one series: the station's own `qc` tables, and where they are silent the element's.

An absent test takes the default, `false` turns it off. The detection test alone is merged key by key, because the
parameter itself knows its measuring range and detection limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from actors.rules.detection import DetectionThresholds
from actors.rules.flat_line import FlatLineThresholds
from actors.rules.gap import GapThresholds
from actors.rules.order import OrderThresholds
from actors.rules.rain_counter import RainCounterThresholds
from actors.rules.range_check import RangeThresholds
from actors.rules.spike import SpikeThresholds
from actors.rules.step import StepThresholds

STEP_MEMORY_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesThresholds:
    """The configured tests of one series; None is a test that is off."""

    range: RangeThresholds | None = None
    detection_limit: DetectionThresholds | None = None
    step: StepThresholds | None = None
    spike: SpikeThresholds | None = None
    flat_line: FlatLineThresholds | None = None
    gap: GapThresholds | None = None
    rain_counter: RainCounterThresholds | None = None
    """Set by the station's rules (`actors/rules/partners.py`): the one rule of Q5 that looks back in its series."""
    order: OrderThresholds = field(default_factory=OrderThresholds)
    """Always on: what came when is known of every record."""

    @classmethod
    def from_tables(
        cls,
        own: Mapping[str, object],
        cadence_s: float,
        defaults: Mapping[str, Mapping[str, object]] | None = None,
        measuring_range: tuple[float | None, float | None] | None = None,
        detection_limit: float | None = None,
    ) -> Self:
        """Settle the tests of one parameter.

        Args:
            own: the parameter's `qc` tables, or false for a test that is off; tests of other scopes are ignored.
            defaults: the element's tables (`Element.tables`).
            measuring_range: of the instrument, in the parameter's unit.
        Raises:
            ValueError: all faults of the tables, joined by newlines.
        """
        given = {**(defaults or {}), **own}
        instrument = _instrument(defaults or {}, own, measuring_range, detection_limit)
        explicit = own.get("detection_limit")
        is_on = explicit is not False and (bool(instrument) or isinstance(explicit, Mapping))
        given["detection_limit"] = instrument if is_on else False
        given.setdefault("gap", {})
        faults: list[str] = []

        def table_of(test: str) -> Mapping[str, object] | None:
            table = given.get(test, False)
            if isinstance(table, Mapping):
                return table
            if table is not False:
                faults.append(f"qc.{test}: {table!r} is not a table; write qc.{test} = {{ ... }}, or false")
            return None

        values: dict[str, object] = {}
        for test, kind in _KINDS:
            table = table_of(test)
            try:
                values[test] = None if table is None else kind.from_table(table, cadence_s)
            except ValueError as fault:
                faults.append(str(fault))
        try:
            values["order"] = OrderThresholds.from_table(table_of("order") or {}, cadence_s)
        except ValueError as fault:
            faults.append(str(fault))
        if faults:
            raise ValueError("\n".join(faults))
        return cls(**values)  # type: ignore[arg-type]

    def replay_window(self, time_s: float) -> tuple[float, float]:
        """Say which stored records to replay for a late one: from where, and up to where flags may change.

        The flags to take are those of the late record, of all after it, and of the one before it (its spike).
        """
        flat = self.flat_line
        longest_s = max(flat.sus_s or 0.0, flat.fail_s or 0.0) if flat else 0.0
        reach_s = max(longest_s, STEP_MEMORY_S)
        return time_s - reach_s - (flat.max_gap_s if flat else 0.0), time_s + reach_s


_KINDS = (
    ("range", RangeThresholds),
    ("detection_limit", DetectionThresholds),
    ("step", StepThresholds),
    ("spike", SpikeThresholds),
    ("flat_line", FlatLineThresholds),
    ("gap", GapThresholds),
)


def _instrument(
    defaults: Mapping[str, Mapping[str, object]],
    own: Mapping[str, object],
    measuring_range: tuple[float | None, float | None] | None,
    detection_limit: float | None,
) -> dict[str, object]:
    settled = dict(defaults.get("detection_limit", {}))
    low, high = measuring_range or (None, None)
    known = {"mdl": detection_limit, "instr_lo": low, "instr_hi": high}
    settled |= {key: value for key, value in known.items() if value is not None}
    explicit = own.get("detection_limit")
    return settled | dict(explicit) if isinstance(explicit, Mapping) else settled

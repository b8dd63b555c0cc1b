"""Q12, model: a value against what a model says of the same instant; the spatial formula with one neighbour.

The model's values come as the series of another (virtual) station, such as the `predata` of a work. Off by default.
Invariant: without a model value near the instant the value is NOT_EVALUATED.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Literal, Self

from actors.rules.flags import exceeds
from actors.rules.thresholds import read_table, require_ascending, require_positive
from protocols.vocabulary import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelThresholds:
    """Whose series is the model (`parameter` empty = the same symbol), its sigma, and how far off is too far."""

    sigma: float
    k_sus: float = 4
    k_fail: float | None = None
    dt_max_s: float = 300
    transform: Literal["identity", "sqrt", "log1p"] = "identity"
    station: str = ""
    parameter: str = ""

    def __post_init__(self) -> None:
        require_positive(sigma=self.sigma, k_sus=self.k_sus)
        require_ascending(k_sus=self.k_sus, k_fail=self.k_fail)

    @classmethod
    def from_table(cls, table: Mapping[str, object], cadence_s: float | None = None) -> Self:
        """Read `qc.model`; raises ValueError."""
        station, parameter = table.get("station"), table.get("parameter", "")
        if not isinstance(station, str) or not station:
            raise ValueError("qc.model: key 'station' is missing; add station = \"CODE\" of the model's series")
        if not isinstance(parameter, str):
            raise ValueError(f'qc.model.parameter: {parameter!r} is not a symbol; write it as "..."')
        numbers = {key: value for key, value in table.items() if key not in ("station", "parameter")}
        return replace(read_table(cls, "qc.model", numbers, cadence_s), station=station, parameter=parameter)


def judge_model(value: float | None, model: float | None, limits: ModelThresholds) -> Flag:
    """Judge one value, both sides transformed already.

    Source: QĐ 338/QĐ-KTTV art. 5, 5 (agreement with a model).
    """
    if value is None or not isfinite(value):
        return Flag.MISSING
    if model is None or not isfinite(model):
        return Flag.NOT_EVALUATED
    z = abs(value - model) / limits.sigma
    if limits.k_fail is not None and exceeds(z, limits.k_fail):
        return Flag.FAIL
    return Flag.SUSPECT if exceeds(z, limits.k_sus) else Flag.GOOD

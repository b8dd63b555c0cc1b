"""Q5, internal consistency: what the values of one instant say about each other.

The rules are a table: which values a rule reads, which it flags, its options, and the check itself. A rule with a
missing partner leaves its variables NOT_EVALUATED; of several rules on one variable the maximum counts (`join_rules`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from types import MappingProxyType
from typing import NamedTuple, Self

from actors.rules.flags import EPS, exceeds
from protocols.vocabulary import Flag

Values = Mapping[str, float]
Check = Callable[[Values, Values], Flag]

NO_PER_NO2 = 1.533
"""Mass of NO2 formed by one mass unit of NO: the `no_factor` of the nox rule for data in µg/m3."""


class RuleKind(NamedTuple):
    """One row of the table."""

    reads: tuple[str, ...]
    flags: tuple[str, ...]
    check: Check
    options: Values = MappingProxyType({})
    optional: tuple[str, ...] = ()


def _wind_calm(v: Values, o: Values) -> Flag:
    is_calm, is_zero = abs(v["ws"]) <= EPS, abs(v["wd"]) <= EPS
    north_coded_zero = exceeds(v["ws"], o["moving"]) and is_zero
    return Flag.SUSPECT if north_coded_zero or (is_calm and not is_zero) else Flag.GOOD


def _gust(v: Values, o: Values) -> Flag:
    return Flag.SUSPECT if exceeds(v["ws"] - o["tol"], v["gust"]) else Flag.GOOD


def _dew_point(v: Values, o: Values) -> Flag:
    return _graded(v["td"] - v["t"], o["sus"], o["fail"])


def _rain_rh(v: Values, o: Values) -> Flag:
    is_dry_rain = not exceeds(o["r_min"], v["r"]) and exceeds(o["u_min"], v["u"])
    return Flag.SUSPECT if is_dry_rain else Flag.GOOD


def _htl_hhl(v: Values, o: Values) -> Flag:
    if exceeds(v["hhl"], v["htl"]):
        return Flag.FAIL
    return Flag.GOOD if exceeds(v["htl"], v["hhl"]) else Flag.SUSPECT


def _pm(v: Values, o: Values) -> Flag:
    pm10 = v["pm10"]
    return _graded(v["pm25"] - pm10, max(o["sus"], o["sus_rel"] * pm10), max(o["fail"], o["fail_rel"] * pm10))


def _nox(v: Values, o: Values) -> Flag:
    apart = abs(v["nox"] - v["no"] * o["no_factor"] - v["no2"])
    return Flag.SUSPECT if exceeds(apart, max(o["abs"], o["rel"] * v["nox"])) else Flag.GOOD


def _part_of(part: str, whole: str) -> Check:
    def check(v: Values, o: Values) -> Flag:
        return Flag.SUSPECT if exceeds(v[part], v[whole]) else Flag.GOOD

    return check


def _tminmax(v: Values, o: Values) -> Flag:
    if exceeds(v["tmin"], v["tmax"]):
        return Flag.FAIL
    return Flag.SUSPECT if exceeds(v["t"], v["tmax"]) or exceeds(v["tmin"], v["t"]) else Flag.GOOD


def _rain_counter(v: Values, o: Values) -> Flag:
    fell = exceeds(v["prev"], v["cur"])
    return Flag.SUSPECT if fell and not v.get("reset_due") else Flag.GOOD


def _pressure_elev(v: Values, o: Values) -> Flag:
    expected_hpa = 1013.25 * (1 - 2.25577e-5 * v["z"]) ** 5.25588
    return Flag.SUSPECT if exceeds(abs(v["p"] - expected_hpa), o["tol"]) else Flag.GOOD


def _graded(excess: float, suspect: float, fail: float) -> Flag:
    if exceeds(excess, fail):
        return Flag.FAIL
    return Flag.SUSPECT if exceeds(excess, suspect) else Flag.GOOD


RULES: Mapping[str, RuleKind] = MappingProxyType(
    {
        "wind_calm": RuleKind(("ws", "wd"), ("wd",), _wind_calm, {"moving": 0.5}),
        "gust": RuleKind(("ws", "gust"), ("ws", "gust"), _gust, {"tol": 0.1}),
        "dew_point": RuleKind(("t", "td"), ("t", "td"), _dew_point, {"sus": 0.2, "fail": 2.0}),
        "rain_rh": RuleKind(("r", "u"), ("r",), _rain_rh, {"r_min": 0.2, "u_min": 60}),
        "htl_hhl": RuleKind(("htl", "hhl"), ("htl", "hhl"), _htl_hhl),
        "pm": RuleKind(
            ("pm25", "pm10"), ("pm25", "pm10"), _pm, {"sus": 5, "sus_rel": 0.1, "fail": 20, "fail_rel": 0.5}
        ),
        "nox": RuleKind(("no", "no2", "nox"), ("no", "no2", "nox"), _nox, {"abs": 2, "rel": 0.1, "no_factor": 1.0}),
        "bod_cod": RuleKind(("bod5", "cod"), ("bod5", "cod"), _part_of("bod5", "cod")),
        "nh4_tn": RuleKind(("nh4", "tn"), ("nh4", "tn"), _part_of("nh4", "tn")),
        "po4_tp": RuleKind(("po4", "tp"), ("po4", "tp"), _part_of("po4", "tp")),
        "tminmax": RuleKind(("t", "tmin", "tmax"), ("t", "tmin", "tmax"), _tminmax),
        "rain_counter": RuleKind(("prev", "cur"), ("r",), _rain_counter, optional=("reset_due",)),
        "pressure_elev": RuleKind(("p", "z"), ("p",), _pressure_elev, {"tol": 40}),
    }
)


@dataclass(frozen=True, slots=True)
class ConsistencyRule:
    """One rule of the table with its options settled."""

    name: str
    kind: RuleKind
    options: Values

    @classmethod
    def from_table(cls, table: Mapping[str, object]) -> Self:
        """Read `{ rule = "gust", tol = 0.1 }`; raises ValueError naming the key and the mend."""
        name = table.get("rule")
        if not isinstance(name, str) or name not in RULES:
            near = get_close_matches(str(name), RULES, n=1)
            mend = f"write {near[0]!r}" if near else f"use one of {', '.join(RULES)}"
            raise ValueError(f"qc.consistency: rule {name!r} is unknown; {mend}")
        kind = RULES[name]
        options = dict(kind.options)
        for key, value in table.items():
            if key == "rule":
                continue
            if key not in options:
                known = ", ".join(kind.options) or "no key but rule"
                raise ValueError(f"qc.consistency: rule {name!r} has no key {key!r}; it takes {known}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
                raise ValueError(f"qc.consistency.{key}: {value!r} is not a number; write a finite number")
            options[key] = value
        return cls(name, kind, options)

    def judge(self, record: Mapping[str, float | None]) -> dict[str, Flag]:
        """Flag this rule's variables from the values of one instant."""
        values = {
            name: value
            for name in (*self.kind.reads, *self.kind.optional)
            if (value := record.get(name)) is not None and isfinite(value)
        }
        complete = all(name in values for name in self.kind.reads)
        flag = self.kind.check(values, self.options) if complete else Flag.NOT_EVALUATED
        return dict.fromkeys(self.kind.flags, flag)


def join_rules(verdicts: Iterable[Mapping[str, Flag]]) -> dict[str, Flag]:
    """Join the verdicts of several rules: the maximum per variable, so NOT_EVALUATED outweighs GOOD."""
    joined: dict[str, Flag] = {}
    for verdict in verdicts:
        for name, flag in verdict.items():
            joined[name] = max(flag, joined.get(name, flag))
    return joined

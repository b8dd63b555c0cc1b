"""What the values of one instant of a station have to do with each other: Q5, and which of them may stand still.

The rules of `consistency.py` bound to the station's own symbols: those the inventory names, and where symbols and units
are known the usual ones, which mark no more than suspect. Partners may come in any file of the instant.
Invariant: a value that failed syntax or range is nobody's partner; a rule without one is NOT_EVALUATED.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from actors.rules.consistency import RULES, ConsistencyRule
from actors.rules.daylight import is_night
from actors.rules.flags import EPS
from actors.rules.flat_line import Exclusion
from actors.rules.partner_names import find_symbols, usual_rules
from actors.rules.rain_counter import RESET_HOURS, RainCounterThresholds
from protocols.vocabulary import Flag, StationKind

COUNTER = "rain_counter"
CALM_MS = 0.5
Table = Mapping[str, object]


class Known(NamedTuple):
    """A parameter as its partners know it."""

    symbol: str
    unit: str
    names: tuple[str, ...] = ()
    exclude: Exclusion | None = None
    usual: bool = True
    """Whether the usual rules may judge it."""


class BoundRule(NamedTuple):
    """A rule with the symbols that its variables are, the constants among them, and the worst flag it may give."""

    rule: ConsistencyRule
    symbols: Mapping[str, str]
    constants: Mapping[str, float]
    worst: Flag = Flag.FAIL

    @property
    def flagged(self) -> tuple[str, ...]:
        """The symbols that it judges."""
        return tuple(self.symbols[name] for name in self.rule.kind.flags if name in self.symbols)

    def judge(self, values: Mapping[str, float]) -> Flag:
        """Judge the usable values of one instant."""
        record: dict[str, float | None] = {name: values.get(symbol) for name, symbol in self.symbols.items()}
        flag = next(iter(self.rule.judge({**record, **self.constants}).values()))
        return min(flag, self.worst) if flag is Flag.FAIL else flag


@dataclass(frozen=True, slots=True)
class Partners:
    """The partners of one station.

    Args:
        readers: symbol -> the symbols whose verdict hangs on its value, itself included.
    """

    rules: tuple[BoundRule, ...] = ()
    exclusions: Mapping[str, Exclusion] = field(default_factory=dict[str, Exclusion])
    counters: Mapping[str, RainCounterThresholds] = field(default_factory=dict[str, RainCounterThresholds])
    lat: float | None = None
    lon: float | None = None
    readers: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    sources: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    @classmethod
    def bind(
        cls,
        tables: Iterable[Table],
        known: Sequence[Known],
        kind: StationKind | None = None,
        place: tuple[float | None, float | None] = (None, None),
        *,
        strict: bool = False,
    ) -> Self:
        """Bind rules to a station's parameters.

        Args:
            tables: `{ rule = "gust", tol = 0.1, ws = "WindSpeed" }`: options, and the symbol or number of a variable.
            strict: whether a variable without a parameter is refused; else its rule waits for it.
        Raises:
            ValueError: a table is not one of its rule, or a variable has no parameter.
        """
        tables = list(tables)
        bound = [_bound(table, known, strict=strict) for table in tables]
        named = {each.rule.name for each in bound}
        for name, options, symbols in usual_rules([p for p in known if p.usual], kind):
            if name not in named:
                rule = ConsistencyRule.from_table({"rule": name, **options})
                bound.append(BoundRule(rule, symbols, {}, Flag.SUSPECT))
        counters = {
            each.symbols["r"]: _counter(table)
            for table, each in zip(tables, bound, strict=False)
            if each.rule.name == COUNTER and "r" in each.symbols
        }
        rules = tuple(each for each in bound if each.rule.name != COUNTER)
        exclusions = _exclusions(known)
        return cls(rules, exclusions, counters, *place, *_graph(rules, exclusions, counters))

    def judge(self, values: Mapping[str, float], wanted: Collection[str]) -> dict[str, Flag]:
        """Give Q5 of the wanted symbols from the usable values of an instant: of several rules the maximum."""
        found: dict[str, Flag] = {}
        for rule in self.rules:
            own = [symbol for symbol in rule.flagged if symbol in wanted and symbol not in self.counters]
            if own:
                flag = rule.judge(values)
                for symbol in own:
                    found[symbol] = max(flag, found.get(symbol, flag))
        return found

    def may_stand_still(self, symbol: str, time_s: float, values: Mapping[str, float]) -> bool:
        """Say whether something outside a series lets its value stand still: calm, night, plant at rest."""
        exclude = self.exclusions.get(symbol)
        if exclude is None:
            return False
        if exclude.when is not None and (value := values.get(exclude.when)) is not None:
            low, high = exclude.when_le, exclude.when_ge
            if (low is not None and value - low <= EPS) or (high is not None and high - value <= EPS):
                return True
        return exclude.night and is_night(time_s, self.lat, self.lon)


def rule_tables(given: Iterable[object]) -> list[Table]:
    """Gather the `qc.consistency` of parameters: a table, or a list of them; false and absent ones give none."""
    found: list[Table] = []
    for each in given:
        found += [each] if isinstance(each, Mapping) else each if isinstance(each, list) else []
    return found


def _bound(table: Table, known: Sequence[Known], *, strict: bool) -> BoundRule:
    name = table.get("rule")
    kind = RULES.get(name) if isinstance(name, str) else None
    variables = () if kind is None else ("r",) if name == COUNTER else kind.reads
    options = {key: value for key, value in table.items() if key not in variables and key != "reset_hours"}
    rule = ConsistencyRule.from_table(options)
    symbols: dict[str, str] = {}
    constants: dict[str, float] = {}
    for variable in variables:
        given = table.get(variable)
        if isinstance(given, int | float) and not isinstance(given, bool):
            constants[variable] = float(given)
            continue
        symbol = _symbol(variable, given, known)
        if symbol is None and strict:
            raise ValueError(
                f"qc.consistency: rule {rule.name!r} finds no parameter for {variable!r}"
                f'; write {variable} = "the symbol of a parameter of this station"'
            )
        symbols[variable] = symbol or str(given or variable)
    return BoundRule(rule, symbols, constants)


def _symbol(variable: str, given: object, known: Sequence[Known]) -> str | None:
    if given is not None:
        return next((p.symbol for p in known if given in (p.symbol, *p.names)), None)
    return next(iter(find_symbols(variable, known)), None)


def _counter(table: Table) -> RainCounterThresholds:
    hours = table.get("reset_hours", list(RESET_HOURS))
    if not isinstance(hours, list) or not all(type(hour) is int and 0 <= hour < 24 for hour in hours):
        raise ValueError(f"qc.consistency.reset_hours: {hours!r} is no list of hours; write e.g. [19, 0]")
    return RainCounterThresholds(tuple(hours))


def _exclusions(known: Sequence[Known]) -> dict[str, Exclusion]:
    """What the flat line tests name themselves; a direction stands still in a calm also where nobody says so."""
    found = {p.symbol: p.exclude for p in known if p.exclude and (p.exclude.when is not None or p.exclude.night)}
    for parameter in known:
        if not parameter.usual or parameter.symbol in found:
            continue
        for direction, speed in _wind_pairs(parameter, known):
            found[direction] = Exclusion(when=speed, when_le=CALM_MS)
    for symbol, exclude in found.items():
        if exclude.when is not None and (partner := _symbol("", exclude.when, known)) is not None:
            found[symbol] = Exclusion(
                when=partner, when_le=exclude.when_le, when_ge=exclude.when_ge, night=exclude.night
            )
    return found


def _wind_pairs(parameter: Known, known: Sequence[Known]) -> list[tuple[str, str]]:
    if parameter.symbol not in find_symbols("wd", known):
        return []
    return [(parameter.symbol, speed) for speed in find_symbols("ws", known)[:1]]


def _graph(
    rules: Iterable[BoundRule], exclusions: Mapping[str, Exclusion], counters: Collection[str]
) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Who reads whom."""
    sources: dict[str, set[str]] = {}
    for rule in rules:
        for symbol in rule.flagged:
            if symbol not in counters:
                sources.setdefault(symbol, set()).update(rule.symbols.values())
    for symbol, exclude in exclusions.items():
        sources.setdefault(symbol, set()).update([exclude.when] if exclude.when is not None else [])
    readers: dict[str, set[str]] = {symbol: {symbol} for symbol in sources}
    for symbol, partners in sources.items():
        for partner in partners:
            readers.setdefault(partner, set()).add(symbol)
    return (
        {symbol: frozenset(own) for symbol, own in readers.items()},
        {symbol: frozenset(own) for symbol, own in sources.items()},
    )

"""What the inventory says of a station, settled for its actor: aliases, units, thresholds. Built once, read often."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

from actors.product_plan import StationPlan, plan_station
from actors.rules.control import FULL, Network, mandatory_tests
from actors.rules.defaults import Element, Table, find_element
from actors.rules.limit_presets import NO_PRESETS, PresetBook
from actors.rules.limit_settling import limit_tables, settle_limits
from actors.rules.limits import Limit
from actors.rules.partners import Known, Partners, rule_tables
from actors.rules.schedules import read_schedule
from actors.rules.series_thresholds import SeriesThresholds
from actors.rules.syntax_units import settle_units
from actors.rules.timetable import Timetable
from protocols.symbols import canonical_symbol
from protocols.vocabulary import StationKind
from storage.models import ParameterRow, StationRow


@dataclass(frozen=True, slots=True)
class SeriesProfile:
    """One parameter: its symbol in use, its unit, its tests. `unit` None = not registered, so not judged."""

    symbol: str
    unit: str | None
    thresholds: SeriesThresholds
    limit: Limit | None
    params_id: int = 0
    """Version of these thresholds, kept with each verdict; 0 where none is kept."""
    limits: tuple[Limit, ...] = ()
    """Every limit of the permit, each for its averagings and days; `limit` is the last of them."""
    units: frozenset[str] | None = None
    """Units its files may have, folded for comparing; None = not judged."""


@dataclass(frozen=True, slots=True)
class StationProfile:
    """One station. `spellings` maps every registered symbol and alias to its series."""

    station_id: int
    code: str
    kind: StationKind
    cadence_s: int
    grace_s: int
    layout: str
    destinations: tuple[str, ...]
    timetable: Timetable
    series: tuple[SeriesProfile, ...]
    spellings: Mapping[str, SeriesProfile]
    plan: StationPlan
    partners: Partners = field(default_factory=Partners)
    mandatory: tuple[str, ...] = FULL
    """Tests that a reading must pass through to count as controlled."""

    def series_of(self, symbol: str) -> SeriesProfile | None:
        """The registered series of a symbol as written; None where the station has no such parameter."""
        return self.spellings.get(symbol) or self.spellings.get(canonical_symbol(symbol))

    def series_named(self, parameter: str, point: str = "") -> SeriesProfile | None:
        """The registered series of a file's parameter.

        Args:
            point: the station inside a work (column `Tram` of TT 13/2023). Its own series `point.element` comes first;
                an element registered without a point holds for every point of the work, each with its own series.
                Some write the station's own code there, or the end of it: that is no point of its own.
        """
        if not point:
            return self.series_of(parameter)
        own = self.series_of(f"{point}.{parameter}") or self.series_of(f"{point}.{canonical_symbol(parameter)}")
        common = None if own else self.series_of(parameter)
        if own or common is None or f"_{self.code}".casefold().endswith(f"_{point.casefold()}"):
            return own or common
        return replace(common, symbol=f"{point}.{common.symbol}")

    def unknown_series(self, parameter: str, point: str = "") -> SeriesProfile:
        """A series that nobody registered: kept under its own name; only the gap test knows anything of it."""
        thresholds = SeriesThresholds.from_tables({}, self.cadence_s)
        symbol = canonical_symbol(parameter)
        return SeriesProfile(f"{point}.{symbol}" if point else symbol, None, thresholds, None)

    def series_stored(self, symbol: str) -> SeriesProfile:
        """The series of a symbol that `series_named` or `unknown_series` gave."""
        point, dot, element = symbol.partition(".")
        exact = self.spellings.get(symbol)
        if exact is not None:
            return exact
        common = self.series_of(element) if dot else None
        if common is not None:
            return replace(common, symbol=symbol)
        return self.series_of(symbol) or replace(self.unknown_series(element or point), symbol=symbol)


def settle(
    row: StationRow,
    parameters: Iterable[ParameterRow],
    elements: Iterable[Element],
    presets: PresetBook = NO_PRESETS,
) -> StationProfile:
    """Build the profile of one station; raises ValueError for thresholds or limits that contradict themselves."""
    kind = StationKind(row.kind)
    known, parameters = tuple(elements), tuple(parameters)
    series = tuple(_series(parameter, kind, row.cadence_s, known, presets) for parameter in parameters)
    partners = _partners(row, parameters, series, kind)
    series = tuple(_counting(each, partners) for each in series)
    spellings: dict[str, SeriesProfile] = {}
    for parameter, profile in zip(parameters, series, strict=True):
        for name in (parameter.symbol, canonical_symbol(parameter.symbol), *parameter.aliases):
            spellings.setdefault(name, profile)
    return StationProfile(
        row.id,
        row.code,
        kind,
        row.cadence_s,
        row.grace_s,
        row.profile,
        tuple(row.destinations),
        read_schedule(row.schedule or "", row.cadence_s),
        series,
        spellings,
        plan_station(parameters, kind, row.cadence_s, known, row.products),
        partners,
        mandatory_tests(row.network or Network.OWN, row.mandatory),
    )


def _partners(
    row: StationRow, parameters: Iterable[ParameterRow], series: Iterable[SeriesProfile], kind: StationKind
) -> Partners:
    """Bind the rules between this station's parameters."""
    known = [
        Known(
            parameter.symbol,
            parameter.unit,
            tuple(parameter.aliases),
            profile.thresholds.flat_line.exclude if profile.thresholds.flat_line else None,
            parameter.qc.get("consistency") is not False,
        )
        for parameter, profile in zip(parameters, series, strict=True)
    ]
    tables = [*row.consistency, *rule_tables(parameter.qc.get("consistency") for parameter in parameters)]
    return Partners.bind(tables, known, kind, (row.lat, row.lon))


def _counting(profile: SeriesProfile, partners: Partners) -> SeriesProfile:
    """A series that a station's rule names as a counter."""
    counter = partners.counters.get(profile.symbol)
    if counter is None:
        return profile
    return replace(profile, thresholds=replace(profile.thresholds, rain_counter=counter))


def _series(
    row: ParameterRow, kind: StationKind, cadence_s: int, elements: tuple[Element, ...], presets: PresetBook
) -> SeriesProfile:
    settled = settle_limits(limit_tables(row.limit), row.symbol, row.unit, presets)
    limits = tuple(each.limit for each in settled)
    limit = limits[-1] if limits else None
    span = row.measuring_range
    thresholds = SeriesThresholds.from_tables(
        row.qc,
        cadence_s,
        default_tables(row, kind, cadence_s, elements, limit),
        (span[0], span[1]) if span else None,
        row.detection_limit,
    )
    unit, units = settle_units(row.symbol, row.unit, row.qc.get("syntax"))
    return SeriesProfile(row.symbol, unit, thresholds, limit, limits=limits, units=units)


def default_tables(
    row: ParameterRow, kind: StationKind, cadence_s: int, elements: Iterable[Element], limit: Limit | None
) -> dict[str, Table]:
    """The element's tables, which stand where the station's own are silent."""
    element = find_element(elements, row.symbol, row.unit, kind)
    cmax = limit.cmax if limit is not None and isfinite(limit.cmax) else None
    return {} if element is None else element.tables(cadence_s, cmax, only_suspect=True)

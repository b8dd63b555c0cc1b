"""Reads `[[stations]]` and their parameters."""

from collections.abc import Collection, Iterator, Sequence

from actors.rules.control import Network
from actors.rules.defaults import Element, find_element
from actors.rules.flags import TESTS
from actors.rules.partners import Known, Partners, rule_tables
from actors.rules.series_thresholds import SeriesThresholds
from conf.inventory_limits import read_limits, settled_cmax
from conf.inventory_products import check_speeds, read_product, read_products
from conf.inventory_samplers import read_sampler
from conf.qc_tables import read_qc, read_rules
from conf.schedules import read_pace
from conf.table_reader import TableReader
from protocols.vocabulary import StationKind
from storage.entries import ParameterEntry, StationEntry

PROFILES = ("auto", "tt10_2021", "cv5417_2016", "tt13_2023")
CODE = r"[A-Za-z0-9][A-Za-z0-9_.-]*"


class StationReader:
    """Reads stations against the known province codes and the elements' default tests."""

    def __init__(self, province_codes: Collection[str], elements: Sequence[Element]) -> None:
        self._province_codes = province_codes
        self._elements = elements

    def read(self, table: TableReader) -> StationEntry:
        """Read one station."""
        code_mend = "write the name before the time in its files, e.g. TB_CAPH_NUOSXL"
        schedule, cadence_s, grace_s = read_pace(table)
        lat, lon = table.number("lat", low=-90, high=90), table.number("lon", low=-180, high=180)
        if table.has("lat") != table.has("lon"):
            table.fault(
                "lon" if table.has("lat") else "lat", None, "is missing beside its twin", "give both or neither"
            )
        kind = table.choice("kind", StationKind)
        entry = StationEntry(
            code=table.text("code", required=True, longest=96, pattern=CODE, mend=code_mend),
            kind=kind,
            name=table.text("name"),
            facility=table.text("facility"),
            owner=table.text("owner"),
            province=self._province(table),
            lat=lat,
            lon=lon,
            elevation_m=table.number("elevation_m", low=-500, high=9000),
            cadence_s=cadence_s,
            schedule=schedule,
            grace_s=grace_s,
            profile=table.choice("profile", PROFILES, "auto"),
            network=table.choice("network", Network, Network.OWN),
            mandatory=table.texts("mandatory", choices=TESTS),
            sampler=read_sampler(table.table("sampler")),
            destinations=table.texts("destinations") or (),
            products=read_products(table.table("products")),
            consistency=read_rules(table.tables("consistency", f"{table.where}.consistency")),
            parameters=_parameters(table, cadence_s, kind, self._elements),
        )
        _check_partners(table, entry)
        table.finish()
        return entry

    def _province(self, table: TableReader) -> str:
        code = table.text("province", longest=8)
        if code and code not in self._province_codes:
            table.fault("province", code, "is not a province's code", 'write the two digits, e.g. "33" for Hưng Yên')
        return code


def _check_partners(table: TableReader, entry: StationEntry) -> None:
    """Each rule between parameters has to find them; a file that is silent about parameters is not asked."""
    if entry.parameters is None or table.has_faults:
        return
    known = [Known(parameter.symbol, parameter.unit, parameter.aliases) for parameter in entry.parameters]
    rules = rule_tables(parameter.qc.get("consistency") for parameter in entry.parameters)
    try:
        Partners.bind([*entry.consistency, *rules], known, strict=True)
    except ValueError as error:
        problem, _, mend = str(error).partition("; ")
        table.fault("consistency", None, problem.removeprefix("qc.consistency: "), mend or "mend it")


def _parameters(
    table: TableReader, cadence_s: int, kind: str, elements: Sequence[Element]
) -> tuple[ParameterEntry, ...] | None:
    tables = table.tables("parameters", f"{table.where}.parameters")
    if tables is None:
        return None
    entries = tuple(_parameter(each, cadence_s, kind, elements) for each in tables)
    owner: dict[str, str] = {}
    for each, entry in zip(tables, entries, strict=True):
        for key, word in _names(entry):
            if word in owner:
                each.fault(key, word, f"is a name of {owner[word]} already", "keep one")
            owner.setdefault(word, each.where)
    check_speeds(tables, entries)
    return entries


def _names(entry: ParameterEntry) -> Iterator[tuple[str, str]]:
    if entry.symbol:
        yield "symbol", entry.symbol
    yield from (("aliases", alias) for alias in entry.aliases if alias != entry.symbol)


def _parameter(table: TableReader, cadence_s: int, kind: str, elements: Sequence[Element]) -> ParameterEntry:
    qc = table.table("qc")
    entry = ParameterEntry(
        symbol=table.text("symbol", required=True, longest=48, mend="write the name in its files, e.g. COD"),
        unit=table.text("unit", longest=24),
        aliases=table.texts("aliases") or (),
        measuring_range=table.span("measuring_range"),
        detection_limit=table.number("detection_limit", low=0),
        limit=read_limits(table, qc),
        qc=read_qc(qc, cadence_s),
        product=read_product(table),
        speed=table.text("speed", longest=48),
    )
    _check_whole(
        table, entry, cadence_s, find_element(elements, entry.symbol, entry.unit, StationKind(kind)) if kind else None
    )
    table.finish()
    return entry


def _check_whole(table: TableReader, entry: ParameterEntry, cadence_s: int, element: Element | None) -> None:
    """The parameter's own tables may contradict its measuring range or the element's defaults they stand beside."""
    try:
        cmax = settled_cmax(table, entry.limit, entry.symbol, entry.unit)
        defaults = element.tables(cadence_s, cmax, only_suspect=True) if element else None
        SeriesThresholds.from_tables(entry.qc, cadence_s, defaults, entry.measuring_range, entry.detection_limit)
    except (TypeError, ValueError) as error:
        if not table.has_faults:
            problem, _, mend = str(error).partition("; ")
            table.fault("qc", None, problem, mend or "mend it")

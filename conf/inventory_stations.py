"""Reads `[[stations]]` and their parameters, limits and quality control."""

from collections.abc import Collection, Iterator

from conf.qc_tables import read_qc
from conf.table_reader import TableReader
from protocols.vocabulary import StationKind
from storage.entries import ParameterEntry, StationEntry

PROFILES = ("auto", "tt10_2021", "cv5417_2016", "tt13_2023")
CODE = r"[A-Za-z0-9][A-Za-z0-9_.-]*"


class StationReader:
    """Reads stations against the known province codes."""

    def __init__(self, province_codes: Collection[str]) -> None:
        self._province_codes = province_codes

    def read(self, table: TableReader) -> StationEntry:
        """Read one station."""
        code_mend = "write the name before the time in its files, e.g. TB_CAPH_NUOSXL"
        cadence_s = table.integer("cadence_s", low=1, high=86400) or 300
        grace_s = table.integer("grace_s", low=0, high=7 * 86400)
        lat, lon = table.number("lat", low=-90, high=90), table.number("lon", low=-180, high=180)
        if table.has("lat") != table.has("lon"):
            table.fault(
                "lon" if table.has("lat") else "lat", None, "is missing beside its twin", "give both or neither"
            )
        entry = StationEntry(
            code=table.text("code", required=True, longest=96, pattern=CODE, mend=code_mend),
            kind=table.choice("kind", StationKind),
            name=table.text("name"),
            facility=table.text("facility"),
            owner=table.text("owner"),
            province=self._province(table),
            lat=lat,
            lon=lon,
            cadence_s=cadence_s,
            grace_s=120 if grace_s is None else grace_s,
            profile=table.choice("profile", PROFILES, "auto"),
            destinations=table.texts("destinations") or (),
            parameters=_parameters(table, cadence_s),
        )
        table.finish()
        return entry

    def _province(self, table: TableReader) -> str:
        code = table.text("province", longest=8)
        if code and code not in self._province_codes:
            table.fault("province", code, "is not a province's code", 'write the two digits, e.g. "33" for Hưng Yên')
        return code


def _parameters(table: TableReader, cadence_s: int) -> tuple[ParameterEntry, ...] | None:
    tables = table.tables("parameters", f"{table.where}.parameters")
    if tables is None:
        return None
    entries = tuple(_parameter(each, cadence_s) for each in tables)
    owner: dict[str, str] = {}
    for each, entry in zip(tables, entries, strict=True):
        for key, word in _names(entry):
            if word in owner:
                each.fault(key, word, f"is a name of {owner[word]} already", "keep one")
            owner.setdefault(word, each.where)
    return entries


def _names(entry: ParameterEntry) -> Iterator[tuple[str, str]]:
    if entry.symbol:
        yield "symbol", entry.symbol
    yield from (("aliases", alias) for alias in entry.aliases if alias != entry.symbol)


def _parameter(table: TableReader, cadence_s: int) -> ParameterEntry:
    entry = ParameterEntry(
        symbol=table.text("symbol", required=True, longest=48, mend="write the name in its files, e.g. COD"),
        unit=table.text("unit", longest=24),
        aliases=table.texts("aliases") or (),
        measuring_range=table.span("measuring_range"),
        detection_limit=table.number("detection_limit", low=0),
        limit=_limit(table.table("limit")),
        qc=read_qc(table.table("qc"), cadence_s),
    )
    table.finish()
    return entry


def _limit(table: TableReader | None) -> dict[str, object] | None:
    """The permit's limit: Cmax = value * kq * kf where it is scaled."""
    if table is None:
        return None
    value = table.number("value")
    if value is None and not table.has("value"):
        table.fault("value", None, "is missing", "add the limit, e.g. value = 75")
    factors = {key: table.number(key, low=0.01, high=100) for key in ("kq", "kf")}
    limit: dict[str, object] = {
        "value": value,
        **{key: 1.0 if factor is None else factor for key, factor in factors.items()},
        "scaled": table.flag("scaled", any(factor is not None for factor in factors.values())),
    }
    table.finish()
    return limit

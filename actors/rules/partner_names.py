"""Which symbols the variables of the consistency rules usually have, and which rules a station's symbols suggest.

A station inside a work writes its symbols as `Tram.symbol`: partners share that first part, but for a dam's two levels,
which come under different ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from actors.rules.consistency import NO_PER_NO2, RULES
from actors.rules.defaults import plain_unit
from protocols.vocabulary import StationKind

NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ws": ("WindSpeed", "WS", "ff"),
        "wd": ("WindDir", "WD", "dd"),
        "gust": ("Gust", "WindGust", "fxfx"),
        "t": ("T", "Temp"),
        "td": ("Td",),
        "tmin": ("Tn", "Tmin"),
        "tmax": ("Tx", "Tmax"),
        "r": ("R", "Rain"),
        "u": ("U", "RH", "Humidity"),
        "htl": ("HTL",),
        "hhl": ("HHL",),
        "pm25": ("PM2.5", "PM2,5", "PM25", "PM-2-5", "PM2-5"),
        "pm10": ("PM10", "PM-10"),
        "no": ("NO",),
        "no2": ("NO2",),
        "nox": ("NOx", "NOX"),
        "bod5": ("BOD5", "BOD"),
        "cod": ("COD",),
        "nh4": ("NH4", "NH4-N", "NH4+", "Amoni"),
        "tn": ("TN", "T-N"),
        "po4": ("PO4", "PO4-P"),
        "tp": ("TP", "T-P"),
        "p": ("P", "Pressure"),
    }
)
EXACT = 2
"""Symbols up to this length are compared with their case: Tn is a minimum, TN is nitrogen."""
USUAL = ("wind_calm", "gust", "dew_point", "rain_rh", "htl_hhl", "pm", "nox", "bod_cod", "nh4_tn", "po4_tp", "tminmax")
"""`rain_counter` and `pressure_elev` need to be told what they judge."""
SAME_UNIT = frozenset(USUAL) - {"wind_calm", "rain_rh"}
ONLY: Mapping[str, tuple[StationKind, ...]] = MappingProxyType(
    {
        "dew_point": (StationKind.AIR, StationKind.HYDROMET),
        "rain_rh": (StationKind.AIR, StationKind.HYDROMET),
        "tminmax": (StationKind.AIR, StationKind.HYDROMET),
    }
)
NOX_OPTIONS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {"ppb": {}, "ug/m3": {"no_factor": NO_PER_NO2, "abs": 4.0}}
)


class Named(Protocol):
    """A parameter's symbol and unit."""

    @property
    def symbol(self) -> str: ...

    @property
    def unit(self) -> str: ...


def find_symbols(variable: str, known: Sequence[Named]) -> list[str]:
    """The station's symbols that may be a variable: one of that very name, else the usual ones."""
    own = [p.symbol for p in known if p.symbol == variable]
    usual = NAMES.get(variable, ())
    folded = {name.casefold() for name in usual if len(name) > EXACT}
    return own or [
        p.symbol
        for p in known
        if (last := p.symbol.rpartition(".")[2] if _is_sub(p.symbol) else p.symbol) in usual
        or last.casefold() in folded
    ]


def usual_rules(
    known: Sequence[Named], kind: StationKind | None
) -> Iterator[tuple[str, Mapping[str, float], dict[str, str]]]:
    """Rules that a station's symbols and units suggest: name, options, variable -> symbol."""
    groups: dict[str, list[Named]] = {}
    for parameter in known:
        group = parameter.symbol.rpartition(".")[0] if _is_sub(parameter.symbol) else ""
        groups.setdefault(group, []).append(parameter)
    for name in USUAL:
        if kind is not None and name in ONLY and kind not in ONLY[name]:
            continue
        for members in [list(known)] if name == "htl_hhl" else groups.values():
            found = {variable: find_symbols(variable, members) for variable in RULES[name].reads}
            if all(len(symbols) == 1 for symbols in found.values()):
                symbols = {variable: each[0] for variable, each in found.items()}
                units = {plain_unit(p.unit) for p in members if p.symbol in symbols.values()}
                if name in SAME_UNIT and len(units) > 1:
                    continue
                options = NOX_OPTIONS.get(next(iter(units))) if name == "nox" else {}
                if options is not None:
                    yield name, options, symbols


def _is_sub(symbol: str) -> bool:
    """Whether a symbol names its station first; the point in PM2.5 does not."""
    first, _, last = symbol.rpartition(".")
    return bool(first) and not last[:1].isdigit()

"""Units of measurement: one spelling for each, and factors between those that measure the same.

Loggers write mg/l and mg/L, ug/m3 and µg/m³, oC, ºC and °C. A unit that the table does not know stays as it is.
Invariant: `convert` never crosses kinds: mg/m3 (as found) and mg/Nm3 (at normal conditions) are different things.
"""

import unicodedata
from typing import NamedTuple


class Unit(NamedTuple):
    """A spelling, what it measures, and its size in the smallest unit of that kind."""

    name: str
    measures: str
    size: float


UNITS = (
    Unit("mg/L", "concentration in water", 1000),
    Unit("µg/L", "concentration in water", 1),
    Unit("g/L", "concentration in water", 1_000_000),
    Unit("mg/m3", "concentration in air", 1_000_000),
    Unit("µg/m3", "concentration in air", 1000),
    Unit("ng/m3", "concentration in air", 1),
    Unit("mg/Nm3", "concentration at normal conditions", 1000),
    Unit("µg/Nm3", "concentration at normal conditions", 1),
    Unit("ppm", "mixing ratio", 1000),
    Unit("ppb", "mixing ratio", 1),
    Unit("%", "share", 10),
    Unit("‰", "share", 1),
    Unit("°C", "temperature", 1),
    Unit("hPa", "pressure", 100),
    Unit("kPa", "pressure", 1000),
    Unit("Pa", "pressure", 1),
    Unit("mbar", "pressure", 100),
    Unit("m3/s", "flow", 86_400_000),
    Unit("m3/h", "flow", 24_000),
    Unit("m3/day", "flow", 1000),
    Unit("L/s", "flow", 86_400),
    Unit("L/min", "flow", 1440),
    Unit("Nm3/h", "flow at normal conditions", 1),
    Unit("m3", "volume", 1000),
    Unit("L", "volume", 1),
    Unit("m/s", "speed", 3.6),
    Unit("km/h", "speed", 1),
    Unit("km", "length", 1_000_000),
    Unit("m", "length", 1000),
    Unit("cm", "length", 10),
    Unit("mm", "length", 1),
    Unit("°", "direction", 1),
    Unit("W/m2", "radiation", 1),
    Unit("µS/cm", "conductivity", 1),
    Unit("mS/cm", "conductivity", 1000),
    Unit("FNU", "turbidity, infrared light", 1),
    Unit("NTU", "turbidity, white light", 1),
    Unit("Pt-Co", "colour", 1),
    Unit("mV", "voltage", 1),
    Unit("V", "voltage", 1000),
    Unit("giờ", "sunshine", 1),
    Unit("", "nothing", 1),
)
BY_NAME = {unit.name: unit for unit in UNITS}

SIGNS = str.maketrans(
    {"µ": "u", "μ": "u", "³": "3", "²": "2", "º": "°", "˚": "°", " ": None, "\N{NO-BREAK SPACE}": None}
)
OTHER_SPELLINGS = {
    "oc": "°C",
    "c": "°C",
    "celsius": "°C",
    "degc": "°C",
    "độ": "°",
    "do": "°",
    "deg": "°",
    "degree": "°",
    "degrees": "°",
    "-": "",
    "ph": "",
    "m3/d": "m3/day",
    "m3/ngđ": "m3/day",
    "m3/ngày": "m3/day",
    "mgn/m3": "mg/Nm3",
    "ptco": "Pt-Co",
    "hour": "giờ",
}


def _fold(text: str) -> str:
    return text.translate(SIGNS).lower()


BY_FOLDED = {_fold(unit.name): unit.name for unit in UNITS} | OTHER_SPELLINGS


def canonical_unit(text: str) -> str:
    """Give a unit's one spelling; no unit, `-` and `pH` are the empty text; an unknown one comes back trimmed, in NFC.

    Source: TT 10/2021/TT-BTNMT Phụ lục 15, TT 13/2023/TT-BTNMT; spellings of stations in the field.
    """
    unit = unicodedata.normalize("NFC", text.strip())
    return BY_FOLDED.get(_fold(unit), unit)


def convert(value: float, unit: str, target: str) -> float | None:
    """Convert a value between two units of one kind; None where they measure different things or are not known."""
    source, goal = canonical_unit(unit), canonical_unit(target)
    if source == goal:
        return value
    given, wanted = BY_NAME.get(source), BY_NAME.get(goal)
    if given is None or wanted is None or given.measures != wanted.measures:
        return None
    return value * given.size / wanted.size

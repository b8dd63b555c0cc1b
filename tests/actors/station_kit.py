"""A station to try things on: its profile, its files, and the table of readings that its effects add up to."""

from collections.abc import Iterable, Sequence

from actors.messages import DeadlinePassed, Effect, FileStored, ReadingJudged, ReadingRevised
from actors.station import StationActor
from actors.station_profile import StationProfile, settle
from protocols.records import ParsedReading
from protocols.verdict import unpack
from protocols.vocabulary import Flag, StationKind
from storage.models import ParameterRow, StationRow

CADENCE_S, GRACE_S = 300, 120
NOON_S = 1_774_000_800
"""A full hour."""
QC = {
    "range": {"fail_lo": -10, "fail_hi": 100, "sus_hi": 60},
    "step": {"s10": 5, "f10": 20, "s60": 10, "f60": 40},
    "spike": {"sus": 5, "fail": 20, "max_gap_s": 900},
    "flat_line": {"tol": 0.05, "sus_s": 1800, "fail_s": 3600},
    "gap": {"fail_s": 3600},
}


def station_row(code: str = "TB_A", number: int = 1) -> StationRow:
    return StationRow(
        id=number,
        code=code,
        kind=str(StationKind.WASTEWATER),
        cadence_s=CADENCE_S,
        grace_s=GRACE_S,
        destinations=["bo"],
    )


def parameter_row(symbol: str = "COD", number: int = 1) -> ParameterRow:
    return ParameterRow(id=number, station_id=1, symbol=symbol, unit="mg/L", aliases=[f"{symbol}_out"], qc=QC)


def profile(code: str = "TB_A", symbols: Sequence[str] = ("COD",)) -> StationProfile:
    return settle(station_row(code), [parameter_row(symbol, at) for at, symbol in enumerate(symbols, 1)], [])


def station(symbols: Sequence[str] = ("COD",)) -> StationActor:
    return StationActor(profile(symbols=symbols))


def reading(time_s: int, value: float | None, symbol: str = "COD", unit: str = "mg/L", line: int = 1) -> ParsedReading:
    return ParsedReading(time_s, symbol, value, "" if value is None else str(value), unit, "00", line)


def file(seq: int, received_s: float, *readings: ParsedReading) -> FileStored:
    return FileStored(seq, int(received_s * 1000), readings)


def look(now_s: float) -> DeadlinePassed:
    return DeadlinePassed(0, now_s, now_s)


class Table:
    """What the readings table holds after some effects: the first record of an instant, revised."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], tuple[float | None, Flag, dict[str, int]]] = {}

    def take(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, ReadingJudged):
                row = (effect.value, effect.flag, unpack(effect.verdict))
                self.rows.setdefault((effect.parameter, effect.time_s), row)
            elif isinstance(effect, ReadingRevised):
                value, *_ = self.rows[effect.parameter, effect.time_s]
                self.rows[effect.parameter, effect.time_s] = (value, effect.flag, unpack(effect.verdict))

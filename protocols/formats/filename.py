"""Names of station files: whose they are, and of when.

    <TenTinh>_<TenCoSo>_<TenTram>_<yyyyMMddHHmmss>.txt            TT 10/2021/TT-BTNMT Phụ lục 15
    <stationID>_<stationName>_<yyyyMMddHHmmss>.txt                loggers of the 5417 era
    <MaTinh>_<TenCongTrinh>[_obsdata|_predata]_<YYYYmmddhhMMss>   TT 13/2023/TT-BTNMT
    DK_<MaTinh>_<TenCongTrinh>.xls                                its registration of a work

TT 13 writes mm for the month and MM for the minutes, the reverse of TT 10: the digits stand in the same order. There
the name has the time of sending, here that of the readings. The province is two letters, there two digits.
"""

from enum import StrEnum
from typing import NamedTuple

from protocols.times import build_stamp, parse_stamp

EXTENSIONS = frozenset(("txt", "xls", "xlsx"))
STAMP_DIGITS = 14
REGISTRATION_PREFIX = "DK_"


class Family(StrEnum):
    """The rule that a name follows."""

    ENVIRONMENT = "environment"
    HYDROMET = "hydromet"


class Series(StrEnum):
    """What a hydrometeorological file holds; ORDINARY everywhere else."""

    ORDINARY = ""
    OBSERVED = "obsdata"
    FORECAST = "predata"
    REGISTRATION = "registration"


class FileName(NamedTuple):
    """A name taken apart."""

    code: str
    """The station's code, everything before series and time; of a work `<MaTinh>_<TenCongTrinh>`."""
    stamp: str
    """The 14 digits as written; empty in a registration."""
    time_s: int | None
    """None where the digits are no real instant."""
    family: Family
    series: Series
    extension: str
    """`txt`, `xls` or `xlsx`, in small letters."""

    @property
    def parts(self) -> tuple[str, str, str]:
        """Province, facility and station of TT 10; empty texts where the code has not three parts."""
        parts = self.code.split("_")
        return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")

    @property
    def province(self) -> str:
        """The two digits of a TT 13 name; empty in a name of TT 10, which has letters."""
        return self.code[:2] if self.family is Family.HYDROMET else ""

    @property
    def medium(self) -> str:
        """`nuoc` or `khi` by the first three letters of a TT 10 station (NUO, KHI); else empty."""
        return {"NUO": "nuoc", "KHI": "khi"}.get(self.parts[2][:3].upper(), "")


def parse_name(name: str) -> FileName | None:
    """Take a file's name apart (folders before it are ignored); None where it is no station file's name."""
    stem, dot, extension = name.replace("\\", "/").rpartition("/")[2].rpartition(".")
    extension = extension.lower()
    if not dot or extension not in EXTENSIONS:
        return None
    if stem.startswith(REGISTRATION_PREFIX) and _is_hydromet(stem[len(REGISTRATION_PREFIX) :]):
        code = stem[len(REGISTRATION_PREFIX) :]
        return FileName(code, "", None, Family.HYDROMET, Series.REGISTRATION, extension)
    code, _, stamp = stem.rpartition("_")
    stamp = stamp.strip()
    if not code or len(stamp) != STAMP_DIGITS or not (stamp.isascii() and stamp.isdecimal()):
        return None
    if not _is_hydromet(code):
        return FileName(code, stamp, parse_stamp(stamp), Family.ENVIRONMENT, Series.ORDINARY, extension)
    work, _, last = code.rpartition("_")
    series = {Series.OBSERVED.value: Series.OBSERVED, Series.FORECAST.value: Series.FORECAST}.get(last.strip().lower())
    if series:
        code = work
    return FileName(code.strip(), stamp, parse_stamp(stamp), Family.HYDROMET, series or Series.ORDINARY, extension)


def build_name(code: str, time_s: int, series: Series = Series.ORDINARY) -> str:
    """Write a file's name; a registration has no time and is not written here."""
    middle = f"_{series.value}" if series else ""
    return f"{code}{middle}_{build_stamp(time_s)}.txt"


def _is_hydromet(code: str) -> bool:
    province, underscore, work = code.partition("_")
    return bool(underscore and work) and len(province) == 2 and province.isascii() and province.isdecimal()

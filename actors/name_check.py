"""What a hydrometeorological file's name says of its province, held against the table and the registration.

Invariant: a name is never a reason to lose a file; what is wrong with it is told, and the readings count.
"""

from collections.abc import Iterable

from actors.rules.provinces import province_on, rows_of
from protocols.formats.filename import Family, FileName, parse_name
from protocols.formats.headings import fold
from protocols.formats.tt13_2023_registration import Registration
from protocols.records import Fault
from protocols.times import day_on


def name_faults(name: str, code: str, now_s: float) -> tuple[Fault, ...]:
    """Tell a province code that no province has, or another one than the station is registered under.

    Args:
        code: the station's, as registered.
        now_s: stands for the day where the name has no time.
    """
    if not name[:2].isdecimal():
        return ()
    parsed = parse_name(name)
    if parsed is None or parsed.family is not Family.HYDROMET:
        return ()
    told, registered = parsed.province, code.partition("_")[0]
    if not rows_of(told):
        detail = f"No province has the code {told}: write the station's, {registered}."
    elif registered != told and registered.isdecimal():
        found = province_on(told, day_on(parsed.time_s if parsed.time_s is not None else int(now_s)))
        meant = f" ({found.name})" if found else ""
        detail = f"The name says province {told}{meant}, the station is registered under {registered}: mend one."
    else:
        return ()
    return (Fault(0, 0, "name", "province", detail, name[:200], registered),)


def registered_faults(name: str, registration: Registration) -> tuple[Fault, ...]:
    """Tell a registration whose `Tinh` is not the province that the code of its name has, or had before 01/07/2025."""
    told, rows = registration.fields.get("Tinh", ""), rows_of(registration.province)
    if not told or not name[3:5].isdecimal():
        return ()
    if not rows:
        detail = f"No province has the code {registration.province}: write the one of {told}."
    elif told.strip() == registration.province or any(_names(told, row.name) for row in rows):
        return ()
    else:
        meant = " / ".join(dict.fromkeys(row.name for row in rows))
        detail = f"The name says province {registration.province} ({meant}), the field Tinh says {told}: mend one."
    return (Fault(0, 0, "Tinh", "province", detail, told[:200], registration.province),)


def _names(told: str, province: str) -> bool:
    """Whether a text names a province, also with its kind before it ("tỉnh", "TP")."""
    said, known = fold(told), fold(province)
    return said in known or known in said


def same_work(name: str, codes: Iterable[str]) -> str | None:
    """The one station whose work the name speaks of under another province's code (mergers change the code)."""
    parsed = parse_name(name)
    if parsed is None or parsed.family is not Family.HYDROMET or not rows_of(parsed.province):
        return None
    found = [code for code in codes if _is_work(code, parsed)]
    return found[0] if len(found) == 1 else None


def _is_work(code: str, parsed: FileName) -> bool:
    province, _, work = code.partition("_")
    named = parsed.code.partition("_")[2].casefold()
    return province.isdecimal() and (named == work.casefold() or named.startswith(f"{work.casefold()}_"))

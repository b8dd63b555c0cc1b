"""Reads `limit` of a parameter: one table, or several for permits and averagings that follow each other.

`qc.limit` with the letters of the rule (C, Kq, Kf, Kp, Kv) says the same. Kept is what the file says, so that a limit
can tell where it comes from; `actors/rules/limit_settling.py` knows what it comes to.
"""

from math import isfinite

from actors.rules.limit_presets import load_presets
from actors.rules.limit_settling import DAYS, FACTORS, limit_tables, settle_limits
from actors.rules.limits import Averaging
from conf.table_reader import TableReader

Kept = dict[str, object]
SAME = {"hi": "value", "lo": "low", "C": "value", "Kq": "kq", "Kf": "kf", "Kp": "kp", "Kv": "kv"}
"""Other words for a key."""
NUMBERS = ("river_m3_s", "lake_m3", "discharge_m3_day", "gas_m3_h")


def read_limits(parameter: TableReader, qc: TableReader | None) -> Kept | list[Kept] | None:
    """Read the limits of one parameter: nothing, one table, or a list of them."""
    tables = list(parameter.table_or_tables("limit"))
    if qc is not None:
        tables += qc.table_or_tables("limit")
    kept = [_limit(table) for table in tables]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else kept


def settled_cmax(table: TableReader, stored: object, symbol: str, unit: str) -> float | None:
    """What the last of a parameter's limits comes to; None where there is none, or a fault that is noted."""
    try:
        settled = settle_limits(limit_tables(stored), symbol, unit, load_presets())
    except (TypeError, ValueError) as error:
        if not table.has_faults:
            problem, _, mend = str(error).partition("; ")
            table.fault("limit", None, problem, mend or "mend it")
        return None
    cmax = settled[-1].limit.cmax if settled else None
    return cmax if cmax is not None and isfinite(cmax) else None


def _limit(table: TableReader) -> Kept:
    limit: Kept = {}
    for key in ("value", "hi", "C", "low", "lo"):
        if (number := table.number(key)) is not None:
            _keep(table, limit, key, number)
    for key in (*FACTORS, "Kq", "Kf", "Kp", "Kv"):
        if (number := table.number(key, low=0.01, high=100)) is not None:
            _keep(table, limit, key, number)
    for key in NUMBERS:
        if (number := table.number(key, low=0)) is not None:
            limit[key] = number
    if (zone := table.integer("zone", low=1, high=5)) is not None:
        limit["zone"] = zone
    if (o2 := table.number("o2_ref", low=0, high=20)) is not None:
        limit["o2_ref"] = o2
    if (refused := table.number("o2_refused_from", low=0, high=20.9)) is not None:
        limit["o2_refused_from"] = refused
    if (approach := table.number("approach", low=0.5, high=1)) is not None:
        limit["approach"] = approach
    if (tendency_s := table.number("tendency_s", low=600, high=21600)) is not None:
        limit["tendency_s"] = tendency_s
    words = {key: table.text(key) for key in ("receiver", "preset", "permit")}
    limit |= {key: word for key, word in words.items() if word}
    limit |= {key: day for key in DAYS if (day := table.day(key)) is not None}
    if averaging := table.texts("averaging", choices=list(Averaging)):
        limit["averaging"] = list(averaging)
    if table.has("scaled") or "preset" not in limit:
        limit["scaled"] = table.flag("scaled", True)
    if not any(table.has(key) for key in ("value", "hi", "C", "low", "lo", "preset")):
        table.fault("value", None, "is missing", "add the limit, e.g. value = 75")
    table.finish()
    return limit


def _keep(table: TableReader, limit: Kept, key: str, number: float) -> None:
    name = SAME.get(key, key)
    if name in limit:
        table.fault(key, number, f"says {name} a second time", "keep one")
    limit[name] = number

"""Lets the values of one instant meet: whoever a file's records are partners of is judged with them (Q5, exclusions).

The partners may stand in this file, or came in another file of the same instant up to two days ago: then their own
verdicts change with the new value.
"""

from collections.abc import Mapping

from actors.rules.order import Order
from actors.rules.partners import Partners
from actors.rules.suite import is_usable
from actors.series import Arrived, Series
from protocols.verdict import EXCLUDED, SHIFT

_CONSISTENCY = SHIFT["consistency"]
MINE = 15 << _CONSISTENCY | EXCLUDED


def relate(
    partners: Partners, series: Mapping[str, Series], arrived: list[Arrived], touched: dict[str, Series]
) -> None:
    """Write into each record what its partners have to do with it; adds to `touched` whose records change."""
    readers = partners.readers
    instants: dict[int, dict[str, Arrived]] = {}
    for each in arrived:
        symbol = each.series.profile.symbol
        if symbol in readers and each.order in (Order.IN_ORDER, Order.LATE):
            instants.setdefault(each.reading.time_s, {}).setdefault(symbol, each)
    for time_s, new in instants.items():
        affected = set[str]().union(*(readers[symbol] for symbol in new))
        needed = set[str]().union(*(partners.sources.get(symbol, ()) for symbol in affected))
        values = {symbol: value for symbol in needed if (value := _value(symbol, time_s, new, series)) is not None}
        flags = partners.judge(values, affected)
        for symbol in affected:
            own = series.get(symbol)
            if own is None:
                continue
            mine = flags.get(symbol, 0) << _CONSISTENCY
            if partners.may_stand_still(symbol, time_s, values):
                mine |= EXCLUDED
            if (fresh := new.get(symbol)) is not None:
                fresh.verdict = fresh.verdict & ~MINE | mine
            elif (row := own.at(time_s)) is not None and row[1] & MINE != mine:
                touched[symbol] = own
                if (row[1] ^ mine) & EXCLUDED:
                    own.change(time_s, row[1] & ~MINE | mine)
                else:
                    own.amend(time_s, clear=MINE, set_bits=mine)


def _value(symbol: str, time_s: int, new: Mapping[str, Arrived], series: Mapping[str, Series]) -> float | None:
    """The active value of an instant, if it may serve others."""
    if (fresh := new.get(symbol)) is not None:
        return fresh.value if is_usable(fresh.verdict) else None
    own = series.get(symbol)
    row = own.at(time_s) if own is not None else None
    return row[0] if row is not None and is_usable(row[1]) else None

"""Where each cell of a filled form leads: another form, the days of driving, or the violations themselves.

Pages and API have the same paths below their prefix, so one link serves both.
Source: the note under every form of TT 09/2015/TT-BGTVT: a click on a cell gives the data behind it.
"""

from actors.rules.annexes import Annex, Column
from actors.traffic_report import Filled, Line
from storage.traffic_sums import Asked
from web.annex_asking import NAMELESS, link, period_query

FORMS = ("vehicles", "companies")
BEHIND = {"department": "4", "company": "5", "business": "12", "plate": "days"}


def row_query(filled: Filled, chosen: dict[str, str], line: Line) -> dict[str, str]:
    """What narrows to a line: its period, what was chosen, and what it is."""
    query = {**period_query(filled.asked), **chosen}
    own = line.whose
    if "plate" in own:
        query["plate"] = own["plate"]
    else:
        query |= {name: text or NAMELESS for name, text in own.items() if name != "day"}
    if "day" in own:
        query |= {"from": own["day"], "to": own["day"]}
    return query


def links(prefix: str, filled: Filled, chosen: dict[str, str], line: Line) -> dict[str, str]:
    """The link of each column that has one; a cell without a number leads nowhere."""
    query, annex = row_query(filled, chosen, line), filled.annex
    found = {column.key: text for column in annex.columns if (text := _cell(prefix, annex, column, line, query))}
    if line.whose:
        found[annex.row] = _named(prefix, annex, query)
    return found


def unit_link(asked: Asked, by: str, line: Line) -> str:
    """The page behind a unit among indicators: its companies, its vehicles, or a vehicle's days."""
    own = {"plate": line.whose["plate"]} if by == "plate" else line.whose
    return link(
        f"/reports/{BEHIND[by]}", **period_query(asked), **{name: text or NAMELESS for name, text in own.items()}
    )


def _cell(prefix: str, annex: Annex, column: Column, line: Line, query: dict[str, str]) -> str:
    if not column.behind or not line.values.get(column.key):
        return ""
    if column.behind in FORMS:
        form = annex.opens.get(column.behind)
        return link(f"{prefix}/reports/{form}", **query) if form else ""
    if column.behind == "days":
        return link(f"{prefix}/reports/days", **query)
    return link(f"{prefix}/reports/violations", kind=column.behind, band=column.band, **query)


def _named(prefix: str, annex: Annex, query: dict[str, str]) -> str:
    form = annex.opens.get("row")
    return link(f"{prefix}/reports/{form}" if form else f"{prefix}/reports/days", **query)

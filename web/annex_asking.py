"""Reads what a report is asked of: a period of whole days, whose vehicles, and always within the person's scope."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from quart import request

from actors.rules.annexes import Annex, load_annexes
from actors.traffic_report import day_text
from protocols.times import day_begin, day_number, iso
from storage.traffic_sums import Asked
from web.asking import moment
from web.deps import WebDeps
from web.refusals import Refusal, bad_value, not_found
from web.scope import scope_asking

CHOICES = ("department", "company", "business")
NAMELESS = "-"
"""What belongs to no department (company, business)."""
APART = "\x1f"
"""Stands between a company and its department where one field of a page says both."""


def annex_numbered(number: int) -> Annex:
    """Find a form; raises Refusal."""
    annex = load_annexes().get(number)
    if annex is None:
        raise not_found("annex", str(number), "annex")
    return annex


def asked_choices() -> dict[str, str]:
    """What was chosen, as it is written in a link."""
    chosen = {name: text for name in (*CHOICES, "plate") if (text := request.args.get(name, "").strip())}
    company, apart, department = chosen.get("company", "").partition(APART)
    return {**chosen, "company": company, "department": department} if apart else chosen


async def asked_report(deps: WebDeps) -> Asked:
    """Read the period (this month where absent) and the choices; raises Refusal."""
    from_day, to_day = asked_days(deps.now())
    chosen, scope = asked_choices(), scope_asking()
    narrowed = () if scope is None else tuple(scope.columns.items())
    filters = [(name, "" if chosen[name] == NAMELESS else chosen[name]) for name in CHOICES if name in chosen]
    asked = Asked(from_day, to_day, (*filters, *narrowed), chosen.get("plate", ""))
    if "department" not in chosen and chosen.get("company", NAMELESS) != NAMELESS:
        _check_company(chosen["company"], await deps.traffic.sums.fleets(asked, ["department"]))
    return asked


def _check_company(company: str, found: Sequence[Mapping[str, Any]]) -> None:
    """A company is known by its department and its name: one that several have is refused without."""
    if len(found) > 1:
        departments = ", ".join(sorted(str(row["department"]) or NAMELESS for row in found))
        detail = f"several departments have a company {company!r} ({departments}); say which with department="
        told = {"company": company, "departments": departments}
        raise Refusal(400, "bad_value", detail, "department", code="ambiguous_company", told=told)


def asked_days(now_s: float) -> tuple[int, int]:
    """Read `from` and `to` as days since 1970, both inclusive."""
    today = day_number(int(now_s))
    to_day = _day("to", today)
    from_day = _day("from", day_number(moment(f"{iso(day_begin(min(to_day, today)))[:8]}01", "from")))
    if from_day > to_day:
        raise bad_value("from", "from is after to")
    return from_day, to_day


def _day(field: str, default: int) -> int:
    text = request.args.get(field, "").strip()
    return day_number(moment(text, field)) if text else default


def period_query(asked: Asked) -> dict[str, str]:
    """The period as a link says it."""
    return {"from": day_text(asked.from_day), "to": day_text(asked.to_day)}


def asked_of(field: str, known: Collection[str], default: str) -> str:
    """Read a choice among known words; raises Refusal."""
    text = request.args.get(field, "").strip() or default
    if text and text not in known:
        raise bad_value(field, f"{text!r} is none of {', '.join(known)}")
    return text


def link(path: str, **query: str) -> str:
    """A local link; what is empty is left out."""
    said = urlencode({name: text for name, text in query.items() if text})
    return f"{path}?{said}" if said else path

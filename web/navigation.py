"""The doors of the console: one table, in the order of an operator's day; each may say how much waits behind it.

A door opens only where its page exists, so a wing adds its line here and its route, in any order.
Invariant: a count is one cheap question; a page is drawn at every click.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from quart import current_app

from protocols.vocabulary import ExceedanceState, StationKind
from storage.exceedances import all_exceedances
from storage.models import StationRow
from storage.notices import open_count
from storage.registrations import pending_registrations
from storage.review import Asked
from storage.review_cases import case_count
from web.deps import WebDeps
from web.scope import is_open

Count = Callable[[WebDeps], Awaitable[int]]


async def exceeding_count() -> int:
    """How many limits are passed now."""
    _, count = await all_exceedances(ExceedanceState.EXCEEDING, 1, 0)
    return count


@dataclass(frozen=True, slots=True)
class Door:
    """A page in the bar on top; `key` is its word."""

    path: str
    key: str
    waiting: Count | None = None


DOORS: tuple[Door, ...] = (
    Door("/", "nav.live"),
    Door("/vehicles", "nav.vehicles"),
    Door("/providers", "nav.providers"),
    Door("/reports", "nav.traffic"),
    Door("/exceedances", "nav.exceedances", lambda deps: exceeding_count()),
    Door("/aqi", "nav.aqi"),
    Door("/review", "nav.review", lambda deps: case_count(Asked())),
    Door("/shifts", "nav.shifts"),
    Door("/notices", "nav.notices", lambda deps: open_count()),
    Door("/registrations", "nav.registrations", lambda deps: pending_registrations()),
    Door("/map", "nav.map"),
    Door("/areas", "nav.areas"),
    Door("/destinations", "nav.destinations"),
    Door("/wall", "nav.wall"),
    Door("/report", "nav.report"),
    Door("/log", "nav.log"),
    Door("/users", "nav.users"),
    Door("/docs", "nav.docs"),
)

STATION = "/stations/<path:code>"
TABS: tuple[Door, ...] = (
    Door("", "tab.overview"),
    Door("/charts", "tab.charts"),
    Door("/files", "tab.files"),
    Door("/qc", "tab.qc"),
    Door("/limits", "tab.limits"),
    Door("/aqi", "tab.aqi"),
    Door("/thresholds", "tab.thresholds"),
    Door("/samples", "tab.samples"),
)


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """A door as a page shows it."""

    path: str
    key: str
    count: int

    def is_here(self, asked: str) -> bool:
        """Whether the asked page is behind this door."""
        return asked == self.path or (self.path != "/" and asked.startswith(f"{self.path}/"))


async def open_doors(deps: WebDeps) -> list[OpenDoor]:
    """The doors whose page exists, with what waits behind them."""
    rules = _rules()
    there = [door for door in DOORS if door.path in rules and is_open(door.path)]
    return [OpenDoor(door.path, door.key, await door.waiting(deps) if door.waiting else 0) for door in there]


def station_tabs(station: StationRow) -> list[OpenDoor]:
    """The pages of a station that exist; only air has an air quality index."""
    rules, code = _rules(), quote(station.code, safe="")
    hidden = set[str]() if station.kind == StationKind.AIR else {"/aqi"}
    tabs = [
        OpenDoor(f"/stations/{code}{door.path}", door.key, 0)
        for door in TABS
        if STATION + door.path in rules and door.path not in hidden
    ]
    review = [OpenDoor(f"/review?station={code}", "tab.review", 0)] if "/review" in rules else []
    return tabs + review


def _rules() -> set[str]:
    return {rule.rule for rule in current_app.url_map.iter_rules()}

"""Providers that fell silent: one line for all their vehicles, where each by itself would be thousands.

A vehicle is silent after 30 minutes (`actors/vehicle.py`), and so is a provider of whom no new waypoint came for so
long. After a week it is no news any more: the page of providers tells when it was heard last. In a letter that told
of it, it stands until the provider speaks: everything else would be called a recovery.
Source: TT 09/2015/TT-BGTVT (alarm at 30 minutes without data).
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import structlog

from actors.board import Concern
from actors.kernel.clock import Now
from actors.kernel.crossing import Host
from actors.rounds import go_rounds
from actors.vehicle import PARKED_CADENCE_S, SILENCE_GRACE_S
from protocols.times import DAY_S, iso_ms
from storage.notices import told_standing
from storage.provider_days import newest_stored, vehicles_of

log = structlog.get_logger()

LOOK_S = 30.0
SILENT_S = PARKED_CADENCE_S + SILENCE_GRACE_S
NEWS_DAYS = 7
PROVIDER = "provider:"
"""Before its name, where it is a source of a notice."""


class Silence(NamedTuple):
    """Since when nothing new came, and how many vehicles are the provider's."""

    since_ms: int
    vehicles: int


class ProviderWatch:
    """The service `clock:providers`."""

    def __init__(self, now: Now, host: Host) -> None:
        self._now = now
        self._host = host
        self._since_s = now()
        self.silent: Mapping[str, Silence] = {}
        """By provider: those who fell silent and have not spoken since."""

    async def run(self, ready: Callable[[], None]) -> None:
        """Look, for ever."""
        await self._host(self.recall)
        ready()
        await go_rounds(
            partial(self._host, self.look), lambda reason: log.warning("silences_wait", reason=reason), LOOK_S
        )

    async def recall(self) -> None:
        """Take up the silences that letters told of: that the box starts again is no recovery."""
        told = await told_standing(PROVIDER)
        self.silent = {name: Silence(since_ms, await vehicles_of(name)) for name, since_ms in told.items()}

    async def look(self) -> None:
        """See who is silent; while the box itself was down nobody could speak."""
        now_s, newest = self._now(), await newest_stored(int(self._now()), NEWS_DAYS)
        found = {name: silence for name, silence in self.silent.items() if name not in newest}
        for name, last_ms in newest.items():
            known = self.silent.get(name)
            still = known is not None and last_ms <= known.since_ms
            if still or now_s - max(last_ms / 1000, self._since_s) > SILENT_S:
                found[name] = Silence(last_ms, await vehicles_of(name) if known is None else known.vehicles)
        self.silent = found

    def concerns(self) -> list[Concern]:
        """What somebody must look at."""
        news_ms = (self._now() - NEWS_DAYS * DAY_S) * 1000
        return [
            Concern("provider_silent", name, {"vehicles": vehicles, "since": iso_ms(since_ms)[:16].replace("T", " ")})
            for name, (since_ms, vehicles) in self.silent.items()
            if since_ms >= news_ms
        ]

    def statistics(self) -> dict[str, float | int | str]:
        """What the console and the dump show."""
        return {"silent": len(self.silent)}

"""Wires retention: the hot table, the archive, and how long each is kept."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from actors.kernel.clock import Now
from actors.nightly import NightTask
from actors.retention import Keep, Retention
from actors.snapshots import WATERMARK
from conf.settings import RetentionSettings
from storage.archive import Archive
from storage.archiving import Archiver
from storage.database import Database
from storage.expiry import Expiry
from storage.ids import Ids
from storage.writer import Writer


def make_retention(
    settings: RetentionSettings,
    database: Database,
    archive: Archive,
    now: Now,
    writer: Writer,
    ids: Ids,
    forget: Callable[[Iterable[str]], None] = lambda names: None,
) -> Retention:
    """The one way into the archive; `forget` is told of running totals that are no more."""
    keep = Keep(settings.hot_days, settings.waypoints_days, settings.violations_days)
    archiver = Archiver(database, archive, writer, ids, WATERMARK)
    return Retention(now, keep, archiver, Expiry(database, archive, writer, ids, forget))


def night_tasks(retention: Retention) -> Sequence[NightTask]:
    """What the night does of it."""
    return (
        NightTask("waypoints_archived", retention.night),
        NightTask("waypoints_expired", retention.expire_waypoints),
        NightTask("violations_expired", retention.expire_violations),
    )


class RetentionDesk:
    """What the console asks of it."""

    def __init__(self, retention: Retention, archive: Archive, counted: Callable[[str], int]) -> None:
        self._retention = retention
        self._archive = archive
        self._counted = counted

    def begin(self, until_s: int | None, expire: bool, who: str) -> bool:
        """Let a pass run by itself; whether none was running."""
        return self._retention.begin(until_s, expire, who)

    def view(self) -> dict[str, Any]:
        """How the archive stands."""
        return self._retention.view(self._archive, self._counted)

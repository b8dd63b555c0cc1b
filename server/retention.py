"""Wires retention: the hot table, the archive, and how long each is kept."""

from collections.abc import Sequence

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
    settings: RetentionSettings, database: Database, archive: Archive, now: Now, writer: Writer, ids: Ids
) -> Retention:
    """The one way into the archive."""
    keep = Keep(settings.hot_days, settings.waypoints_days, settings.violations_days)
    archiver = Archiver(database, archive, writer, ids, WATERMARK)
    return Retention(now, keep, archiver, Expiry(archive, writer, ids))


def night_tasks(retention: Retention) -> Sequence[NightTask]:
    """What the night does of it."""
    return (
        NightTask("waypoints_archived", retention.night),
        NightTask("waypoints_expired", retention.expire_waypoints),
        NightTask("violations_expired", retention.expire_violations),
    )

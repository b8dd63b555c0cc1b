"""What a pass does: complete days and no younger ones, old ones let go only when asked."""

from pathlib import Path

import pytest

from actors.retention import Keep, Retention
from protocols.times import DAY_S, day_on
from storage.late_totals import late_total
from storage.models import AuditRow, CounterRow
from storage.writer import Unit
from tests.storage.archive_box import T0, archive_box
from tests.storage.blank import open_blank

KEEP = Keep(hot_days=3, waypoints_days=365, violations_days=1095)


@pytest.mark.asyncio
async def test_hot_days_stay_and_a_person_may_move_more_but_never_today(tmp_path: Path) -> None:
    await (await open_blank(tmp_path)).close()
    async with archive_box(f"sqlite://{tmp_path}/trambox.db", tmp_path) as box:
        await box.store(*((1, day * DAY_S) for day in range(6)))
        clock_s = [T0 + 5 * DAY_S + 3600.0]
        retention = Retention(lambda: clock_s[0], KEEP, box.archiver, box.expiry)
        assert await retention.night() == 2
        assert await retention.run(T0 + 3 * DAY_S, False, "an") == (1, 0, 0)
        assert await retention.run(T0 + 9 * DAY_S, False, "an") == (2, 0, 0)
        clock_s[0] += 365 * DAY_S
        assert await retention.run(None, False, "an") == (1, 0, 0)
        await box.writer.store(Unit(counters={late_total("csgt", day_on(T0)): 7}))
        assert await retention.run(None, True, "an") == (0, 6, 0)
        assert not await CounterRow.filter(name__contains=".late.").exists()
        assert {row.user for row in await AuditRow.all()} == {"an"}

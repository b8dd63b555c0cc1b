"""The headline run in small: it works, and its sums add up; how fast it is nobody asks here."""

import pytest

from tests.bench.report import Report
from tests.bench.waypoints import NAME, WaypointOptions, bench


@pytest.mark.asyncio
@pytest.mark.timeout(120)
async def test_a_small_run_stores_and_forwards_every_waypoint_once_and_finds_who_speeds() -> None:
    report = Report()
    await bench(report, WaypointOptions(seconds=1, rate=2000, vehicles=50, connections=2, window=200))
    for what in (
        "sent but not stored once (audit)",
        "stored but not forwarded (audit)",
        "more at the sink than sent",
        "paced 2,000/s: after a later one of its vehicle",
    ):
        assert (what, report.value(NAME, what)) == (what, 0)
    assert 0 < report.value(NAME, "paced 2,000/s: confirmed") <= 2500, "not paced"
    assert report.value(NAME, "speed violations found") > 0
    assert report.value(NAME, "paced 2,000/s: confirm p99") > 0

"""How often a station reports, as the inventory says it."""

from typing import Any

import pytest

from conf.faults import ConfigFault
from conf.schedules import read_pace
from conf.table_reader import TableReader


def read(**table: Any) -> tuple[tuple[str, int, int], list[ConfigFault]]:
    faults: list[ConfigFault] = []
    return read_pace(TableReader("stations[0]", table, faults)), faults


@pytest.mark.parametrize(
    ("table", "pace"),
    [
        ({}, ("", 300, 120)),
        ({"cadence_s": 600, "grace_s": 60}, ("", 600, 60)),
        ({"schedule": "every 10 min"}, ("every 10 min", 600, 120)),
        ({"schedule": "sea_port"}, ("sea_port", 21600, 1800)),
        ({"schedule": "sea_port", "grace_s": 600}, ("sea_port", 21600, 600)),
        ({"schedule": "01:00,07:00", "grace_s": 300}, ("01:00,07:00", 21600, 300)),
    ],
)
def test_a_schedule_brings_its_interval_and_its_allowed_delay(table: Any, pace: object) -> None:
    assert read(**table) == (pace, [])


def test_a_schedule_that_means_nothing_is_told_with_its_mend() -> None:
    _, (fault,) = read(schedule="often")
    assert fault.where == "stations[0].schedule"
    assert "sea_port" in fault.mend


def test_a_schedule_beside_an_interval_is_refused() -> None:
    assert read(schedule="every 10 min", cadence_s=300)[1][0].mend == "keep one of them"

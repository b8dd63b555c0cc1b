"""What a station's `schedule` means."""

from datetime import date

import pytest

from actors.rules.schedules import parse_schedules, read_schedule, schedules_on, work_schedules
from actors.rules.timetable import Timetable


@pytest.mark.parametrize(
    ("text", "timetable"),
    [
        ("", Timetable(300)),
        ("every 10 min", Timetable(600)),
        ("every 300 s", Timetable(300)),
        ("every 1h", Timetable(3600)),
        ("07:00, 13:00,19:00", Timetable.at_times((25200, 46800, 68400))),
        ("tower", Timetable.at_times((25200, 46800, 68400))),
        ("sea_port", Timetable.at_times((3600, 25200, 46800, 68400))),
        ("24:00", Timetable.at_times((0,))),
    ],
)
def test_a_schedule_is_an_interval_times_or_a_kind_of_work(text: str, timetable: Timetable) -> None:
    assert read_schedule(text, 300) == timetable


@pytest.mark.parametrize("text", ["often", "every 0 s", "every 25 h", "07:61", "07:00;13:00", "24:30"])
def test_what_is_none_of_them_is_refused_with_the_mend(text: str) -> None:
    with pytest.raises(ValueError, match=r"write .every 300 s."):
        read_schedule(text, 300)


def test_every_kind_of_work_has_an_article_and_a_shorter_interval_for_disasters() -> None:
    for kind in work_schedules().values():
        assert kind.article
        assert kind.raised_s is None or kind.raised_s < kind.timetable.cadence_s
    assert work_schedules()["sea_port"].allowed_s == 1800


def test_a_row_counts_from_its_day_on() -> None:
    row = '[[schedule]]\nname = "a"\ntitle = ""\nevery_s = {}\narticle = "x"\nvalid_from = {}\n'
    rows = parse_schedules(row.format(600, "2023-12-01") + row.format(300, "2030-01-01"))
    assert schedules_on(date(2026, 1, 1), rows)["a"].timetable == Timetable(600)
    assert schedules_on(date(2030, 1, 1), rows)["a"].timetable == Timetable(300)
    assert schedules_on(date(2020, 1, 1), rows) == {}


def test_a_row_without_an_article_is_refused() -> None:
    with pytest.raises(ValueError, match="article"):
        parse_schedules('[[schedule]]\nname = "a"\ntitle = ""\nevery_s = 60\nvalid_from = 2023-12-01\n')

"""What a page draws of a track: everything of a day, and of a longer time whatever stands out."""

import pytest

from actors.rules.waypoint_faults import WaypointFault
from actors.track_columns import Seen, columns, stretch_s, thin
from protocols.waypoint import Waypoint

T0 = 1_700_000_000


def seen(
    after_s: int, speed_kmh: float = 40.0, limit_kmh: float | None = 50.0, *faults: WaypointFault, driver: str = "A",
    lon: float = 105.8,
) -> Seen:  # fmt: skip
    sent = Waypoint("29A00001", driver, speed_kmh, T0 + after_s, lon, 21.0, None, None, None, None)
    return Seen(sent, limit_kmh, faults)


@pytest.mark.parametrize(("count", "every_s"), [(2880, 0), (4000, 0), (4001, 87), (86_400, 87)])
def test_a_day_at_30_s_is_whole_and_a_denser_one_is_thinned(count: int, every_s: int) -> None:
    assert stretch_s(count, 86_400, 4000) == every_s


def test_no_peak_no_stop_no_excess_and_no_defect_is_lost_in_thinning() -> None:
    track = [seen(second) for second in range(1000)]
    track[123] = seen(123, 91.0, 100.0)
    track[150] = seen(150, 0.0)
    track[190] = seen(190, 49.0, 30.0)
    track[777] = seen(777, 40.0, 50.0, WaypointFault.SWAPPED_AXES)
    kept = thin(track, T0, 100)
    told = [each.waypoint.time_s - T0 for each in kept]
    assert {0, 100, 123, 150, 190, 777, 900} <= set(told)
    assert told == sorted(told) and len(kept) <= 10 * 5


def test_thinning_keeps_what_it_keeps_as_it_came_and_zero_keeps_all() -> None:
    track = [seen(second, second % 7) for second in range(50)]
    assert thin(track, T0, 0) == track
    assert set(thin(track, T0, 10)) <= set(track)


def test_columns_name_drivers_once_and_hide_a_place_that_is_none() -> None:
    track = [
        seen(0),
        seen(30, 61.0, None, driver="B"),
        seen(60, 1.0, 50.0, WaypointFault.SWAPPED_AXES, lon=21.0),
        seen(90, lon=500.0),
    ]
    told = columns(track, T0)
    assert told["offset_s"] == [0, 30, 60, 90] and told["drivers"] == ["A", "B"] and told["driver"] == [0, 1, 0, 0]
    assert told["lon"] == [105.8, 105.8, None, None] and told["unplaced"] == 2
    assert told["faults"] == [[2, ["swapped_axes"]]] and told["limit_kmh"] == [50.0, None, 50.0, 50.0]

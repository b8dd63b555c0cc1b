"""Killed at any instant and restarted twice, the box loses nothing that it acknowledged and repeats nothing.

The rounds run once for the module; each test looks at one promise. `TRAMBOX_CRASH_ROUNDS` asks for more of them,
`TRAMBOX_CRASH_SEED` for the same random moments again.
"""

from collections import Counter

import pytest

from actors.waypoint_forwarder import BATCH
from actors.waypoint_lane import IN_FLIGHT
from protocols.formats.filename import build_name, parse_name
from protocols.times import HOUR_S, day_of
from tests.end_to_end.crash_rounds import ROUNDS, SEED, Aftermath, owed, run_rounds
from tests.end_to_end.load import HALF_HOUR_S
from tests.end_to_end.province import CADENCE_S, PULSE
from tests.end_to_end.reference import judged_again, judged_by_the_box

LANES = 2
"""The forwarder sends fresh rows and those of an outage side by side."""


def time_of(name: str) -> int:
    """The time in a file's name."""
    parsed = parse_name(name)
    assert parsed is not None and parsed.time_s is not None
    return parsed.time_s


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """What `ROUNDS` crashes left."""
    print(f"TRAMBOX_CRASH_SEED={SEED}")
    return run_rounds(tmp_path_factory.mktemp("crash"))


def test_the_box_was_killed_under_load_and_always_came_back(left: Aftermath) -> None:
    assert left.kills >= ROUNDS
    assert len(left.files) > 5 * ROUNDS
    assert len(left.waypoints) > 100 * ROUNDS
    assert left.last_exit == 0


def test_no_life_wrote_a_traceback_or_lost_an_actor(left: Aftermath) -> None:
    assert left.box.unstructured_lines() == []
    assert left.box.events("actor_crashed", "store_trouble", "projection_trouble", "message_set_aside") == []


def test_every_acknowledged_file_is_stored_once_with_its_exact_bytes(left: Aftermath) -> None:
    stored = left.box.rows("SELECT name, body FROM files WHERE fate = 'stored'")
    assert {name: number for name, number in Counter(name for name, _ in stored).items() if number > 1} == {}
    kept = dict(stored)
    assert {name for name, body in left.files.items() if kept.get(name) != body} == set()


def test_a_file_sent_again_is_a_duplicate_and_nothing_else(left: Aftermath) -> None:
    assert left.box.rows("SELECT DISTINCT fate FROM files WHERE fate NOT IN ('stored', 'duplicate')") == []


def test_every_stored_file_has_one_readable_copy(left: Aftermath) -> None:
    box = left.box
    wanted = {}
    for code, name, body in box.rows(
        "SELECT s.code, f.name, f.body FROM files f JOIN stations s ON s.id = f.station_id WHERE f.fate = 'stored'"
    ):
        year, month, day = day_of(time_of(name))
        wanted[f"{code}/{year:04}/{month:02}/{day:02}/{name}"] = body
    folders = [box.data_dir / station.code for station in left.province.inventory.stations]
    there = {
        path.relative_to(box.data_dir).as_posix(): path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert there == wanted


def test_nothing_is_left_on_its_way_in(left: Aftermath) -> None:
    assert [path.name for path in (left.box.data_dir / "incoming").rglob("*") if path.is_file()] == []


def test_every_acknowledged_waypoint_is_stored_once(left: Aftermath) -> None:
    stored = Counter(body for (body,) in left.box.rows("SELECT body FROM waypoints"))
    assert left.waypoints - stored.keys() == set()
    assert [body for body, number in stored.items() if number > 1] == []


def test_every_vehicle_can_be_walked_back_over_all_its_rows(left: Aftermath) -> None:
    broken = left.box.rows(
        "SELECT id, prev FROM (SELECT id, prev, LAG(id, 1, 0) OVER (PARTITION BY vehicle_id ORDER BY id) AS before "
        "FROM waypoints) WHERE prev <> before"
    )
    assert broken == []


def test_no_vehicle_was_registered_twice(left: Aftermath) -> None:
    (strangers,) = left.box.rows("SELECT COUNT(*) FROM waypoints WHERE vehicle_id NOT IN (SELECT id FROM vehicles)")
    assert strangers == (0,)


def test_every_stored_waypoint_reached_the_authority_and_nothing_else_did(left: Aftermath) -> None:
    assert {body for (body,) in left.box.rows("SELECT body FROM waypoints")} == set(left.province.authority.received)


def test_only_batches_in_flight_at_a_crash_reached_the_authority_again(left: Aftermath) -> None:
    received = left.province.authority.received
    assert sum(received.values()) - len(received) <= left.kills * LANES * IN_FLIGHT * BATCH
    assert max(received.values()) <= 1 + left.kills
    assert [body for body, number in left.settled.items() if received[body] != number] == []


def test_the_sums_balance_and_the_rows_say_the_same(left: Aftermath) -> None:
    assert left.sums["balanced"] is True
    assert left.recounted == left.sums


def test_nothing_is_owed_any_more(left: Aftermath) -> None:
    assert owed(left.box) == {}


def test_every_touched_hour_has_its_newest_file_at_the_ministry(left: Aftermath) -> None:
    sent, delivered = left.files, left.province.delivered()
    halves = {(logger.code, time_of(name)) for logger in left.loggers for name in logger.acknowledged}
    whole = {(code, end_s) for code, end_s in halves if end_s % HOUR_S == 0 and (code, end_s - HALF_HOUR_S) in halves}
    assert len(whole) > len(sent) // 4
    assert {build_name(code, end_s) for code, end_s in whole} - delivered.keys() == set()
    newest = dict(left.box.rows("SELECT name, body FROM outfiles ORDER BY version, id"))
    assert {name for name, body in newest.items() if delivered.get(name) != body} == set()


def test_the_mean_in_use_of_every_hour_counts_all_its_readings(left: Aftermath) -> None:
    """The second half of an hour often comes while the mean of the first is being made; failed values count not."""
    counted = {
        (station_id, parameter, hour_s): (count, value)
        for station_id, parameter, hour_s, count, value in left.box.rows(
            "SELECT station_id, parameter, hour_s, count, value FROM hourly ORDER BY version"
        )
    }
    there = left.box.rows(
        "SELECT r.station_id, parameter, (time_s + 3599) / 3600 * 3600, COUNT(*), AVG(value) FROM readings r "
        "JOIN stations s ON s.id = r.station_id WHERE s.code <> ? AND flag IN (1, 2, 3) GROUP BY 1, 2, 3",
        PULSE,
    )
    wrong = []
    for station_id, parameter, hour_s, count, mean in there:
        made = counted.get((station_id, parameter, hour_s))
        whole = count == HOUR_S // CADENCE_S
        if made is None or made[0] != count or (whole and made[1] != pytest.approx(mean, abs=1e-9)):
            wrong.append((station_id, parameter, hour_s, count, mean, made))
    assert wrong == []


def test_no_version_of_a_mean_was_made_twice(left: Aftermath) -> None:
    same = left.box.rows(
        "SELECT station_id, parameter, hour_s, count, value FROM hourly GROUP BY 1, 2, 3, 4, 5 HAVING COUNT(*) > 1"
    )
    assert same == []


def test_every_line_of_a_stored_file_is_judged_once(left: Aftermath) -> None:
    box = left.box
    assert box.rows("SELECT file_id, line, COUNT(*) FROM readings GROUP BY file_id, line HAVING COUNT(*) > 1") == []
    (lines,) = box.rows("SELECT COALESCE(SUM(records), 0) FROM files WHERE fate = 'stored'")
    assert box.rows("SELECT COUNT(*) FROM readings") == [lines]


def test_flags_and_gaps_are_those_of_a_box_that_was_never_killed(left: Aftermath) -> None:
    codes = [logger.code for logger in left.loggers]
    assert judged_by_the_box(left.box, codes) == judged_again(left.box, codes)


def test_no_two_gaps_of_a_series_overlap(left: Aftermath) -> None:
    overlapping = left.box.rows(
        "SELECT a.station_id, a.parameter, a.from_s, b.from_s FROM gaps a JOIN gaps b ON a.station_id = b.station_id "
        "AND a.parameter = b.parameter AND a.from_s < b.from_s AND (a.to_s IS NULL OR a.to_s > b.from_s)"
    )
    assert overlapping == []


def test_each_change_of_freshness_starts_where_the_one_before_ended(left: Aftermath) -> None:
    broken = left.box.rows(
        "SELECT id, source, was, now, before FROM (SELECT id, source, was, now, "
        "LAG(now, 1, 'never_seen') OVER (PARTITION BY source ORDER BY id) AS before FROM flips) WHERE was <> before"
    )
    assert broken == []


def test_the_station_that_is_never_silent_was_late_in_outages_only(left: Aftermath) -> None:
    flips = left.box.rows("SELECT now FROM flips WHERE source = ?", f"station:{PULSE}")
    told = {now for (now,) in flips}  # after an outage of over two seconds the box finds it silent at once
    assert "fresh" in told
    assert told & {"late", "silent"}

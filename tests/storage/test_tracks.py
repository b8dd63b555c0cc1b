"""What is known of each vehicle's past, held against a plain set of (vehicle, instant)."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.times import DAY_S
from storage import tracks as tracks_module
from storage.tracks import FUTURE_S, WINDOW_S, Track, Tracks

START_S = 1_780_000_000
NEAR = st.integers(-40, 40)
JUMPS = st.one_of(
    NEAR,
    st.integers(-WINDOW_S - 3, WINDOW_S + 3),
    st.sampled_from([-DAY_S, -DAY_S // 2, -7 * 3600, 7 * 3600, 7 * 3600 + 1, 365 * DAY_S, FUTURE_S, FUTURE_S + 1]),
)
ARRIVAL = st.tuples(st.integers(1, 3), JUMPS, st.integers(0, 30_000))
"""A vehicle, how far its instant is from its receipt, and how long after the one before it was received."""


class Intake:
    """The intake's way with tracks: a day book is opened from the journal on demand; it may be started again."""

    def __init__(self) -> None:
        self.journal: list[tuple[int, int, int]] = []
        self.tracks = Tracks()
        for vehicle in (1, 2, 3):
            self.tracks.add(Track(vehicle, f"29A{vehicle}"))
        self.opened = 0
        self.hasty = False
        """Whether a vehicle on time is moved on without being asked."""
        self._saved: dict[int, tuple[int, int, bytes]] = {}
        self._mark = 0

    def receive(self, vehicle: int, time_s: int, received_s: int) -> bool:
        track = self.tracks.by_id[vehicle]
        if self.hasty and time_s <= received_s + FUTURE_S and track.advance(time_s):
            self.journal.append((vehicle, time_s, received_s))
            track.head = len(self.journal)
            return True
        while (first := track.accept(time_s, received_s)) is None:
            day = time_s // DAY_S
            times = [t for v, t, _ in self.journal if v == vehicle and t // DAY_S == day]
            self.tracks.open_book(track, day, times)
            self.opened += 1
        if first:
            self.journal.append((vehicle, time_s, received_s))
            track.head = len(self.journal)
        return first

    def save(self) -> None:
        self._saved = {t.vehicle_id: (t.head, t.newest_s, t.window()) for t in self.tracks.by_id.values()}
        self._mark = len(self.journal)

    def restart(self) -> None:
        """Snapshot, then the journal after it."""
        self.tracks = Tracks()
        for vehicle in (1, 2, 3):
            track = Track(vehicle, f"29A{vehicle}")
            if vehicle in self._saved:
                track.restore(*self._saved[vehicle])
            self.tracks.add(track)
        for row, (vehicle, time_s, received_s) in enumerate(self.journal[self._mark :], self._mark + 1):
            self.tracks.by_id[vehicle].remember(time_s, row, received_s)


@pytest.fixture(params=[2, 4096], ids=["two books at once", "all books"])
def books(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(tracks_module, "MOST_DAY_BOOKS", request.param)
    yield request.param


STEPS = st.lists(st.one_of(ARRIVAL, st.sampled_from(["save", "restart"])), max_size=60)


@pytest.mark.usefixtures("books")
@settings(max_examples=400, deadline=None)
@given(STEPS, st.booleans())
def test_the_first_arrival_of_an_instant_wins_and_no_other_in_any_order_and_over_restarts(
    steps: list[tuple[int, int, int] | str], hasty: bool
) -> None:
    intake, known, now_s = Intake(), set(), START_S
    intake.hasty = hasty
    for step in steps:
        if isinstance(step, str):
            intake.save() if step == "save" else intake.restart()
            continue
        vehicle, ahead_s, pause_s = step
        now_s += pause_s
        instant = (vehicle, now_s + ahead_s)
        assert intake.receive(*instant, now_s) is (instant not in known)
        known.add(instant)


@pytest.mark.usefixtures("books")
@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 1500), max_size=80), st.randoms(use_true_random=False))
def test_a_shuffled_backlog_with_doubles_is_taken_once(offsets: list[int], random: object) -> None:
    intake = Intake()
    received_s = START_S + DAY_S
    taken = [offset for offset in offsets if intake.receive(1, START_S + offset, received_s)]
    assert sorted(taken) == sorted(set(offsets))


LIVE, LATE = st.just("live"), st.integers(0, 4000)
AFTER = st.sampled_from(["", "", "", "save", "restart"])
PAUSE_S = st.sampled_from([10, WINDOW_S - 1, WINDOW_S, 700, 1500, 2500])


@pytest.mark.usefixtures("books")
@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(PAUSE_S, st.one_of(LIVE, LATE), AFTER), max_size=60))
def test_gaps_are_filled_once_by_runs_of_old_instants_beside_live_ones(
    steps: list[tuple[int, str | int, str]],
) -> None:
    intake, known, now_s = Intake(), set(), START_S
    intake.receive(1, START_S - 1, START_S)
    for pause_s, what, after in steps:
        if isinstance(what, str):
            now_s += pause_s
            run = [now_s]
        else:
            run = [START_S + what + step * 40 for step in range(10)]
        for time_s in (each for each in run if each <= now_s):
            assert intake.receive(1, time_s, now_s) is (time_s not in known)
            known.add(time_s)
        {"save": intake.save, "restart": intake.restart}.get(after, list)()


def test_what_a_gap_lacked_needs_no_book_however_many_vehicles_bring_it() -> None:
    intake = Intake()
    live_s = range(START_S + DAY_S, START_S + 2 * DAY_S, 10)
    for vehicle in (1, 2, 3):
        intake.receive(vehicle, START_S, START_S)
        intake.receive(vehicle, live_s[0], live_s[0])
    for late_s, now_s in zip(range(START_S + 10, live_s[0], 10), live_s[1:], strict=False):
        for vehicle in (1, 2, 3):
            assert intake.receive(vehicle, late_s, now_s)
            assert intake.receive(vehicle, now_s, now_s)
            assert not intake.receive(vehicle, late_s, now_s)
    assert intake.opened == 0


def test_a_parked_vehicles_silences_do_not_make_an_outage_forgotten() -> None:
    intake = Intake()
    intake.receive(1, START_S, START_S)
    for now_s in range(START_S + DAY_S, START_S + 2 * DAY_S, 900):
        intake.receive(1, now_s, now_s)
    assert all(intake.receive(1, late_s, now_s) for late_s in range(START_S + 10, START_S + DAY_S, 10))
    assert intake.opened == 0


def test_a_clock_seven_hours_ahead_does_not_spoil_the_window() -> None:
    intake = Intake()
    assert intake.receive(1, START_S, START_S)
    assert intake.receive(1, START_S + 7 * 3600, START_S + 10)
    assert intake.tracks.by_id[1].newest_s == START_S
    assert intake.receive(1, START_S + 10, START_S + 10)
    assert not intake.receive(1, START_S, START_S + 20)


def test_an_instant_that_came_too_early_is_a_double_when_its_time_has_come() -> None:
    intake = Intake()
    early_s = START_S + 7 * 3600
    assert intake.receive(1, early_s, START_S)
    assert intake.receive(1, early_s - 10, early_s - 10)
    assert not intake.receive(1, early_s, early_s)
    assert intake.receive(1, early_s + 10, early_s + 10)


def test_a_vehicle_on_time_never_needs_a_book() -> None:
    intake = Intake()
    for time_s in range(START_S, START_S + 100_000, 10):
        assert intake.receive(1, time_s, time_s + 2)
    assert intake.opened == 0


def test_the_oldest_books_are_closed(books: int) -> None:
    intake = Intake()
    intake.receive(1, START_S, START_S)
    for day in range(1, 7):  # the first lies in the gap before the vehicle's first instant
        intake.receive(1, START_S - day * DAY_S, START_S)
    track = intake.tracks.by_id[1]
    assert track.days is not None
    assert len(track.days) == min(books, 5)


def test_a_vehicle_is_found_under_every_spelling_of_its_plate() -> None:
    tracks = Tracks()
    track = Track(7, "29A12345")
    tracks.add(track)
    tracks.alias("29A-123.45", track)
    assert tracks.find("29A12345") is tracks.find("29A-123.45") is tracks.by_id[7]
    assert tracks.find("29A99999") is None
    assert len(tracks) == 1


def test_endless_spellings_of_a_plate_are_not_all_remembered() -> None:
    tracks, track = Tracks(most_aliases=2), Track(1, "29A12345")
    tracks.add(track)
    for spelling in ("29A-12345", "29A 12345", "29A.12345", "29A12345" + " " * 60):
        tracks.alias(spelling, track)
    found = [tracks.find(spelling) for spelling in ("29A-12345", "29A 12345", "29A.12345", "29A12345" + " " * 60)]
    assert found == [None, track, track, None]
    assert tracks.find("29A12345") is track


def test_a_vehicle_is_recognised_by_the_licence_that_it_named_last() -> None:
    tracks, track = Tracks(), Track(1, "29A12345")
    tracks.add(track)
    tracks.identify(track, b"29A12345 790000000001")
    assert tracks.recognise(b"29A12345 790000000001") is track
    tracks.name_driver(track, "790000000002")
    assert tracks.recognise(b"29A12345 790000000001") is None
    for identity in (b"29A12345 790000000002", b"29A12345, 790000000002"):
        tracks.identify(track, identity)
    assert tracks.recognise(b"29A12345, 790000000002") is track
    assert tracks.recognise(b"29A12345 790000000002") is None

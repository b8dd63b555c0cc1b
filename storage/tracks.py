"""What the intake knows of each vehicle's past: its newest row, and which instants have been received.

The first arrival of an instant wins; a second one is a duplicate. The newest instants stand in a window of bits that
slides forward (one integer per vehicle, as in the replay window of RFC 4303). Where it leaps, nothing was received in
between: the window from before stays and slides through that gap when its backlog comes. Any other old instant is
looked up in a day book, a bit per second, read once from the journal. So is an instant that lies in the future, and
whatever comes until the clock has passed it.

Invariant: `accept` answers from full knowledge or says that it does not know; it never guesses.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable

from protocols.times import DAY_S

WINDOW_S = 512
_WINDOW = (1 << WINDOW_S) - 1
_OVERGROWN = 1 << 2 * WINDOW_S
"""A window is cut when it is so long: what is over its size is not looked at, and cutting costs as much as moving."""
_SEEN_BYTES = WINDOW_S // 8
FUTURE_S = 300
"""An instant further ahead of its receipt than this does not move the window (a clock 7 hours off must not)."""
LASTING_S = 1800
"""A gap shorter than this, as a parked vehicle leaves with every message, does not make a longer one forgotten."""
NEVER_S = -(1 << 62)
DAY_BYTES = DAY_S // 8
MOST_DAY_BOOKS = 4096
MOST_ALIASES, LONGEST_ALIAS = 1_000_000, 64
"""A plate can be written in endless ways: what is over this is cleaned each time that it comes."""


class Track:
    """One vehicle at the intake. `head` is its newest journal row (0 = none), `far_s` its furthest future instant.

    `driver` is the licence that it named last and that was found to be one, `identity` the octets of plate and licence.
    Of what lies between `gap_s` and `gap_end_s`, nothing was received; `gap_seen` is the window that ends at `gap_s`.
    """

    __slots__ = (
        "days",
        "driver",
        "far_s",
        "gap_end_s",
        "gap_s",
        "gap_seen",
        "head",
        "identity",
        "newest_s",
        "plate",
        "seen",
        "vehicle_id",
    )

    def __init__(self, vehicle_id: int, plate: str) -> None:
        self.vehicle_id = vehicle_id
        self.plate = plate
        self.head = 0
        self.newest_s = 0
        self.seen = 0
        self.far_s = 0
        self.gap_s = self.gap_end_s = NEVER_S
        self.gap_seen = 0
        self.driver = ""
        self.identity = b""
        self.days: dict[int, bytearray] | None = None

    def advance(self, time_s: int) -> bool:
        """Move on to the next instant of a vehicle that is on time; False: nothing is done, `accept` must be asked.

        The instant must not be ahead of its receipt.
        """
        ahead_s = time_s - self.newest_s
        if 0 < ahead_s < WINDOW_S and time_s > self.far_s and self.days is None:
            seen = self.seen << ahead_s | 1
            self.seen = seen if seen < _OVERGROWN else seen & _WINDOW
            self.newest_s = time_s
            return True
        return False

    def accept(self, time_s: int, received_s: int) -> bool | None:
        """Whether this is the first arrival of an instant; None = open the book of its UTC day first."""
        if time_s <= self.far_s:
            return self._accept_by_book(time_s, received_s)
        ahead_s = time_s - self.newest_s
        if ahead_s > 0:
            if time_s > received_s + FUTURE_S:
                return self._accept_by_book(time_s, received_s)
            if ahead_s < WINDOW_S:
                self.seen = ((self.seen << ahead_s) | 1) & _WINDOW
                self.newest_s = time_s
            else:
                self._leap(time_s)
        elif ahead_s > -WINDOW_S:
            bit = 1 << -ahead_s
            if self.seen & bit:
                return False
            self._note(time_s, bit)
        elif (first := self._accept_in_gap(time_s)) is None:
            return self._accept_by_book(time_s, received_s)
        elif not first:
            return False
        days = self.days
        if days is not None and (book := days.get(time_s // DAY_S)) is not None:
            second = time_s % DAY_S
            book[second >> 3] |= 1 << (second & 7)
        return True

    def _leap(self, time_s: int) -> None:
        """Begin the window anew, so far ahead that the one before knows all that is known of the gap."""
        if time_s - self.newest_s >= LASTING_S or self.gap_end_s - self.gap_s < LASTING_S:
            self.gap_s, self.gap_seen, self.gap_end_s = self.newest_s, self.seen, time_s
        self.seen = 1
        self.newest_s = time_s

    def _note(self, time_s: int, bit: int) -> None:
        """An instant within the window was received: a gap that reaches so far ends there."""
        self.seen |= bit
        self.gap_end_s = min(self.gap_end_s, time_s)

    def _accept_in_gap(self, time_s: int) -> bool | None:
        """Whether this is the first arrival of an instant before the window; None = it lies beside the gap."""
        ahead_s = time_s - self.gap_s
        if ahead_s > 0:
            if time_s >= self.gap_end_s:
                return None
            self.gap_seen = ((self.gap_seen << ahead_s) | 1) & _WINDOW if ahead_s < WINDOW_S else 1
            self.gap_s = time_s
            return True
        if ahead_s <= -WINDOW_S:
            return None
        bit = 1 << -ahead_s
        if self.gap_seen & bit:
            return False
        self.gap_seen |= bit
        return True

    def _accept_by_book(self, time_s: int, received_s: int) -> bool | None:
        if self.days is None or (book := self.days.get(time_s // DAY_S)) is None:
            return None
        second = time_s % DAY_S
        if book[second >> 3] >> (second & 7) & 1:
            return False
        book[second >> 3] |= 1 << (second & 7)
        self._follow(time_s, received_s)
        return True

    def _follow(self, time_s: int, received_s: int) -> None:
        """Move the windows for an instant that is known to be new."""
        ahead_s = time_s - self.newest_s
        if ahead_s > 0:
            if time_s > received_s + FUTURE_S:
                self.far_s = max(self.far_s, time_s)
            elif ahead_s < WINDOW_S:
                self.seen = ((self.seen << ahead_s) | 1) & _WINDOW
                self.newest_s = time_s
            else:
                self._leap(time_s)
        elif ahead_s > -WINDOW_S:
            self._note(time_s, 1 << -ahead_s)
        else:
            self._accept_in_gap(time_s)

    def remember(self, time_s: int, row: int, received_s: int) -> None:
        """Take over a stored row while the journal is read again at start."""
        self.head = row
        self._follow(time_s, received_s)

    def window(self) -> bytes:
        """The window as bytes, for a snapshot."""
        seen = (self.seen & _WINDOW).to_bytes(_SEEN_BYTES, "little")
        return seen + self.far_s.to_bytes(8, "little") if self.far_s else seen

    def restore(self, head: int, newest_s: int, window: bytes) -> None:
        """Go back to a snapshot."""
        self.head, self.newest_s = head, newest_s
        self.seen = int.from_bytes(window[:_SEEN_BYTES], "little")
        self.far_s = int.from_bytes(window[_SEEN_BYTES:], "little")


class Tracks:
    """All vehicles at the intake, by plate as received and by id."""

    def __init__(self, most_aliases: int = MOST_ALIASES) -> None:
        self._most_aliases = most_aliases
        self._aliases: deque[str] = deque()
        self._by_spelling: dict[str, Track] = {}
        self.find: Callable[[str], Track | None] = self._by_spelling.get
        """Gives the vehicle of a plate as received, or None."""
        self.rouse: Callable[[str], Track | None] = lambda plate: None
        """Makes the track of a vehicle that nobody asked for yet, by its clean plate."""
        self._by_identity: dict[bytes, Track] = {}
        self.recognise: Callable[[bytes], Track | None] = self._by_identity.get
        """Gives the vehicle that spells its plate and the licence it named last so, or None."""
        self.by_id: dict[int, Track] = {}
        self._books: OrderedDict[tuple[int, int], Track] = OrderedDict()

    def add(self, track: Track) -> None:
        """Add a vehicle under its plate."""
        self.by_id[track.vehicle_id] = track
        self._by_spelling[track.plate] = track

    def known(self, plate: str) -> Track | None:
        """Give the vehicle of a clean plate, also one that nobody asked for yet."""
        return self._by_spelling.get(plate) or self.rouse(plate)

    def alias(self, spelling: str, track: Track) -> None:
        """Know a vehicle under another spelling of its plate too; of too many, the oldest is forgotten."""
        if len(spelling) > LONGEST_ALIAS or spelling in self._by_spelling:
            return
        self._by_spelling[spelling] = track
        self._aliases.append(spelling)
        if len(self._aliases) > self._most_aliases:
            del self._by_spelling[self._aliases.popleft()]

    def name_driver(self, track: Track, driver: str) -> None:
        """A vehicle names a licence other than the last one."""
        track.driver = driver
        self._by_identity.pop(track.identity, None)
        track.identity = b""

    def identify(self, track: Track, identity: bytes) -> None:
        """Know a vehicle by the octets of its plate and the licence that it named last; of several, by the newest."""
        if track.identity != identity:
            self._by_identity.pop(track.identity, None)
            track.identity = identity
            self._by_identity[identity] = track

    def open_book(self, track: Track, day: int, times_s: Iterable[int]) -> None:
        """Give a vehicle all its instants of one day, so that `accept` can answer; the oldest books are closed."""
        book = bytearray(DAY_BYTES)
        for time_s in times_s:
            second = time_s % DAY_S
            book[second >> 3] |= 1 << (second & 7)
        if track.days is None:
            track.days = {}
        track.days[day] = book
        self._books[track.vehicle_id, day] = track
        while len(self._books) > MOST_DAY_BOOKS:
            (_, old_day), old = self._books.popitem(last=False)
            if old.days is not None:
                old.days.pop(old_day, None)
                old.days = old.days or None

    def __len__(self) -> int:
        return len(self.by_id)

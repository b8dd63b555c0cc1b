"""Whether each vehicle's waypoints come in order: all messages of a tenth of a second at once.

The load's bodies have one size, so plate and time stand at the same octets of each. Live is what was observed since
`live_s`; a backlog goes out beside it, and each has an order of its own.
"""

from collections.abc import Sequence

import numpy as np

from tests.bench.fleet import body, plate, varint

VEHICLES = 1_000_000
_SAMPLE_S = 1_800_000_000
_SAMPLE = body(0, _SAMPLE_S)
_PLATE, _TIME = _SAMPLE.index(plate(0).encode()), _SAMPLE.index(varint(_SAMPLE_S))
NUMBER_AT, TIME_AT = slice(_PLATE + 3, _PLATE + 9), slice(_TIME, _TIME + 5)
TENS = 10 ** np.arange(5, -1, -1, dtype=np.int64)
SEVENS = 1 << 7 * np.arange(5, dtype=np.int64)


class OrderCheck:
    """Counts messages that are not newer than the one before of their vehicle, and those that are live."""

    def __init__(self, live_s: int) -> None:
        self.disorder = self.live = 0
        self._live_s = live_s
        self._newest_s = np.zeros(2 * VEHICLES, np.int64)

    def take(self, bodies: Sequence[bytes]) -> None:
        """Look at what came, in its order."""
        if not bodies:
            return
        if len(set(map(len, bodies))) > 1:
            raise ValueError("the bodies of a load have one size")
        octets = np.frombuffer(b"".join(bodies), np.uint8).reshape(len(bodies), -1)
        time_s = (octets[:, TIME_AT] & 0x7F).astype(np.int64) @ SEVENS
        live = time_s >= self._live_s
        self.live += int(live.sum())
        track = (octets[:, NUMBER_AT] - ord("0")).astype(np.int64) @ TENS + VEHICLES * live
        turn = np.argsort(track, kind="stable")
        track, time_s = track[turn], time_s[turn]
        first = np.ones(len(turn), bool)
        first[1:] = track[1:] != track[:-1]
        before_s = np.roll(time_s, 1)
        before_s[first] = self._newest_s[track[first]]
        self.disorder += int((time_s <= before_s).sum())
        last = np.roll(first, -1)
        self._newest_s[track[last]] = time_s[last]

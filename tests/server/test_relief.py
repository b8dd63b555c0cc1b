"""What a thread freed goes back to the system."""

import threading
from pathlib import Path

from server.relief import give_back

KEPT_EVERY = 50


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def test_what_a_thread_freed_is_given_back() -> None:
    kept: list[bytearray] = []

    def fill() -> None:
        many = [bytearray(1000) for _ in range(60_000)]
        kept.extend(many[::KEPT_EVERY])

    worker = threading.Thread(target=fill)
    worker.start()
    worker.join()
    before_mb = resident_mb()
    assert give_back()
    assert len(kept) == 60_000 / KEPT_EVERY
    assert before_mb - resident_mb() > 20

"""What the heap holds goes into huge pages, and nothing that is mostly empty does."""

import subprocess
import sys

import pytest

from server.huge_pages import TOGETHER, runs, why_not

MB = 1 << 20
PROBE = f"""
import mmap
from time import monotonic, sleep
from server import huge_pages
from server.huge_pages import HugePages, huge_bytes

huge_pages.SOON_S = 0.01
kept = [(number, str(number)) for number in range(500_000)]
sparse = mmap.mmap(-1, 64 * {MB}, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for at in range(0, len(sparse), 4 * mmap.PAGESIZE):
    sparse[at] = 1

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * mmap.PAGESIZE

before, before_huge, deadline = resident(), huge_bytes(), monotonic() + 100
with HugePages():
    while huge_bytes() - before_huge < 30 * {MB} and monotonic() < deadline:
        sleep(0.05)
print(huge_bytes() - before_huge, resident() - before)
"""


@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_full_memory_becomes_huge_and_sparse_memory_stays_small() -> None:
    output = subprocess.run([sys.executable, "-c", PROBE], check=True, capture_output=True, text=True).stdout
    huge, grown = map(int, output.split()[-2:])
    assert huge >= 30 * MB
    assert grown < huge / 4


def test_neighbours_are_collapsed_together_but_not_too_many() -> None:
    assert list(runs([], 2)) == []
    assert list(runs([2, 4, 10, 12, 14, 20], 2)) == [(2, 2), (10, 3), (20, 1)]
    assert list(runs(list(range(TOGETHER + 3)), 1)) == [(0, TOGETHER), (TOGETHER, 3)]

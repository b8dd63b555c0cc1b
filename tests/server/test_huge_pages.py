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
from server.huge_pages import HugePages, huge_bytes, resident_bytes

huge_pages.SOON_S = 0.01
kept = [(number, str(number)) for number in range(500_000)]
sparse = mmap.mmap(-1, 64 * {MB}, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for at in range(0, len(sparse), 4 * mmap.PAGESIZE):
    sparse[at] = 1

def wait_for(huge):
    deadline = monotonic() + 100
    while huge_bytes() < huge and monotonic() < deadline:
        sleep(0.05)

before, before_huge = resident_bytes(), huge_bytes()
with HugePages():
    wait_for(before_huge + 30 * {MB})
    first = huge_bytes() - before_huge, resident_bytes() - before
    before_huge = huge_bytes()
    huge_pages.LATER_S = 1000
    sleep(0.5)
    kept += [(number, str(number)) for number in range(500_000)]
    wait_for(before_huge + 30 * {MB})
    print("figures", *first, huge_bytes() - before_huge)
"""


@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_full_memory_becomes_huge_and_sparse_memory_stays_small() -> None:
    output = subprocess.run([sys.executable, "-c", PROBE], check=True, capture_output=True, text=True).stdout
    huge, grown, later = map(int, output.partition("figures ")[2].split()[:3])
    assert huge >= 30 * MB
    assert grown < huge / 4
    assert later >= 30 * MB, "what came after the first look"


def test_neighbours_are_collapsed_together_but_not_too_many() -> None:
    assert list(runs([], 2)) == []
    assert list(runs([2, 4, 10, 12, 14, 20], 2)) == [(2, 2), (10, 3), (20, 1)]
    assert list(runs(list(range(TOGETHER + 3)), 1)) == [(0, TOGETHER), (TOGETHER, 3)]


NO_HANDLES = """
import os, resource, threading
from time import monotonic, sleep
from server import huge_pages
from server.huge_pages import HugePages

huge_pages.SOON_S = 0.01
most = resource.getrlimit(resource.RLIMIT_NOFILE)
with HugePages() as pages:
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, most[1]))
    sleep(0.3)
    refusal = pages.refusal
    resource.setrlimit(resource.RLIMIT_NOFILE, most)
    deadline = monotonic() + 20
    while pages.refusal == refusal and monotonic() < deadline:
        sleep(0.01)
    names = [thread.name for thread in threading.enumerate()]
    print("told", "huge-pages" in names, os.strerror(24) in refusal, pages.refusal == refusal)
"""


@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_it_looks_again_after_the_files_of_the_process_were_all_in_use() -> None:
    output = subprocess.run([sys.executable, "-c", NO_HANDLES], check=True, capture_output=True, text=True).stdout
    assert output.partition("told ")[2].split() == ["True", "True", "False"]

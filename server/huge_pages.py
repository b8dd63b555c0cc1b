"""Puts what the heap holds into huge pages: a fleet lies all over hundreds of megabytes, and a processor keeps in mind
where some two thousand pages are.

A thread that nothing waits for looks now and then which stretches of anonymous memory are full, and asks the kernel
to make one page of each (MADV_COLLAPSE, Linux 6.1; docs/decisions/0023-huge-pages.md). No system setting is changed.
Invariant: memory grows by an eighth of what is collapsed at most, and nothing is advised for memory to come, so that
no later fault waits for a huge page.
"""

import ctypes
import mmap
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from time import thread_time
from types import TracebackType
from typing import Self

import structlog

log = structlog.get_logger()

SOON_S, LATER_S = 1.0, 60.0
"""Between two looks: at memory that grows, and at memory that stays."""
TOGETHER = 32
"""Huge pages of one call. Each holds up who wants new memory for under a millisecond; the call itself waits for every
core once, which takes long where they are busy with something more urgent."""
REST = 4.0
"""So many times the processor time of a call, the thread rests after it."""
FULL = 7 / 8
"""A stretch is full when so many of its small pages are there."""
GROWN, WORTH_TELLING = 1.1, 1.25
"""Memory grows when there is so many times as much; the log hears when so many times as much is huge."""

MADV_COLLAPSE = 25
ENTRY = 8
THERE = bytes(entry >> 7 for entry in range(256))
"""The highest octet of a page's entry in /proc/self/pagemap, to 1 where the page is in memory."""
THP = Path("/sys/kernel/mm/transparent_hugepage")


class HugePages:
    """Collapses the heap of this process while it is entered."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._collapsed: set[int] = set()
        self.refusal = why_not()
        """Why the kernel made no huge page when it was asked last."""

    def __enter__(self) -> Self:
        if self.refusal:
            log.info("huge_pages", huge_mb=0, reason=self.refusal)
        else:
            threading.Thread(target=self._run, name="huge-pages", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()

    def _run(self) -> None:
        told, looked, waited_s = (0, ""), 0, 0.0
        while not self._stop.wait(SOON_S):
            huge = told[0]
            try:
                resident, waited_s = resident_bytes(), waited_s + SOON_S
                if resident < looked * GROWN and waited_s < LATER_S:
                    continue
                looked, waited_s = resident, 0.0
                self.look()
                huge = huge_bytes()
                if huge < len(self._collapsed) * huge_page_size() * FULL:
                    self._collapsed.clear()  # some were taken apart since
            except OSError as error:  # every file handle is in use, or this system shows no process its memory
                self.refusal = str(error)
            if huge > told[0] * WORTH_TELLING or self.refusal not in ("", told[1]):
                told = huge, self.refusal
                log.info("huge_pages", huge_mb=huge >> 20, reason=self.refusal)

    def look(self) -> None:
        """Collapse every full stretch that is not known as collapsed; what the kernel refuses is asked again."""
        size = huge_page_size()
        full = set(full_stretches(size))
        self._collapsed &= full
        self.refusal = ""
        for first, count in runs(sorted(full - self._collapsed), size):
            started_s = thread_time()
            if error := _collapse(first, count * size):
                self.refusal = os.strerror(error)
            else:
                self._collapsed.update(range(first, first + count * size, size))
            if self._stop.wait((thread_time() - started_s) * REST):
                return


def why_not() -> str:
    """Say what stands against huge pages here; empty where nothing does."""
    try:
        if "[never]" in (THP / "enabled").read_text():
            return f"{THP}/enabled is never"
        huge_page_size()
        if not _collapse(0, 0):
            return ""
    except (OSError, AttributeError, TypeError, ValueError):
        return "the system has no transparent huge pages"
    return "the kernel is older than 6.1"


def huge_page_size() -> int:
    """Octets of a huge page."""
    return int((THP / "hpage_pmd_size").read_text())


def resident_bytes() -> int:
    """How much memory of this process is there."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE


def huge_bytes() -> int:
    """How much memory of this process is in huge pages."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("AnonHugePages:"))


def full_stretches(size: int) -> Iterator[int]:
    """Addresses of the aligned stretches of anonymous memory, a huge page long, that are full or nearly so."""
    pages = size // mmap.PAGESIZE
    handle = os.open("/proc/self/pagemap", os.O_RDONLY)
    try:
        for begin, end in anonymous():
            for address in range(-(-begin // size) * size, end - size + 1, size):
                entries = os.pread(handle, pages * ENTRY, address // mmap.PAGESIZE * ENTRY)
                if entries[ENTRY - 1 :: ENTRY].translate(THERE).count(1) >= pages * FULL:
                    yield address
    finally:
        os.close(handle)


def anonymous() -> Iterator[tuple[int, int]]:
    """Writable memory of no file: the heap, the arenas of small objects, heaps of threads."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, rights, _, _, inode, *name = line.split()
        if rights == "rw-p" and inode == "0" and (not name or name[0] == "[heap]" or name[0].startswith("[anon")):
            begin, end = addresses.split("-")
            yield int(begin, 16), int(end, 16)


def runs(addresses: list[int], size: int) -> Iterator[tuple[int, int]]:
    """Neighbours together, so many at most: the address of the first, and how many."""
    first, count = 0, 0
    for address in addresses:
        if count and address == first + count * size and count < TOGETHER:
            count += 1
            continue
        if count:
            yield first, count
        first, count = address, 1
    if count:
        yield first, count


def _collapse(address: int, length: int) -> int:
    """Returns the error's number, 0 for none. The interpreter goes on with other threads meanwhile."""
    madvise = ctypes.CDLL(None, use_errno=True).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return ctypes.get_errno() if madvise(address, length, MADV_COLLAPSE) else 0

"""What the kernel knows of a process: memory, processor time; and which core who may use.

The server is pinned to the first core, generators and sinks to the last: on a two-core box each has one of its own.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def server_core() -> int:
    """The core of what is measured."""
    return min(all_cores())


def load_core() -> int:
    """The core of those who measure."""
    return max(all_cores())


def all_cores() -> set[int]:
    """Every core of the machine, whatever this process may use now."""
    return set(range(os.cpu_count() or 1))


def pinned(core: int, command: list[str]) -> list[str]:
    """The command, held to one core."""
    return ["taskset", "-c", str(core), *command]


@contextmanager
def children_on(cores: set[int]) -> Iterator[None]:
    """What is started within may use these cores: children inherit ours of the moment."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def rss_mb(pid: int) -> float:
    """Resident memory of one process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def cpu_s(pid: int) -> float:
    """Processor time a process has used, its children that ended included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) * TICK_S


def core_busy_s(core: int) -> float:
    """Processor time a core has spent on anything; beside `cpu_s` it tells what neighbours took."""
    line = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith(f"cpu{core} "))
    user, nice, system, _, _, irq, softirq, steal = (int(field) for field in line.split()[1:9])
    return (user + nice + system + irq + softirq + steal) * TICK_S

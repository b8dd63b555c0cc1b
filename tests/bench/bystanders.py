"""How busy the load's core was while it loaded: whether the load, and not the server, was what could do no more."""

import os
from time import monotonic

from tests.bench.processes import core_busy_s, cpu_s, load_core
from tests.bench.report import Report
from tests.bench.sink import SinkProcess


class LoadWatch:
    """Looks at the load (this process), the sink and their core, when it is made and when it reports."""

    def __init__(self, sink: SinkProcess) -> None:
        self._sink = sink
        self._before = self._used_s()

    def _used_s(self) -> tuple[float, float, float, float]:
        return monotonic(), core_busy_s(load_core()), cpu_s(os.getpid()), cpu_s(self._sink.pid)

    def report(self, report: Report, bench: str, what: str, messages: int) -> None:
        """Tell what was used meanwhile, for so many messages."""
        used_s = [now_s - then_s for now_s, then_s in zip(self._used_s(), self._before, strict=True)]
        over_s, core_s, load_s, sink_s = used_s
        report.add(bench, f"{what}: the load's core was busy", core_s * 100 / over_s, "%")
        report.add(bench, f"{what}: with the load and the sink", (load_s + sink_s) * 100 / over_s, "%", "70")
        report.add(bench, f"{what}: load CPU", load_s * 1e6 / messages, "us/waypoint")
        report.add(bench, f"{what}: sink CPU", sink_s * 1e6 / messages, "us/waypoint")

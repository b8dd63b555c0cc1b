"""What happens once a transaction is durable."""

from types import SimpleNamespace
from typing import Any

from server.after_commit import AfterCommit
from storage.writer import Unit


def test_exceedances_are_looked_for_once_their_work_is_durable_whoever_wrote_it() -> None:
    """Before the commit the work cannot be read: a clock woken then would find nothing and sleep on."""
    counters: Any = SimpleNamespace(stored=lambda units: None)
    events: Any = SimpleNamespace()
    after, woken = AfterCommit(lambda: 0.0, counters, events), list[str]()
    after.exceeding = lambda: woken.append("exceedances")
    after.stored([Unit()])
    assert woken == []
    unit = Unit()
    unit.add("exceedance_work", (1, 1, "day", 86400))
    after.stored([Unit(), unit])
    assert woken == ["exceedances"]

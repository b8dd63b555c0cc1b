"""Gathers what was measured, prints it as one table, and writes it as JSON; of repeated figures the median counts."""

import json
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity: what, in which unit, the bar it is held against (empty: none), and each value measured."""

    bench: str
    what: str
    unit: str
    bar: str
    values: list[float]

    @property
    def value(self) -> float:
        """The median."""
        return median(self.values)

    @property
    def line(self) -> str:
        """As a person reads it."""
        spread = f"   ({readable(min(self.values))} to {readable(max(self.values))})" if len(self.values) > 1 else ""
        bar = f"   [bar: {self.bar}]" if self.bar else ""
        return f"{self.bench:<10} {self.what:<56} {readable(self.value):>12} {self.unit}{spread}{bar}"


def readable(value: float) -> str:
    """A number with as many digits as mean something."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


@dataclass(slots=True)
class Report:
    """All figures of a run."""

    notes: list[str] = field(default_factory=list)
    _figures: dict[tuple[str, str], Figure] = field(default_factory=dict)

    def add(self, bench: str, what: str, value: float, unit: str, bar: str = "") -> None:
        """Add a measurement, and say it at once."""
        figure = self._figures.setdefault((bench, what), Figure(bench, what, unit, bar, []))
        figure.values.append(value)
        print(Figure(bench, what, unit, bar, [value]).line, flush=True)

    def note(self, text: str) -> None:
        """Add a remark."""
        self.notes.append(text)
        print(f"note: {text}", flush=True)

    @property
    def figures(self) -> list[Figure]:
        """What was measured, in the order of the first time."""
        return list(self._figures.values())

    def value(self, bench: str, what: str) -> float:
        """A figure measured before; 0 where it was not."""
        figure = self._figures.get((bench, what))
        return figure.value if figure else 0.0

    def table(self) -> str:
        """Everything, with the machine it was measured on."""
        load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
        head = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, load average {load}"
        return "\n".join([head, *(each.line for each in self.figures), *(f"note: {note}" for note in self.notes)])

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        figures = [
            {"bench": each.bench, "what": each.what, "unit": each.unit, "bar": each.bar, "median": each.value}
            | {"values": each.values}
            for each in self.figures
        ]
        machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load_average": os.getloadavg()}
        path.write_text(json.dumps({"machine": machine, "figures": figures, "notes": self.notes}, indent=1) + "\n")

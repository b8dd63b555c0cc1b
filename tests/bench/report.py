"""Gathers what was measured, prints it as one table, and writes it as JSON."""

import json
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: what, how much of what unit, and the bar it is held against (empty: none)."""

    bench: str
    what: str
    value: float
    unit: str
    bar: str = ""

    @property
    def text(self) -> str:
        """The number as a person reads it."""
        if abs(self.value) >= 100:
            return f"{self.value:,.0f}"
        return f"{self.value:.2f}" if abs(self.value) < 10 else f"{self.value:.1f}"


@dataclass(slots=True)
class Report:
    """All figures of a run."""

    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, bench: str, what: str, value: float, unit: str, bar: str = "") -> None:
        """Add a figure, and say it at once."""
        figure = Figure(bench, what, value, unit, bar)
        self.figures.append(figure)
        print(self._line(figure), flush=True)

    def note(self, text: str) -> None:
        """Add a remark."""
        self.notes.append(text)
        print(f"  note: {text}", flush=True)

    def value(self, bench: str, what: str) -> float:
        """A figure measured before; 0 where it was not."""
        return next((each.value for each in self.figures if (each.bench, each.what) == (bench, what)), 0.0)

    @staticmethod
    def _line(figure: Figure) -> str:
        bar = f"   (bar: {figure.bar})" if figure.bar else ""
        return f"{figure.bench:<10} {figure.what:<52} {figure.text:>12} {figure.unit}{bar}"

    def table(self) -> str:
        """Everything, with the machine it was measured on."""
        load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
        head = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, load average {load}"
        return "\n".join([head, *map(self._line, self.figures), *(f"note: {note}" for note in self.notes)])

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        fields = ("bench", "what", "value", "unit", "bar")
        figures: list[dict[str, Any]] = [{name: getattr(each, name) for name in fields} for each in self.figures]
        path.write_text(json.dumps({"figures": figures, "notes": self.notes}, indent=1) + "\n")

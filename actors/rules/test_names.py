"""The names of the QC tests in each language, and the step of control that each belongs to.

Invariant: a test has one name in a language; pages, letters, the journal and the reports all take it from here.
Source: QĐ 338/QĐ-KTTV Điều 5 (steps of control); docs/rules.md (numbers).
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

LANGUAGES = ("vi", "en")


def _read() -> Mapping[str, Mapping[str, str]]:
    table: dict[str, Any] = tomllib.loads(Path(__file__).with_name("test_names.toml").read_text(encoding="utf-8"))
    steps, tests = table["step"], table["test"]
    words: dict[str, Mapping[str, str]] = {}
    for language in LANGUAGES:
        short = {f"test.{name}": str(row[language]) for name, row in tests.items()}
        whole = {
            f"test_of_step.{name}": f"{steps[row['step']][language]}: {row[language]}" for name, row in tests.items()
        }
        words[language] = MappingProxyType(short | whole)
    return MappingProxyType(words)


TEST_WORDS = _read()
"""By language: `test.NAME`, and `test_of_step.NAME`, which names the step of control before it."""

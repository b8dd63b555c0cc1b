"""The console's words in each language: `web/words/*.toml` and the names of the QC tests, read once at the start.

Invariant: every language has the same keys; an unknown key is a mistake and crashes the page.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from actors.notices.wording import say_detail
from actors.rules.test_names import TEST_WORDS
from web.refusals import Refusal

LANGUAGES = ("vi", "en")
FOLDER = Path(__file__).with_name("words")
FAULT_FIELDS: tuple[str, ...] = ("line", "offset", "field", "reason", "detail", "raw")
"""Of a fault that an older version kept as a list."""


class Words:
    """One language: `words("live.title")`, with fields filled in."""

    def __init__(self, language: str, table: Mapping[str, str]) -> None:
        self.language = language
        self.table = dict(table)

    def __call__(self, key: str, **fields: object) -> str:
        text = self.table[key]
        return text.format(**fields) if fields else text

    def day(self, text: str) -> str:
        """A day of ISO 8601 as this language writes it: 28/11/2026 in Vietnamese."""
        return f"{text[8:10]}/{text[5:7]}/{text[:4]}" if self.language == "vi" else text[:10]

    def told(self, group: str, sentence: str) -> str:
        """Say a fixed sentence of the core in this language; any other stays as it is."""
        return self.table.get(f"{group}.{sentence.replace(' ', '_')}", sentence)

    def fault(self, fault: Any) -> str:
        """Say one fault of a file in this language, with its mend; one of an older file as it was written."""
        told: Mapping[str, Any] = fault if isinstance(fault, Mapping) else dict(zip(FAULT_FIELDS, fault, strict=False))
        sentence = self.table.get(f"fault.{told.get('reason')}")
        if sentence is None:
            return str(told.get("detail", ""))
        return sentence.format(hint=told.get("hint") or "–")

    def detail(self, sentence: str) -> str:
        """Say what a notice tells of a source, with the tests' names in this language."""
        return say_detail(self.table, sentence)

    def refusal(self, refusal: Refusal) -> str:
        """Say a refusal in this language; one without words here as it was written (`static/ask.js` does the same)."""
        sentence = self.table.get(f"refused.{refusal.code or refusal.error}")
        if sentence is None:
            return refusal.detail
        return sentence.format(
            **{name: self.table.get(f"{name}.{value}", value) for name, value in refusal.told.items()}
        )

    def outcome(self, reason: str, faults: Sequence[Any]) -> str:
        """Say why a file had its fate: one of its faults, or a fixed sentence."""
        for fault in faults[:1]:
            detail = fault.get("detail", "") if isinstance(fault, Mapping) else str(fault[4])
            if reason and detail.startswith(reason):
                return self.fault(fault)
        return self.told("fault_reason", reason)


@cache
def load_words() -> Mapping[str, Words]:
    """Every language, read once."""
    return {language: Words(language, _table(language)) for language in LANGUAGES}


def _table(language: str) -> dict[str, str]:
    file = FOLDER / f"{language}.toml"
    return {**_flat(tomllib.loads(file.read_text(encoding="utf-8"))), **TEST_WORDS[language]}


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat

"""The documents say what the code says: every name on one side stands on the other."""

import argparse
import ast
import dataclasses
import re
import tomllib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from actors.kernel.states import TRANSITIONS
from protocols import vocabulary
from protocols.formats.columns import SENTENCES
from protocols.formats.detection import FORMATS
from protocols.verdict import TESTS
from server.__main__ import build_parser
from server.verbs import VERBS
from storage.entries import (
    AccountEntry,
    AreaEntry,
    DestinationEntry,
    Inventory,
    ParameterEntry,
    ProviderEntry,
    PullEntry,
    RecipientEntry,
    StationEntry,
    VehicleEntry,
    WorkEntry,
)
from web.words import load_words

ROOT = Path(__file__).parents[1]
FOLDERS = ("server", "conf", "web", "actors", "storage", "protocols")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MADE_FROM_CODE = {"http.md", "settings.md"}
LONGEST_DECISION, LONGEST_MAP = 80, 180
ENTRIES: tuple[Any, ...] = (
    StationEntry,
    ParameterEntry,
    AccountEntry,
    ProviderEntry,
    VehicleEntry,
    DestinationEntry,
    PullEntry,
    RecipientEntry,
    AreaEntry,
    WorkEntry,
)
WORDS = [kind for kind in vars(vocabulary).values() if isinstance(kind, type) and issubclass(kind, Enum) and len(kind)]
NO_STATES = {
    "data": {"measured", "received", "deadline", "nothing", "exceeding"},
    "actor": {"stopped_by", "next_try", "restarts"},
    "delivery": {"oldest"},
}


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(name: str) -> list[list[str]]:
    """Cells of all tables of a page, without heads and rules."""
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in page(name).splitlines() if line[:1] == "|"]


def sources() -> Iterator[ast.Module]:
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield ast.parse(file.read_text(encoding="utf-8"))


def calls() -> Iterator[ast.Call]:
    for tree in sources():
        yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def literal(arguments: list[ast.expr], index: int) -> str:
    """A string argument of a call, empty where it is none."""
    node = arguments[index] if len(arguments) > index else None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def logged() -> dict[str, str]:
    """Event names of all log calls, with their level."""
    return {
        literal(call.args, 0): call.func.attr
        for call in calls()
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in ("log", "self._log")
    }


def parsers() -> Iterator[argparse.ArgumentParser]:
    """The parser of each verb, and those of its actions."""
    waiting = [build_parser()]
    while waiting:
        parser = waiting.pop()
        yield parser
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                waiting += action.choices.values()


def test_every_log_event_is_explained_with_its_level_and_no_other() -> None:
    explained = {row[0].strip("`"): row[1] for row in rows("docs/log-events.md") if row[0].startswith("`")}
    assert explained == logged()


def test_every_verb_and_no_other_stands_among_the_commands() -> None:
    assert {row[0].strip("`").split()[0] for row in rows("docs/commands.md") if row[0].startswith("`")} == set(VERBS)


def test_every_option_and_no_other_stands_among_the_commands() -> None:
    there = {option for parser in parsers() for action in parser._actions for option in action.option_strings}
    assert set(re.findall(r"(--\w+)", page("docs/commands.md"))) == there - {"-h", "--help"}


def test_every_bench_and_no_other_is_explained() -> None:
    section = page("docs/benchmarks.md").partition("## What is measured")[2].partition("\n## ")[0]
    explained = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\|([^|]+)\|", section, re.MULTILINE))))
    assert explained == set(re.findall(r'^    "(\w+)": _', page("tests/bench/__main__.py"), re.MULTILINE))


@pytest.mark.parametrize("target", re.findall(r"^([a-z]+):.*## ", page("Makefile"), re.MULTILINE))
def test_every_target_of_make_stands_among_the_commands(target: str) -> None:
    assert f"`{target}" in page("docs/commands.md") or target == "help"


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_key_of_an_inventory_is_explained(entry: Any) -> None:
    text = page("docs/inventory.md")
    assert [key.name for key in dataclasses.fields(entry) if f"`{key.name}`" not in text] == []


def test_every_table_of_an_inventory_is_explained() -> None:
    text = page("docs/inventory.md")
    assert [key.name for key in dataclasses.fields(Inventory) if f"## [[{key.name}]]" not in text] == []


def test_every_key_that_is_explained_is_one_of_an_inventory() -> None:
    known = {key.name for entry in ENTRIES for key in dataclasses.fields(entry)}
    told = {name for row in rows("docs/inventory.md") for name in re.findall(r"`(\w+)`", row[0])}
    assert told - known == set()


def test_every_reason_of_a_fault_is_explained() -> None:
    section = page("docs/rules.md").partition("## Faults of files")[2]
    reasons = {key.partition(".")[2] for key in load_words()["vi"].table if key.startswith("fault.")}
    made = {literal(call.args, 3) for call in calls() if isinstance(call.func, ast.Name) and call.func.id == "Fault"}
    assert {*SENTENCES, *made} - {""} <= reasons
    assert set(re.findall(r"`(\w+)`", section)) - {"ufms", *(known.name for known in FORMATS)} == reasons


@pytest.mark.parametrize("layout", [known.name for known in FORMATS])
def test_every_layout_is_among_the_rules(layout: str) -> None:
    assert f"`{layout}`" in page("docs/rules.md")


def test_every_file_of_rules_is_explained_and_every_explained_one_is_there() -> None:
    there = {file.name for file in (ROOT / "actors" / "rules").glob("*.py") if file.name != "__init__.py"}
    assert set(re.findall(r"`([a-z_0-9]+\.py)`", page("docs/rules.md"))) == there


def test_every_vector_file_of_quality_control_is_named_beside_its_rule() -> None:
    text = page("docs/rules.md")
    files = (ROOT / "tests" / "vectors" / "qc").glob("*.jsonl")
    assert [file.stem for file in files if f"`{file.stem}`" not in text] == []


def test_a_rule_that_is_said_to_be_in_service_is_imported_by_somebody_outside_the_rules() -> None:
    used = {
        f"{node.module.rpartition('.')[2]}.py"
        for folder in ("actors", "server", "conf", "web")
        for file in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("actors.rules.")
    }
    told = {name for row in rows("docs/rules.md") if row[-1] not in ("not yet", "in service") for name in row if name}
    files = {name for cell in told for name in re.findall(r"`(\w+\.py)`", cell)}
    assert files - used - {"sequence.py"} == set()


@pytest.mark.parametrize("test", sorted(set(TESTS) - {"model"}))
def test_every_test_of_quality_control_is_among_the_rules(test: str) -> None:
    assert re.search(rf"`{test}`", page("docs/rules.md"))


def test_every_regulation_that_a_rule_rests_on_is_named() -> None:
    document = re.compile(r"(?:TT|QĐ|QCVN|CV) \d+(?::\d+)?/[A-ZĐ0-9-]+(?:/[A-ZĐ]+(?:-[A-ZĐ]+)?)?")
    cited = {
        name.rstrip("/-")
        for file in [*(ROOT / "actors" / "rules").iterdir(), *(ROOT / "protocols" / "formats").glob("*.py")]
        if file.suffix in (".py", ".toml")
        for name in document.findall(file.read_text(encoding="utf-8"))
    }
    text = "".join(each.read_text(encoding="utf-8") for each in PAGES)
    assert cited
    assert [name for name in sorted(cited) if name.split("/")[0] not in text] == []


@pytest.mark.parametrize("words", WORDS)
def test_every_word_of_the_field_is_in_the_glossary(words: type[Enum]) -> None:
    text = page("docs/glossary.md").lower() + page("docs/inventory.md") + page("docs/commands.md")
    assert [word.name for word in words if word.name.lower() not in text and str(word.value) not in text] == []


def test_the_life_of_an_actor_is_drawn_as_it_is() -> None:
    drawn = {row[0]: set(row[1].split(", ")) for row in rows("ARCHITECTURE.md") if row[0] in TRANSITIONS}
    assert drawn == {str(state): {str(each) for each in following} for state, following in TRANSITIONS.items()}


@pytest.mark.parametrize("part", ["verdict", "data", "actor", "delivery"])
def test_the_handbook_explains_every_word_of_a_state(part: str) -> None:
    words = tomllib.loads(page("web/words/vi.toml"))[part]
    states = [said for key, said in words.items() if key not in NO_STATES.get(part, ())]
    shown = [re.sub(r"\{\w+\} ?", "", said).split(":")[0].strip() for said in states]
    text = page("docs/handbook.vi.md").casefold().replace("\n", " ")
    assert [said for said in shown if said.casefold() not in text] == []


def test_every_file_that_a_page_names_is_there() -> None:
    names = re.compile(rf"`((?:{'|'.join(FOLDERS)}|docs|tests)/[\w/.-]+\.\w+)`")
    missing = {
        f"{each.name}: {name}" for each in PAGES for name in names.findall(each.read_text(encoding="utf-8"))
        if not (ROOT / name).exists()
    }  # fmt: skip
    assert missing == set()


def test_every_link_between_pages_leads_somewhere() -> None:
    missing = {
        f"{each.name}: {target}"
        for each in PAGES
        for target in re.findall(r"\]\(([^)#:]+)\)", each.read_text(encoding="utf-8"))
        if not (each.parent / target).exists()
    }
    assert missing == set()


def test_every_decision_that_the_code_names_is_there() -> None:
    named = {
        name
        for folder in FOLDERS
        for file in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"docs/decisions/[\w-]+\.md", file.read_text(encoding="utf-8"))
    }
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_decisions_are_numbered_without_a_hole_and_short() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    assert [file.name for file in files if len(file.read_text(encoding="utf-8").splitlines()) > LONGEST_DECISION] == []


def test_the_map_is_short() -> None:
    assert len(page("ARCHITECTURE.md").splitlines()) <= LONGEST_MAP


def test_what_is_made_from_the_code_says_so() -> None:
    assert [name for name in MADE_FROM_CODE if "This page is written by `python -m" not in page(f"docs/{name}")] == []

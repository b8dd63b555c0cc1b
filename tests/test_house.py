"""The rules of the house that no other tool checks: size, names, docstrings, tests beside sources, the two loops."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("server", "conf", "web", "actors", "storage", "protocols")
LONGEST_FILE = 400
LONGEST_DOCSTRING = 12
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "manager", "managers", "base", "core"}
BOTH_LOOPS = {"actors/kernel/loops.py"}

# Sources without a test module of their own, and why.
TESTED_ELSEWHERE = {
    "actors/board.py": "declarations only; web and its tests are written against them",
    "actors/kernel/__init__.py": "words only",
    "actors/notices/__init__.py": "a docstring only",
    "actors/notices/desk.py": "tests/actors/notices/test_clock.py",
    "protocols/letters/__init__.py": "a docstring only",
    "server/notices.py": "tests/end_to_end/test_notices.py",
    "storage/models/notices.py": "declarations only",
    "storage/models/registry.py": "declarations only",
    "storage/models/imports.py": "declarations only",
    "storage/models/zones.py": "declarations only",
    "web/notices.py": "tests/end_to_end/test_notices.py",
    "conf/inventory_samplers.py": "tests/conf/test_inventory_pulls.py",
    "protocols/fetching.py": "declarations only",
    "protocols/ftp/fetcher.py": "tests/actors/test_puller.py",
    "protocols/ftp/login.py": "tests/protocols/ftp/test_client.py",
    "protocols/sftp/fetcher.py": "tests/actors/test_puller.py",
    "protocols/sftp/login.py": "tests/protocols/sftp/test_client.py",
    "actors/samplers.py": "tests/end_to_end/test_fetching.py",
    "server/fetching.py": "tests/end_to_end/test_fetching.py",
    "storage/models/pulls.py": "declarations only",
    "storage/partials.py": "tests/actors/test_puller.py",
    "storage/pulls.py": "tests/actors/test_puller.py",
    "storage/samples.py": "tests/end_to_end/test_fetching.py",
    "web/samples.py": "tests/end_to_end/test_fetching.py",
    "web/query_words.py": "tests/web/test_operations.py",
    "protocols/errors.py": "declarations only",
    "protocols/formats/__init__.py": "names only",
    "protocols/formats/ufms_pb2.py": "generated",
    "protocols/ftp/__init__.py": "a docstring only",
    "protocols/records.py": "declarations only",
    "protocols/uploads.py": "declarations only; tests/protocols/memory_area.py obeys them",
    "protocols/vocabulary.py": "declarations only",
    "server/__init__.py": "tests/server/compiled/test_finder.py",
    "server/__main__.py": "tests/server/test_cli.py",
    "server/compiled/__init__.py": "a docstring only",
    "server/compiled/translate.py": "tests/server/compiled/test_building.py",
    "server/console_client.py": "tests/server/verbs/test_status.py",
    "server/refusal.py": "tests/server/test_cli.py",
    "server/simulator/__init__.py": "a docstring only",
    "server/simulator/inventory_toml.py": "tests/server/simulator/test_inventory.py",
    "server/verbs/__init__.py": "tests/server/test_cli.py",
    "server/verbs/demo.py": "tests/server/test_cli.py and end to end",
    "server/verbs/nightly.py": "tests/end_to_end/test_drift_vectors.py",
    "server/verbs/opening.py": "tests/server/verbs/test_audit.py",
    "server/verbs/replay.py": "tests/server/test_replaying.py",
    "server/verbs/serve.py": "end to end",
    "storage/entries.py": "declarations only",
    "storage/errors.py": "tests/server/test_cli.py",
    "storage/migrations": "tests/storage: every test migrates",
    "storage/models/__init__.py": "names only",
    "storage/models/archive.py": "declarations only",
    "storage/archive.py": "tests/storage/test_archiving.py",
    "storage/archive_sums.py": "tests/storage/test_archiving.py",
    "storage/parquet_parts.py": "tests/storage/test_archiving.py",
    "web/archive.py": "tests/server/test_archive_life.py",
    "server/retention.py": "tests/server/test_archive_life.py",
    "storage/models/exceedances.py": "declarations only",
    "storage/models/inventory.py": "declarations only",
    "storage/models/journal.py": "declarations only",
    "storage/models/judged.py": "declarations only",
    "storage/models/review.py": "declarations only",
    "storage/models/traffic.py": "declarations only",
    "server/traffic.py": "tests/end_to_end/test_driving_vectors.py",
    "storage/models/products.py": "declarations only",
    "storage/models/registrations.py": "declarations only",
    "storage/models/running.py": "declarations only",
    "storage/models/schedules.py": "declarations only",
    "storage/models/thresholds.py": "declarations only",
    "storage/short_token.py": "tests/server/verbs/test_status.py",
}


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def own_sources() -> list[Path]:
    """Sources that hold something and are written by hand."""
    return [file for file in sources() if file.stat().st_size and not file.stem.endswith("_pb2")]


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_no_file_is_too_long() -> None:
    files = [*own_sources(), *(ROOT / "tests").rglob("*.py")]
    lengths = {name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    too_long = {file: length for file, length in lengths.items() if length > LONGEST_FILE}
    assert {file: length for file, length in too_long.items() if "/migrations/" not in file} == {}


def test_no_file_is_named_after_nothing() -> None:
    assert [name(file) for file in sources() if file.stem in FORBIDDEN_NAMES] == []


def test_every_file_says_in_few_lines_what_it_is() -> None:
    wrong = []
    for file in own_sources():
        if "migrations" in file.parts:
            continue
        docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        if not 1 <= len(docstring.splitlines()) <= LONGEST_DOCSTRING:
            wrong.append(name(file))
    assert wrong == []


def test_only_one_file_knows_both_loops() -> None:
    both = {name(file) for file in own_sources() if {"asyncio", "trio"} <= imported_modules(file)}
    assert both <= BOTH_LOOPS


def imported_modules(file: Path) -> set[str]:
    """Dotted names a file imports, with each imported name as a possible module."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def has_own_tests(file: Path) -> bool:
    path = file.relative_to(ROOT)
    own, folder = (path.parent.name, path.parent.parent) if path.stem == "__init__" else (path.stem, path.parent)
    return any((ROOT / "tests" / folder).glob(f"test_{own}*.py"))


def test_every_source_is_proved_by_its_own_test_module_or_by_that_of_its_user_beside_it() -> None:
    """An inner part (a session of a listener) may be proved through the module of the same folder that uses it."""
    files = {name(file).removesuffix(".py").replace("/", "."): file for file in own_sources()}
    proved = [module for module, file in files.items() if has_own_tests(file)]
    for module in proved:
        beside = module.rpartition(".")[0]
        used = (each for each in imported_modules(files[module]) if each.rpartition(".")[0] == beside)
        proved += [each for each in used if each in files and each not in proved]
    unproved = [name(file) for module, file in files.items() if module not in proved]
    exempt = tuple(TESTED_ELSEWHERE)
    assert [file for file in unproved if not file.startswith(exempt)] == []


def test_every_exception_from_the_rule_is_still_there() -> None:
    assert [file for file in TESTED_ELSEWHERE if not (ROOT / file).exists()] == []


def test_the_locks_have_hashes_and_no_address() -> None:
    for lock in ("requirements.lock", "requirements-test.lock", "requirements-compile.lock", "requirements-npm.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        pinned = [line for line in text.splitlines() if line and not line.startswith(" ")]
        assert all("==" in line for line in pinned)
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "://" not in text
        assert "--" not in text.replace("--hash=sha256:", "")


def test_the_lock_of_what_the_pages_take_from_npm_has_hashes_and_no_address() -> None:
    text = (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    packages = {place: package for place, package in json.loads(text)["packages"].items() if place}
    assert packages and all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in text and "resolved" not in text
    wanted = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {f"node_modules/{name}" for name in wanted} <= set(packages)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_pins_every_declared_dependency(lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    if lock == "requirements-test.lock":
        wanted += project["optional-dependencies"]["test"]
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    names = {re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-") for requirement in wanted}
    assert names - set(pinned) == set()

"""Fixtures that every folder of tests may ask for by name, who sweeps up behind the run, and what it tests.

A session's fixture stands here and in no other conftest: imported into two of them it would be made twice.
"""

import gc
import subprocess

import pytest

from server.compiled.finder import standing
from tests import broom
from tests.rabbitmq import rabbitmq
from tests.storage.stores import postgres_server, postgres_url, store_url

__all__ = ["postgres_server", "postgres_url", "rabbitmq", "store_url"]

LONG = {"end_to_end", "test_first_tables.py", "test_demo.py"}
BROOM = pytest.StashKey[subprocess.Popen[bytes] | None]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[BROOM] = broom.stand_by()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, or one worker ends minutes after the other."""
    items.sort(key=lambda item: not {*item.path.parts} & LONG)


def pytest_collection_finish() -> None:
    """What all tests share is not looked through for garbage with each test's own: a fifth of their time went there."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if waiting := config.stash[BROOM]:
        waiting.communicate()


def pytest_report_header() -> str:
    """Tell which kind of hot modules is under test."""
    return f"hot modules: {standing().reason or 'compiled'}"

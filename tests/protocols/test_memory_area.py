"""The area in memory keeps the contract of all areas."""

import pytest

from protocols.uploads import Grant
from protocols.vocabulary import Protocol as Wire
from tests.protocols.area_contract import *  # noqa: F403
from tests.protocols.memory_area import MemoryArea


@pytest.fixture
def area() -> MemoryArea:
    return MemoryArea()


@pytest.fixture
def grant() -> Grant:
    return Grant("tb", "127.0.0.1", Wire.FTP, ("TB_A", "TB_B"))

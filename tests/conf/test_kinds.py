"""What a kind writes, it reads back; what it cannot read, it refuses with words."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conf.kinds import KINDS, read_address, toml_string
from conf.settings import Address, PortRange

SAMPLES: list[tuple[type, Any]] = [
    (str, 'Sở "NNMT"\\\n'),
    (Path, Path("/var/lib/trambox")),
    (bool, True),
    (bool, False),
    (int, 64),
    (Address, Address("0.0.0.0", 2121)),
    (Address, Address("::1", 0)),
    (PortRange, PortRange(40000, 40099)),
    (PortRange, PortRange(0, 0)),
]


@pytest.mark.parametrize(("kind", "value"), SAMPLES)
def test_a_written_value_is_read_back(kind: type, value: Any) -> None:
    text = KINDS[kind].write(value)
    assert KINDS[kind].read(tomllib.loads(f"k = {text}")["k"]) == value


def test_every_kind_is_sampled() -> None:
    assert {kind for kind, _ in SAMPLES} == set(KINDS)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_printable_text_survives_toml(text: str) -> None:
    assert tomllib.loads(f"k = {toml_string(text)}")["k"] == text


@pytest.mark.parametrize(
    "text", ["", "host", ":80", "host:", "host:70000", "host:-1", "a b:1", "[::1:80", "[x]:1", "::1:80"]
)
def test_a_wrong_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"port|host"):
        read_address(text)


@pytest.mark.parametrize("value", [[1], [1, 2, 3], "1-2", [0, 5], [True, 2], [2, 1], [1, 70000]])
def test_a_wrong_port_range_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="port"):
        KINDS[PortRange].read(value)


@pytest.mark.parametrize("value", [-1, True, 1.5, "64"])
def test_a_wrong_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="whole number"):
        KINDS[int].read(value)

"""How a key of each type is read from TOML, from the environment's text, and written back.

Invariant: for every kind, `read(tomllib.loads("k = " + write(value))["k"]) == value`.
"""

import dataclasses
import ipaddress
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from conf.settings import Address, PortRange

_HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


class Kind(NamedTuple):
    """One type of key. `read` and `from_text` raise ValueError with what is wrong."""

    wanted: str
    read: Callable[[object], Any]
    from_text: Callable[[str], object]
    write: Callable[[Any], str]


def read_address(text: str) -> Address:
    """Read `host:port` or `[IPv6]:port`; raises ValueError."""
    host, colon, port_text = text.rpartition(":")
    if not colon or not (port_text.isascii() and port_text.isdigit()) or int(port_text) > 65535:
        raise ValueError("has no port from 0 to 65535")
    if host.startswith("[") and host.endswith("]"):
        try:
            return Address(str(ipaddress.IPv6Address(host[1:-1])), int(port_text))
        except ValueError:
            raise ValueError("has no IPv6 address as its host") from None
    if not _HOST_NAME.fullmatch(host):
        raise ValueError("has no host")
    return Address(host, int(port_text))


def toml_string(text: str) -> str:
    """Write a TOML basic string."""
    return '"' + "".join(_ESCAPES.get(letter, letter) for letter in text) + '"'


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("is not a string")
    if "\0" in value:
        raise ValueError("holds a NUL character")
    return value


def _path(value: object) -> Path:
    text = _string(value)
    if not text:
        raise ValueError("is empty")
    return Path(text)


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is not a boolean")
    return value


def _boolean_text(text: str) -> object:
    return _BOOLEANS.get(text.strip().lower(), text)


def _whole_number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("is not a whole number from 0")
    return value


def _whole_number_text(text: str) -> object:
    return int(text) if text.strip().isdecimal() else text


def _port_range(value: object) -> PortRange:
    if not (isinstance(value, list) and len(value) == 2 and all(type(port) is int for port in value)):
        raise ValueError("is not a list of two port numbers")
    first, last = value
    if (first, last) != (0, 0) and not 1 <= first <= last <= 65535:
        raise ValueError("is not a range of ports within 1 to 65535")
    return PortRange(first, last)


def _port_range_text(text: str) -> object:
    return [int(port) if port.isdigit() else port for port in re.findall(r"[^\s,\[\]-]+", text)]


KINDS: Mapping[type, Kind] = MappingProxyType(
    {
        str: Kind('a string, e.g. "abc"', _string, str, toml_string),
        Path: Kind('a path, e.g. "var"', _path, str, lambda path: toml_string(str(path))),
        bool: Kind("true or false", _boolean, _boolean_text, lambda value: "true" if value else "false"),
        int: Kind("a whole number, e.g. 64", _whole_number, _whole_number_text, str),
        Address: Kind(
            '"host:port", e.g. "0.0.0.0:2121"',
            lambda value: read_address(_string(value)),
            str,
            lambda address: toml_string(str(address)),
        ),
        PortRange: Kind(
            "two ports, e.g. [40000, 40099]",
            _port_range,
            _port_range_text,
            lambda ports: f"[{ports.first}, {ports.last}]",
        ),
    }
)


def kind_of(key: "dataclasses.Field[Any]") -> Kind:
    """The kind of a settings field."""
    return KINDS[key.type]  # type: ignore[index]

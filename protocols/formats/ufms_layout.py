"""The fast way to read a waypoint: a layout is learned from one message and read off all that are laid out alike.

A sender writes the same fields in the same order over and over; only values and the lengths of texts differ. So the
octets of a message that say what follows (tags, lengths, the continuation bits of numbers) are the same in the next one
of its size. They are compared at once, as one number under a mask, and the values are taken by one `struct`.

Invariant: `WaypointReader.read` gives what `parse_waypoint` gives, or raises what that raises: a layout is learned only
from a message which that one has read, and what is not laid out alike, or has a value that needs a look, goes there.
Source: the wire format of Protocol Buffers; the fields of message WayPoint of the UFMS schema.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from math import isfinite
from operator import itemgetter
from typing import Any, NamedTuple

from protocols.formats.ufms import WAY_POINT, parse_waypoint
from protocols.formats.ufms_columns import Columns, Place, Sighting, Usual
from protocols.waypoint import Values

MOST_LAYOUTS, MOST_ALIKE = 4096, 4
"""Layouts in all, and of one size, that are remembered."""
MOST_TIMES = 100_000
FEW = 24
"""Of fewer messages, reading them together costs more than reading each."""
WAY_POINT_FIELD = 100
VARINT, FIXED64, OCTETS, FIXED32 = 0, 1, 2, 5
VEHICLE, DRIVER, SPEED, TIME, X, Y, HEADING, IGNITION, DOOR, AIRCON = 1, 2, 3, 4, 5, 6, 8, 9, 10, 11
ORDER = (VEHICLE, DRIVER, SPEED, TIME, X, Y, HEADING, IGNITION, DOOR, AIRCON)
"""Field numbers in the order of a `Waypoint`."""
REQUIRED = (VEHICLE, SPEED, TIME, X, Y)
CODES = {SPEED: (FIXED32, "f"), X: (FIXED64, "d"), Y: (FIXED64, "d"), HEADING: (FIXED32, "f")}
FLAGS = (IGNITION, DOOR, AIRCON)
KINDS = {SPEED: "f4", X: "f8", Y: "f8", HEADING: "f4", **dict.fromkeys(FLAGS, "?")}
"""How numpy takes a field."""
LONGEST_TEXT = 127
"""Octets whose number is one octet."""
TIME_OCTETS = 5
"""Unix seconds between 1978 and 2038 are a number of five octets."""
MOST_OF_LAST_OCTET = 0x07
"""In the last octet of a time: what is over 31 bits wraps around, which is not read here."""


class Field(NamedTuple):
    """A field on the wire: where its value stands and how long it is."""

    number: int
    kind: int
    at: int
    size: int


class Layout(NamedTuple):
    """How messages of one shape are read."""

    mask: int
    pattern: int
    unpack: Callable[[bytes], tuple[Any, ...]]
    arrange: Callable[[tuple[Any, ...]], tuple[Any, ...]] | None
    """Puts the values, None and an empty text after them, in the order of a `Waypoint`; None where they stand so."""
    columns: Columns | None
    """Reads many together; None where the driver does not follow the vehicle."""


class WaypointReader:
    """Reads waypoints by the layouts it has met."""

    def __init__(self) -> None:
        self._layouts: dict[int, tuple[Layout, ...]] = {}
        self._times: dict[bytes, int] = {}

    def read(self, body: bytes) -> Values:
        """Read a whole waypoint's values, as `parse_waypoint` does.

        Raises:
            FormatError: exactly where `parse_waypoint` would.
        """
        for mask, pattern, unpack, arrange, _ in self._layouts.get(len(body), ()):
            if int.from_bytes(body, "little") & mask == pattern:
                values = unpack(body)
                if arrange is not None:
                    values = arrange((*values, None, b""))
                vehicle, driver, speed_kmh, time, x, y, heading, ignition, door, aircon = values
                time_s = self._times.get(time) or self._time_of(time)
                if (
                    time_s
                    and isfinite(speed_kmh + x + y + (heading or 0.0))
                    and vehicle.isalnum()
                    and (not driver or driver.isalnum())
                ):
                    return vehicle.decode(), driver.decode(), speed_kmh, time_s, x, y, heading, ignition, door, aircon
                return parse_waypoint(body).values()
        waypoint = parse_waypoint(body)
        self._learn(body)
        return waypoint.values()

    def read_many(self, bodies: Sequence[bytes], usual: Usual) -> Iterable[Sighting | None]:
        """Read together what is laid out alike, in the order of the bodies; None for what must be read by itself."""
        if len(bodies) < FEW:
            return repeat(None, len(bodies))
        by_size: dict[int, list[int]] = {}
        for at, size in enumerate(map(len, bodies)):
            by_size.setdefault(size, []).append(at)
        found: list[Sighting | None] = [None] * len(bodies)
        for size, places in by_size.items():
            left = places
            for layout in self._layouts.get(size, ()):
                if layout.columns is None or len(left) < FEW:
                    continue
                rows = layout.columns.read([bodies[at] for at in left], usual)
                if len(left) == len(bodies):
                    if not isinstance(rows, list):
                        return rows
                    found = rows
                else:
                    for at, row in zip(left, rows, strict=True):
                        found[at] = row
                left = [at for at in left if found[at] is None]
        return found

    def _time_of(self, octets: bytes) -> int:
        if len(self._times) >= MOST_TIMES:
            self._times.clear()
        time_s = self._times[octets] = sum((octet & 0x7F) << 7 * place for place, octet in enumerate(octets))
        return time_s

    def _learn(self, body: bytes) -> None:
        layout = layout_of(body)
        if layout is None:
            return
        if len(self._layouts) >= MOST_LAYOUTS:
            self._layouts.clear()
        self._layouts[len(body)] = (layout, *self._layouts.get(len(body), ()))[:MOST_ALIKE]


def layout_of(body: bytes) -> Layout | None:
    """Learn the layout of a message that was read; None where it is one of those that must be looked at each time."""
    outer = _walk(body, 0, len(body))
    if outer is None or sorted(field.number for field in outer) != [1, WAY_POINT_FIELD]:
        return None
    kind, point = sorted(outer)
    if (kind.kind, point.kind) != (VARINT, OCTETS) or body[kind.at : kind.at + kind.size] != bytes((WAY_POINT,)):
        return None
    inner = _walk(body, point.at, point.at + point.size)
    if inner is None:
        return None
    places = {field.number: field for field in inner}
    if len(places) < len(inner) or not all(map(_is_plain, inner)) or not places.keys() >= set(REQUIRED):
        return None
    if body[places[TIME].at + TIME_OCTETS - 1] > MOST_OF_LAST_OCTET:
        return None
    return _build(body, sorted(inner, key=lambda field: field.at), places)


def _build(body: bytes, fields: list[Field], places: dict[int, Field]) -> Layout:
    mask, format_, at = bytearray(b"\xff" * len(body)), "<", 0
    taken: list[int] = []
    for field in fields:
        stop = field.at + field.size
        mask[field.at : stop] = _open_bits(field)
        if (code := _code(field)) is not None:
            format_ += f"{field.at - at}x{code}"
            taken.append(field.number)
            at = stop
    format_ += f"{len(body) - at}x"
    none, empty = len(taken), len(taken) + 1
    absent = {number: empty if number == DRIVER else none for number in ORDER if number not in places}
    order = [absent[number] if number in absent else taken.index(number) for number in ORDER]
    arrange = None if taken == list(ORDER) else itemgetter(*order)
    bits = int.from_bytes(mask, "little")
    pattern = int.from_bytes(body, "little") & bits
    return Layout(bits, pattern, struct.Struct(format_).unpack, arrange, _columns(body, bytes(mask), pattern, places))


def _columns(body: bytes, mask: bytes, pattern: int, places: dict[int, Field]) -> Columns | None:
    identity = _identity(body, places)
    if identity is None:
        return None
    values = [
        Place(places[number].at, f"<{KINDS[number]}") if number in places else None
        for number in (SPEED, X, Y, HEADING, *FLAGS)
    ]
    octets = pattern.to_bytes(len(body), "little")
    return Columns(len(body), mask, octets, identity, places[TIME].at, values)


def _identity(body: bytes, places: dict[int, Field]) -> slice | None:
    """Where the vehicle and, right after it, the driver stand, with the tag and the length of each.

    These four octets make it unmistakable: no other vehicle and driver are written so, whatever the layout.
    """
    at = start = places[VEHICLE].at - 2
    for number in (VEHICLE, DRIVER):
        if number in places:
            size = places[number].size
            if size > LONGEST_TEXT or body[at : at + 2] != bytes((number << 3 | OCTETS, size)):
                return None
            at += 2 + size
    return slice(start, at)


def _code(field: Field) -> str | None:
    """How `struct` takes a field that is asked for."""
    number = field.number
    if number in (VEHICLE, DRIVER):
        return f"{field.size}s"
    if number == TIME:
        return f"{TIME_OCTETS}s"
    if number in FLAGS:
        return "?"
    return CODES[number][1] if number in CODES else None


def _is_plain(field: Field) -> bool:
    """Whether a field has the kind and size that the fast way expects of its number; of an unknown one, anything."""
    number, kind, _, size = field
    if number in (VEHICLE, DRIVER):
        return kind == OCTETS and (size > 0 or number == DRIVER)
    if number == TIME:
        return kind == VARINT and size == TIME_OCTETS
    if number in FLAGS:
        return kind == VARINT and size == 1
    return number not in CODES or kind == CODES[number][0]


def _open_bits(field: Field) -> bytes:
    """The mask over a value: zero where its bits are free."""
    if field.number in FLAGS:
        return b"\xfe"
    if field.number == TIME:
        return b"\x80\x80\x80\x80" + bytes((0xFF ^ MOST_OF_LAST_OCTET,))
    return (b"\x80" if field.kind == VARINT else b"\x00") * field.size


def _walk(body: bytes, at: int, stop: int) -> list[Field] | None:
    """The fields of a message that was read; None where a group or a field without a number is among them."""
    fields = []
    while at < stop:
        tag, at = _varint(body, at)
        number, kind = tag >> 3, tag & 7
        if number == 0 or kind not in (VARINT, FIXED64, OCTETS, FIXED32):
            return None
        if kind == OCTETS:
            size, at = _varint(body, at)
        else:
            size = {FIXED64: 8, FIXED32: 4}.get(kind) or _varint(body, at)[1] - at
        fields.append(Field(number, kind, at, size))
        at += size
    return fields


def _varint(body: bytes, at: int) -> tuple[int, int]:
    """A number, and where it ends."""
    number = shift = 0
    while True:
        octet = body[at]
        number |= (octet & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if octet < 0x80:
            return number, at

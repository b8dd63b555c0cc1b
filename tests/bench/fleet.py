"""The frames of a share of the fleet, encoded once; each cycle moves the clock and the speeds of all of them at once.

All bodies have the same size, so a field stands at the same place of every frame and one slice with a stride writes it
for all vehicles. A new instant in each cycle makes every message new; each vehicle speeds in some cycles.
"""

import struct

import pamqp.frame
import pamqp.header
from pamqp import commands

from protocols.formats.ufms_pb2 import BaseMessage, WayPoint

BODY_HEAD = struct.Struct(">BHI")
SPEED = struct.Struct("<f")
CHANNEL = 1
SPEEDING_CYCLES, PERIOD_CYCLES = 5, 40
"""A vehicle speeds in so many cycles of each period: at 10 s a cycle, 50 s of each 400."""
LIMIT_KMH = 80.0
FIRST_LON, FIRST_LAT, PLACE_STEP_DEG = 105.8, 20.6, 1e-6
"""Where the first vehicle stands, and how far from it the next."""


def plate(vehicle: int) -> str:
    """The plate of the n-th vehicle; always nine characters."""
    return f"29H{vehicle:06d}"


def body(vehicle: int, time_s: int, speed_kmh: float = 60.0) -> bytes:
    """One waypoint of about 90 bytes."""
    point = WayPoint(
        vehicle=plate(vehicle),
        driver=f"79{vehicle:010d}",
        speed=speed_kmh,
        datetime=time_s,
        x=FIRST_LON + vehicle * PLACE_STEP_DEG,
        y=FIRST_LAT + vehicle * PLACE_STEP_DEG,
        z=8.5,
        heading=float(vehicle % 360),
        ignition=True,
        door=False,
        aircon=bool(vehicle & 1),
        location=f"QL1A km {vehicle % 1000:03d}",
    )
    return BaseMessage(msg_type=BaseMessage.WAY_POINT, way_point=point).SerializeToString()


def varint(number: int) -> bytes:
    """A number as protobuf writes it."""
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    octets.append(number)
    return bytes(octets)


class FleetFrames:
    """The frames of some vehicles, in a row; `move` makes them those of the next cycle."""

    def __init__(
        self, vehicles: range, first_s: int, step_s: int, exchange: str, routing_key: str, *, persistent: bool = True
    ) -> None:
        self.count = len(vehicles)
        self.cycle = -1
        self._first_s, self._step_s = first_s, step_s
        method = pamqp.frame.marshal(commands.Basic.Publish(exchange=exchange, routing_key=routing_key), CHANNEL)
        bodies = [body(vehicle, first_s) for vehicle in vehicles]
        size = len(bodies[0])
        properties = commands.Basic.Properties(delivery_mode=2 if persistent else 1)
        header = pamqp.frame.marshal(pamqp.header.ContentHeader(0, size, properties), CHANNEL)
        head = method + header + BODY_HEAD.pack(3, CHANNEL, size)
        self.stride = len(head) + size + 1
        self.octets = bytearray().join(head + each + b"\xce" for each in bodies)
        self.body_size = size
        self._time_at = len(head) + bodies[0].index(varint(first_s))
        self._speed_at = len(head) + bodies[0].index(SPEED.pack(60.0))
        self._phases = [vehicle % PERIOD_CYCLES for vehicle in vehicles]
        self._speeds = [self._speeds_of(cycle) for cycle in range(PERIOD_CYCLES)]

    def _speeds_of(self, cycle: int) -> list[bytes]:
        """The four octets of the speed field, each for all vehicles."""
        fast, slow = SPEED.pack(LIMIT_KMH + 17), SPEED.pack(LIMIT_KMH - 20)
        packed = [fast if (cycle + phase) % PERIOD_CYCLES < SPEEDING_CYCLES else slow for phase in self._phases]
        return [bytes(speed[octet] for speed in packed) for octet in range(4)]

    def move(self) -> None:
        """Go on to the next cycle."""
        self.cycle += 1
        for at, octet in enumerate(varint(self._first_s + self.cycle * self._step_s), self._time_at):
            self.octets[at :: self.stride] = bytes((octet,)) * self.count
        for at, octets in enumerate(self._speeds[self.cycle % PERIOD_CYCLES], self._speed_at):
            self.octets[at :: self.stride] = octets

    def take(self, at: int, messages: int) -> bytes:
        """The octets of some messages of this cycle."""
        return bytes(memoryview(self.octets)[at * self.stride : (at + messages) * self.stride])

"""Bodies read in blocks are what the slow way reads, whatever was read before."""

from hypothesis import given
from hypothesis import strategies as st

from protocols.formats import ufms_layout
from protocols.formats.ufms import build_waypoint, parse_waypoint
from protocols.formats.ufms_track import TrackBodies
from protocols.waypoint import Waypoint
from tests.protocols.formats.test_ufms_layout import waypoints

BLOCKS = 3


@given(st.lists(waypoints, max_size=6), st.integers(0, 2))
def test_blocks_of_any_shapes_are_read_as_the_slow_way_reads_them(sent: list[Waypoint], altitudes: int) -> None:
    reader = TrackBodies()
    bodies = [
        build_waypoint(one, altitude_m=8.5 if number % 3 < altitudes else None) for number, one in enumerate(sent)
    ]
    for _ in range(BLOCKS):
        assert reader.read(bodies * ufms_layout.FEW) == [*map(parse_waypoint, bodies)] * ufms_layout.FEW


def test_of_a_block_laid_out_alike_the_texts_are_those_of_each_body() -> None:
    def body(number: int, driver: str) -> bytes:
        return build_waypoint(Waypoint("29A12345", driver, 50.0, 1_780_000_000 + number, 105.8, 21.0, *[None] * 4))

    bodies = [body(number, f"79000000000{number % 2}") for number in range(60)]
    reader = TrackBodies()
    for _ in range(BLOCKS):
        assert [one.driver for one in reader.read(bodies)] == [f"79000000000{number % 2}" for number in range(60)]

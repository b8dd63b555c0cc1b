"""The packed past of a series."""

from hypothesis import given, settings
from hypothesis import strategies as st

from actors.series_memory import BLOCK, Row, SeriesMemory, columns_of, pack_block, unpack_block

rows_drawn = st.lists(
    st.tuples(
        st.integers(0, 10**6), st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
        st.integers(0, 2**63 - 1),
    ),
    min_size=1, unique_by=lambda row: row[0],
).map(sorted)  # fmt: skip


def filled(rows: list[Row], size: int = 5) -> SeriesMemory:
    memory = SeriesMemory(b"0")
    for at, row in enumerate(rows):
        if at and at % size == 0:
            memory.close_block(str(at).encode())
        memory.append(row)
    return memory


@settings(deadline=None)
@given(rows_drawn, st.binary())
def test_a_block_is_read_as_it_was_packed(rows: list[Row], base: bytes) -> None:
    columns = unpack_block(pack_block(columns_of(base, rows)))
    assert (columns.base, columns.rows()) == (base, rows)


@settings(deadline=None)
@given(rows_drawn)
def test_every_row_is_found_and_no_other(rows: list[Row]) -> None:
    memory = filled(rows)
    assert list(memory) == rows
    assert [memory.find(row[0]) for row in rows] == rows
    times = {row[0] for row in rows}
    assert all(memory.find(time_s) is None for row in rows if (time_s := row[0] + 1) not in times)


@settings(deadline=None)
@given(rows_drawn, st.data())
def test_a_verdict_is_changed_where_it_stands(rows: list[Row], data: st.DataObject) -> None:
    memory, at = filled(rows), data.draw(st.integers(0, len(rows) - 1))
    memory.set_verdict(rows[at][0], 7)
    assert list(memory) == [*rows[:at], (*rows[at][:2], 7), *rows[at + 1 :]]


@settings(deadline=None)
@given(rows_drawn)
def test_the_state_goes_on_where_it_was(rows: list[Row]) -> None:
    memory = filled(rows)
    again = SeriesMemory.from_state(memory.state())
    assert list(again) == rows
    assert again.state() == memory.state()


@settings(deadline=None)
@given(rows_drawn, st.integers(0, 10**6))
def test_what_is_forgotten_is_older_than_the_horizon_and_its_predecessor(rows: list[Row], horizon_s: int) -> None:
    memory = filled(rows)
    memory.forget(horizon_s)
    left = list(memory)
    assert rows[len(rows) - len(left) :] == left
    assert left[0][0] < horizon_s or len(left) == len(rows)


def test_an_empty_memory_knows_nothing() -> None:
    memory = SeriesMemory(b"{}")
    assert (memory.newest_s, memory.find(5), list(memory)) == (None, None, [])
    assert list(SeriesMemory.from_state(memory.state())) == []


def test_regular_data_pack_small() -> None:
    rows: list[Row] = [(300 * at, 7.25 + at % 9 / 10, 0x1111011) for at in range(BLOCK)]
    assert len(pack_block(columns_of(b"", rows))) < 250

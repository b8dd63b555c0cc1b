"""An index of some rows only."""

from storage.declared_indexes import declared_indexes
from storage.models import TrafficDayRow
from storage.partial_index import PartialIndex


def test_an_index_says_which_rows_it_holds_and_is_written_into_a_migration_as_it_is() -> None:
    index = PartialIndex(fields=("id",), where="rare > 0")
    _, _, fields = index.deconstruct()
    assert PartialIndex(**fields) == index
    assert PartialIndex(fields=("id",), where="rare > 1") != index
    (declared,) = declared_indexes(TrafficDayRow)
    assert declared.statement.endswith("WHERE rare + silences + lacking + disorder > 0")

"""What is counted of a provider's day."""

from actors.provider_counts import ProviderCounts
from storage.writer import Unit


def test_a_kind_is_one_row_with_its_first_example() -> None:
    counts, unit = ProviderCounts(3, 1_780_000_000_000), Unit()
    counts.note("stored", 2)
    counts.note("duplicate", 0)
    counts.faults(["outside"], "29A\x001", "x=1")
    counts.faults(["outside"], "29A2", "x=2")
    counts.write(unit)
    stored, outside = unit.rows["provider_days"]
    assert stored[:1] == ("3:1779987600:stored",) and stored[3:5] == ("stored", 2)
    assert outside[3:5] == ("outside", 2) and outside[6:8] == ("29A?1", "x=1")

"""What looks beyond one station, read from the inventory."""

from actors.outer_network import WorkRule
from server.beyond import work_rule


def test_a_rule_of_a_work_names_station_and_symbol_by_role() -> None:
    table: dict[str, object] = {"rule": "htl_hhl", "htl": "TRAM_A/HTL", "hhl": "TRAM_B/HHL"}
    assert work_rule("lake", table) == WorkRule("lake", "htl_hhl", {"htl": ("TRAM_A", "HTL"), "hhl": ("TRAM_B", "HHL")})

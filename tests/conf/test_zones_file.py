"""Zones from GeoJSON: every fault with its place, and one refuses the file."""

import json
from pathlib import Path
from typing import Any

import pytest

from conf.faults import ConfigurationFaults
from conf.zones_file import read_zones

LINE = {"type": "LineString", "coordinates": [[105.8, 21.0], [105.9, 21.0]]}


def feature(name: str = "a", geometry: object = LINE, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": {"limit_kmh": 60, **properties}}


def read(folder: Path, *features: object) -> tuple[list[Any], list[str]]:
    file = folder / "z.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    entries, faults = read_zones(file)
    return entries, [str(fault) for fault in faults]


def test_a_zone_has_limit_direction_validity_and_limits_of_classes(tmp_path: Path) -> None:
    (zone,), faults = read(
        tmp_path,
        feature(
            name="QL5",
            direction="forward",
            valid_from="2026-01-01",
            hours=["22:00-05:00"],
            class_limits_kmh={"heavy": 50},
        ),
    )
    assert not faults
    assert (zone.name, zone.limit_kmh, zone.direction, zone.hours) == ("QL5", 60, "forward", [[1320, 300]])
    assert (zone.class_limits_kmh, zone.width_m, zone.to_s) == ({"heavy": 50.0}, 30.0, None)


def test_every_fault_is_listed_at_its_feature(tmp_path: Path) -> None:
    _, faults = read(
        tmp_path,
        feature("a"),
        feature("a", limit_kmh=None),
        feature("b", direction="north", hours=["25:00-26:00"], sped=3),
        feature("c", {"type": "Point", "coordinates": [1, 2]}),
        feature("d", {"type": "LineString", "coordinates": [[21.0, 105.8], [21.1, 105.9]]}),
        feature("e", valid_from="2026-02-01", valid_to="2026-01-01"),
        "nothing",
    )
    places = [fault.split(":")[0].split(" ")[0] for fault in faults]
    assert {place.split("]")[0] for place in places} == {f"features[{n}" for n in range(1, 7)}
    assert any("limit_kmh: is missing" in fault for fault in faults)
    assert any("is not on the earth" in fault for fault in faults)
    assert any("stands already at features[0]" in fault for fault in faults)


def test_what_is_no_collection_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "z.geojson"
    for text in ("{", "[]", '{"type": "Feature"}'):
        file.write_text(text)
        with pytest.raises(ConfigurationFaults):
            read_zones(file)

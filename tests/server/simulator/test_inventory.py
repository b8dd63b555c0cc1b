"""The inventory of the simulated world, and its text."""

import re
from pathlib import Path

import pytest

from conf.inventory import read_inventory
from protocols.formats.filename import build_name, parse_name
from server.simulator.inventory import Peer, WorldOptions, make_inventory
from server.simulator.inventory_toml import inventory_toml
from storage.entries import Inventory

OPTIONS = WorldOptions(stations=40, vehicles=60, speed=30)


def inventory(options: WorldOptions = OPTIONS) -> Inventory:
    return make_inventory(options, Peer(2100, "one", "pass-one"), Peer(5670, "two", "pass-two"))


def test_its_text_is_an_inventory_file_without_a_fault(tmp_path: Path) -> None:
    written = inventory()
    file = tmp_path / "inventory.toml"
    file.write_text(inventory_toml(written), encoding="utf-8")
    assert read_inventory(file) == (written, [])


def test_every_station_has_its_own_code_that_stands_in_its_file_names() -> None:
    codes = [station.code for station in inventory().stations]
    assert len(set(codes)) == 40
    for code in codes:
        name = parse_name(build_name(code, 1_772_413_200))
        assert name is not None and name.code == code
        assert name.medium in {"nuoc", "khi"}


def test_every_vehicle_has_its_own_plate_in_the_clean_spelling() -> None:
    plates = [vehicle.plate for vehicle in inventory().vehicles]
    assert len(set(plates)) == 60
    assert all(re.fullmatch("[0-9A-Z]{8,9}", plate) for plate in plates)


def test_no_two_worlds_share_a_password() -> None:
    one, other = inventory(), inventory()
    passwords = [account.password for world in (one, other) for account in world.accounts]
    passwords += [provider.password for world in (one, other) for provider in world.providers]
    assert len(set(passwords)) == len(passwords)
    assert all(len(password) >= 20 for password in passwords)


def test_a_faster_world_registers_shorter_cadences() -> None:
    assert {station.cadence_s for station in inventory(WorldOptions(4, 0, 1)).stations} == {300}
    assert {station.cadence_s for station in inventory(WorldOptions(4, 0, 30)).stations} == {10}
    assert {station.cadence_s for station in inventory(WorldOptions(4, 0, 300)).stations} == {1}


def test_the_world_has_an_area_and_a_unit_that_is_told() -> None:
    world = inventory()
    codes = {station.code for station in world.stations}
    assert world.areas[0].stations and set(world.areas[0].stations) <= codes
    assert world.recipients[0].emails and "exceeding" in world.recipients[0].causes


@pytest.mark.parametrize("options", [WorldOptions(0, 0), WorldOptions(1, 0), WorldOptions(0, 1)])
def test_an_almost_empty_world_can_be_written_down(options: WorldOptions, tmp_path: Path) -> None:
    written = inventory(options)
    file = tmp_path / "inventory.toml"
    file.write_text(inventory_toml(written), encoding="utf-8")
    assert read_inventory(file) == (written, [])

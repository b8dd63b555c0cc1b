"""Vehicles and destinations."""

import pytest

from conf.faults import ConfigFault
from conf.inventory_traffic import read_destination, read_vehicle
from conf.table_reader import TableReader


def destination_faults(**keys: object) -> list[str]:
    faults: list[ConfigFault] = []
    sound: dict[str, object] = {"name": "bo", "kind": "files", "url": "ftp://u:p@h/x"}
    read_destination(TableReader("d", sound | keys, faults))
    return [f"{fault.where}: {fault.problem}; {fault.mend}" for fault in faults]


def test_a_plate_is_kept_in_its_clean_spelling() -> None:
    assert read_vehicle(TableReader("v", {"plate": " 29a-123.45"}, [])).plate == "29A12345"


def test_the_scheme_must_fit_the_kind() -> None:
    (fault,) = destination_faults(url="amqp://u:p@h/x")
    assert fault == "d.url: is not an address for files; write ftp:// or ftps:// or sftp://user:pass@host:port/..."


@pytest.mark.parametrize("url", ["ftp:///x", "ftp://h:99999/x", "h/x", "ftp://[::1/x"])
def test_an_address_needs_host_and_port(url: str) -> None:
    assert [fault.split(":")[0] for fault in destination_faults(url=url)] == ["d.url"]


def test_a_wrong_address_is_shown_without_its_password() -> None:
    faults: list[ConfigFault] = []
    read_destination(TableReader("d", {"name": "a", "kind": "files", "url": "http://u:secret@h/"}, faults))
    assert faults[0].value == "http://u:***@h/"


def test_an_unknown_placeholder_is_a_fault() -> None:
    assert destination_faults(url="ftp://h/{medum}") == ["d.url: is an unknown placeholder; did you mean 'medium'?"]


def test_keys_of_the_other_kind_are_faults() -> None:
    assert destination_faults(exchange="x") == [
        "d.exchange: does not belong to a destination of kind files; take it out"
    ]


def test_waypoints_need_an_exchange() -> None:
    assert destination_faults(kind="waypoints", url="amqps://u:p@h/") == ["d.exchange: is missing; add it"]


def test_a_name_can_stand_inside_a_counter() -> None:
    assert [fault.split(":")[0] for fault in destination_faults(name="a.b")] == ["d.name"]


def test_a_layout_that_no_hourly_file_is_written_in_is_a_fault() -> None:
    assert [fault.split(";")[0] for fault in destination_faults(layout="tt13_2023")] == [
        "d.layout: is not one of the choices"
    ]

"""The work that registers itself."""

from actors.name_check import registered_faults
from actors.rules.works import find_work
from protocols.formats import tt13_2023_registration
from server.simulator.registrant import FIELDS, registration_file


def test_its_file_is_a_registration_without_faults() -> None:
    name, body = registration_file()
    assert tt13_2023_registration.is_registration(name)
    told = tt13_2023_registration.parse(name, body)
    assert (told.code, told.province, told.fields, told.faults) == ("33_hochuaSongLuoc", "33", FIELDS, ())
    assert registered_faults(name, told) == ()
    work = find_work(FIELDS["Loaicongtrinh"], "hochuaSongLuoc")
    assert work is not None and work.name == "dam"

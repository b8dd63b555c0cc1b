"""What trackers say is written down beside what people entered."""

from actors.tracker_words import write_words
from protocols.amqp.boundary import ProviderGrant
from protocols.formats.ufms_pb2 import BaseMessage, RegCompany, RegVehicle
from storage.tables import tables
from storage.writer import Unit

GRANT = ProviderGrant(4, "gps1", (), "::1")


def vehicle(plate: str) -> bytes:
    said = RegVehicle(vehicle=plate, vehicle_type=RegVehicle.BUS, driver="9", company="SH")
    return BaseMessage(msg_type=BaseMessage.REG_VEHICLE, reg_vehicle=said).SerializeToString()


def test_a_vehicle_is_known_by_its_clean_plate_and_its_provider() -> None:
    unit = Unit()
    assert write_words(unit, GRANT, vehicle("29a-123.45"), 7, 8) == ""
    (row,) = unit.rows["vehicle_words"]
    named = dict(zip(tables()["vehicle_words"].columns, row, strict=True))
    assert (named["id"], named["plate"], named["spelling"]) == ("4:29A12345", "29A12345", "29a-123.45")
    assert (named["company"], named["business"], named["aside_id"]) == ("SH", "BUS", 8)


def test_what_registers_nobody_says_why() -> None:
    unit = Unit()
    assert write_words(unit, GRANT, vehicle("-"), 7, 8) == "the plate is none"
    company = BaseMessage(msg_type=BaseMessage.REG_COMPANY, reg_company=RegCompany(company="")).SerializeToString()
    assert "company is empty" in write_words(unit, GRANT, company, 7, 8)
    assert unit.rows == {}

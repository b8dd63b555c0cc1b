"""Registration messages of the UFMS schema."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import FormatError
from protocols.formats.ufms_pb2 import BaseMessage, RegCompany, RegDriver, RegVehicle
from protocols.formats.ufms_registration import CompanySaid, DriverSaid, VehicleSaid, parse_registration


def vehicle(**fields: object) -> bytes:
    said = RegVehicle(vehicle="29A-123.45", vehicle_type=RegVehicle.HOP_DONG, driver="9", company="Sông Hồng")
    for name, value in fields.items():
        setattr(said, name, value)
    return BaseMessage(msg_type=BaseMessage.REG_VEHICLE, reg_vehicle=said).SerializeToString()


def test_a_vehicle_is_read_with_its_device() -> None:
    body = vehicle(device_model_no=7, device_id="D1", sim="0912", vin="VIN1", datetime=5)
    assert parse_registration(body) == VehicleSaid(
        "29A-123.45", "HOP_DONG", "9", "Sông Hồng", "7", "D1", "0912", "VIN1", 5
    )


def test_a_driver_and_a_company_are_read() -> None:
    driver = BaseMessage(
        msg_type=BaseMessage.REG_DRIVER, reg_driver=RegDriver(driver="9", name="Lan", datetime_expire=8, license="B2")
    )
    company = BaseMessage(msg_type=BaseMessage.REG_COMPANY, reg_company=RegCompany(company="SH", tel="024"))
    assert parse_registration(driver.SerializeToString()) == DriverSaid("9", "Lan", 0, 8, "", "B2")
    assert parse_registration(company.SerializeToString()) == CompanySaid("SH", "", "", "024")


def test_text_is_freed_of_what_no_store_takes() -> None:
    said = parse_registration(vehicle(company="a\x00b", sim="9" * 500))
    assert isinstance(said, VehicleSaid) and said.company == "a b" and len(said.sim) == 64


def test_a_plate_that_is_empty_registers_nobody() -> None:
    with pytest.raises(FormatError):
        parse_registration(vehicle(vehicle=" "))


@given(st.binary(max_size=80))
def test_any_bytes_give_a_record_or_none_or_a_format_error(tail: bytes) -> None:
    for head in (b"", bytes.fromhex("08900382 19".replace(" ", "")), bytes.fromhex("089a03d219")):
        try:
            parse_registration(head + bytes([len(tail) & 0x7F]) + tail)
        except FormatError:
            continue

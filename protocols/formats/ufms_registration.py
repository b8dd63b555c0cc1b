"""Registration messages of the UFMS schema: what a tracker's provider says of vehicles, drivers and companies.

Invariant: any bytes give a record, None for a message that registers nothing, or FormatError. Text is cut to what the
tables hold and freed of what cannot be shown; the bytes themselves are kept beside it by whoever received them.
"""

from typing import NamedTuple

from protocols.errors import FormatError
from protocols.formats.ufms import parse_base
from protocols.formats.ufms_pb2 import BaseMessage, RegVehicle

LONGEST_NAME, LONGEST_CODE, LONGEST_ADDRESS = 200, 64, 300


class VehicleSaid(NamedTuple):
    """RegVehicle: `business` in the schema's words (KHACH, BUS, HOP_DONG, DU_LICH, CONTAINER)."""

    vehicle: str
    """Plate as received."""
    business: str
    driver: str
    company: str
    device_model: str
    device: str
    sim: str
    vin: str
    time_s: int


class DriverSaid(NamedTuple):
    """RegDriver; `licence` is the number, `licence_class` e.g. B2; 0 where a day is not told."""

    licence: str
    name: str
    issued_s: int
    expires_s: int
    place: str
    licence_class: str


class CompanySaid(NamedTuple):
    """RegCompany."""

    company: str
    name: str
    address: str
    tel: str


Said = VehicleSaid | DriverSaid | CompanySaid


def parse_registration(body: bytes) -> Said | None:
    """Read a registration; None for a message of another type.

    Raises:
        FormatError: garbage, or a registration without its required fields.
    """
    message = parse_base(body)
    match message.msg_type:
        case BaseMessage.REG_VEHICLE:
            return _vehicle(message)
        case BaseMessage.REG_DRIVER:
            return _driver(message)
        case BaseMessage.REG_COMPANY:
            return _company(message)
        case _:
            return None


def _vehicle(message: BaseMessage) -> VehicleSaid:
    said = message.reg_vehicle
    return VehicleSaid(
        _required(said.vehicle, "vehicle", LONGEST_CODE),
        RegVehicle.VehicleType.Name(said.vehicle_type),
        _text(said.driver, LONGEST_CODE),
        _text(said.company, LONGEST_NAME),
        _text(said.device_model, LONGEST_CODE) or (str(said.device_model_no) if said.device_model_no else ""),
        _text(said.device_id, LONGEST_CODE),
        _text(said.sim, LONGEST_CODE),
        _text(said.vin, LONGEST_CODE),
        said.datetime,
    )


def _driver(message: BaseMessage) -> DriverSaid:
    said = message.reg_driver
    return DriverSaid(
        _required(said.driver, "driver", LONGEST_CODE),
        _text(said.name, LONGEST_NAME),
        said.datetime_issue,
        said.datetime_expire,
        _text(said.reg_place, LONGEST_NAME),
        _text(said.license, LONGEST_CODE),
    )


def _company(message: BaseMessage) -> CompanySaid:
    said = message.reg_company
    return CompanySaid(
        _required(said.company, "company", LONGEST_NAME),
        _text(said.name, LONGEST_NAME),
        _text(said.address, LONGEST_ADDRESS),
        _text(said.tel, LONGEST_CODE),
    )


def _required(value: str | bytes, field: str, longest: int) -> str:
    text = _text(value, longest)
    if not text:
        raise FormatError(f"the registration's {field} is empty")
    return text


def _text(value: str | bytes, longest: int) -> str:
    """Text that can be shown and stored: the runtime hands out a string field that is not UTF-8 as bytes."""
    text = value if isinstance(value, str) else value.decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else " " for char in text).strip()[:longest]

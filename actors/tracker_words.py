"""Writes down what trackers say of vehicles, drivers and companies, beside what people entered.

Invariant: a registration changes no vehicle and no person's entry; it is a row of its own, the provider's last word.
"""

from typing import assert_never

from actors.rules.identity import clean_identity
from protocols.amqp.boundary import ProviderGrant
from protocols.errors import FormatError
from protocols.formats.ufms_registration import CompanySaid, DriverSaid, VehicleSaid, parse_registration
from storage.writer import Unit

MOST_PLATE = 24


def write_words(unit: Unit, grant: ProviderGrant, body: bytes, received_ms: int, aside_id: int) -> str:
    """Add what a message registers to the unit that keeps its bytes; gives what was wrong with it, if anything."""
    try:
        said = parse_registration(body)
    except FormatError as error:
        return error.reason
    who = grant.provider_id
    match said:
        case VehicleSaid():
            plate = clean_identity(said.vehicle)
            if not plate or len(plate) > MOST_PLATE:
                return "the plate is none"
            unit.add("vehicle_words", (f"{who}:{plate}", plate, grant.username, *said, received_ms, aside_id))
        case DriverSaid():
            licence = clean_identity(said.licence)
            if not licence:
                return "the licence is none"
            unit.add("driver_words", (f"{who}:{licence}", licence, grant.username, *said[1:], received_ms, aside_id))
        case CompanySaid():
            name = said.company
            unit.add("company_words", (f"{who}:{name}", name, grant.username, *said[1:], received_ms, aside_id))
        case None:
            pass
        case _:
            assert_never(said)
    return ""

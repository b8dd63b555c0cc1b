"""Every key explains itself, and shows an address as one writes it."""

import dataclasses

from conf.kinds import KINDS
from conf.settings import Address, Settings


def test_every_key_has_a_default_an_explanation_and_a_known_kind() -> None:
    for section in dataclasses.fields(Settings):
        for key in dataclasses.fields(section.type):  # type: ignore[arg-type]
            assert key.default is not dataclasses.MISSING
            assert key.metadata["help"]
            assert key.type in KINDS


def test_an_address_is_shown_as_it_is_written() -> None:
    assert (str(Address("0.0.0.0", 21)), str(Address("::1", 21))) == ("0.0.0.0:21", "[::1]:21")

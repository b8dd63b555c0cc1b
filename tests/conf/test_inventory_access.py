"""Accounts and providers: names, keys, networks."""

import pytest

from conf.faults import ConfigFault
from conf.inventory_access import read_account, read_provider
from conf.table_reader import TableReader

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"


def account_faults(**keys: object) -> list[str]:
    faults: list[ConfigFault] = []
    read_account(TableReader("a", {"username": "u", **keys}, faults))
    return [f"{fault.where}: {fault.problem}; {fault.mend}" for fault in faults]


def test_several_keys_may_be_given() -> None:
    account = read_account(TableReader("a", {"username": "u", "public_keys": [f"{KEY} x", f"{KEY} y"]}, []))
    assert account.public_keys == (KEY,)


@pytest.mark.parametrize("key", ["", "ssh-ed25519", "ssh-ed25519 !!!", "ssh-rsa " + KEY.split()[1], "AAAA"])
def test_a_broken_public_key_is_a_fault(key: str) -> None:
    assert account_faults(public_key=key) == [
        "a.public_key: is not an OpenSSH public key; paste the one line of the .pub file"
    ]


def test_a_network_with_host_bits_is_a_fault_with_the_network_as_the_mend() -> None:
    assert account_faults(allow_from=["10.1.2.3/8"]) == ['a.allow_from[0]: is not a network; write "10.0.0.0/8"']


def test_a_wrong_address_is_a_fault() -> None:
    assert account_faults(allow_from=["station"]) == [
        'a.allow_from[0]: is not a network; write e.g. "203.0.113.7" or "10.0.0.0/8"'
    ]


def test_only_upload_protocols_may_be_named() -> None:
    assert account_faults(protocols=["sfpt"]) == ["a.protocols[0]: is not one of the choices; did you mean 'sftp'?"]


@pytest.mark.parametrize("name", ["../a", "a b", "", "trạm", "-a"])
def test_a_username_is_a_plain_word(name: str) -> None:
    assert [text.split(":")[0] for text in account_faults(username=name)] == ["a.username"]


def test_a_provider_without_exchanges_has_its_own() -> None:
    assert read_provider(TableReader("p", {"username": "gps1"}, [])).exchanges == ("tracking.gps1",)

"""A destination's URL becomes the client that carries it."""

import pytest

from protocols.ftp.client import FtpSender
from protocols.sftp.client import SftpSender
from server.forwards import SENDERS, AmqpPeer, make_sender
from storage.models import DestinationRow


def destination(url: str) -> DestinationRow:
    return DestinationRow(name="bo", kind="files", url=url, exchange="tracking.so", routing_key="track1")


@pytest.mark.parametrize("scheme", SENDERS)
def test_every_scheme_has_its_sender(scheme: str) -> None:
    sender = make_sender(destination(f"{scheme}://u:p@127.0.0.1/tudong"), "nuoc")
    assert isinstance(sender, SftpSender if scheme == "sftp" else FtpSender)


def test_the_medium_stands_in_the_folder_and_percent_signs_are_decoded() -> None:
    sender = make_sender(destination("ftp://so%40tnmt:p%3Aw@127.0.0.1:2100/tudong/{medium}/S%E1%BB%9F"), "khi")
    target = sender._target  # type: ignore[attr-defined]
    assert (target.username, target.password, target.port) == ("so@tnmt", "p:w", 2100)
    assert target.folder == "/tudong/khi/Sở"


def test_without_a_port_the_usual_one_is_taken() -> None:
    ports = [make_sender(destination(f"{s}://u:p@h/x"), "")._target.port for s in SENDERS]  # type: ignore[attr-defined]
    assert dict(zip(SENDERS, ports, strict=True)) == {"ftp": 21, "ftps": 21, "sftp": 22}


def test_a_certificate_is_checked_unless_the_url_says_no() -> None:
    checked = make_sender(destination("ftps://u:p@h/x"), "")._target  # type: ignore[attr-defined]
    trusted = make_sender(destination("ftps://u:p@h/x?verify=no"), "")._target  # type: ignore[attr-defined]
    assert (checked.tls, checked.verify_tls, trusted.verify_tls) == (True, True, False)


def test_an_authority_is_reached_at_its_url() -> None:
    options = AmqpPeer(destination("amqp://u:p%40@127.0.0.1:5672/%2F"))._publisher.options
    assert (options.username, options.password, options.port, options.virtual_host) == ("u", "p@", 5672, "/")
    assert (options.exchange, options.routing_key, options.mandatory) == ("tracking.so", "track1", True)

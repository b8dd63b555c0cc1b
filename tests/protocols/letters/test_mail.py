"""E-mail to a real SMTP server: plain, with login; refusals for now and for good; no server."""

import socket

import pytest

from protocols.errors import DeliveryError
from protocols.letters.mail import NONE, MailOptions, build_mail, send_mail
from tests.protocols.letters.post_office import USER, WORD, smtp_server

pytestmark = pytest.mark.asyncio
NOW_S = 1_763_610_900.0


def options(port: int, **given: str) -> MailOptions:
    given = {"sender": "Trạm <tram@so.example.vn>", "security": NONE, **given}
    return MailOptions("127.0.0.1", port, timeout_s=5.0, **given)


async def send(wanted: MailOptions, address: str = "a@example.vn") -> None:
    message = build_mail(wanted, address, "Trạm mất\r\nBcc: x@y dữ liệu", "Kính gửi: Trực ban\n", "trambox-1-2", NOW_S)
    await send_mail(wanted, message)


async def test_a_letter_arrives_in_vietnamese_with_an_id_of_its_own_and_one_line_of_subject() -> None:
    with smtp_server() as box:
        await send(options(box.port))
        await send(options(box.port))
    first, second = box.mails
    assert first["Subject"] == "Trạm mất Bcc: x@y dữ liệu"
    assert first["Bcc"] is None
    assert first["To"] == "a@example.vn"
    assert first.get_content().splitlines() == ["Kính gửi: Trực ban"]
    assert first["Message-ID"] == second["Message-ID"] == "<trambox-1-2@so.example.vn>"
    assert first["Auto-Submitted"] == "auto-generated"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_server_that_wants_a_login_is_given_it() -> None:
    with smtp_server(login=True) as box:
        await send(options(box.port, username=USER, password=WORD))
        assert len(box.mails) == 1
        with pytest.raises(DeliveryError) as refused:
            await send(options(box.port, username=USER, password="wrong"))
    assert refused.value.permanent
    assert "535" in refused.value.reason


@pytest.mark.parametrize(("answer", "permanent"), [("451 later", False), ("554 never", True)])
async def test_what_the_server_says_decides_whether_to_try_again(answer: str, permanent: bool) -> None:
    with smtp_server() as box:
        box.answer = answer
        with pytest.raises(DeliveryError) as refused:
            await send(options(box.port))
    assert refused.value.permanent is permanent
    assert answer in refused.value.reason


async def test_an_address_that_nobody_has_is_refused_for_good() -> None:
    with smtp_server() as box:
        box.refuses = frozenset({"nobody@example.vn"})
        with pytest.raises(DeliveryError) as refused:
            await send(options(box.port), "nobody@example.vn")
    assert refused.value.permanent
    assert "550" in refused.value.reason


async def test_a_server_without_tls_is_told_nothing_where_tls_is_wanted() -> None:
    with smtp_server() as box:
        with pytest.raises(DeliveryError) as refused:
            await send(options(box.port, security="starttls"))
        assert box.mails == []
    assert not refused.value.permanent


async def test_no_server_means_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for wanted in (options(port), MailOptions()):
        with pytest.raises(DeliveryError) as refused:
            await send(wanted)
        assert not refused.value.permanent

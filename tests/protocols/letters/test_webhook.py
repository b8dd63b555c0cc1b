"""Webhooks to a real HTTP server: signed, repeated with the same id, refused for now or for good."""

import hashlib
import hmac

import pytest

from protocols.errors import DeliveryError
from protocols.letters.webhook import post_webhook
from tests.protocols.letters.post_office import http_receiver

pytestmark = pytest.mark.asyncio
BODY = '{"cause":"missing","name":"Cà Phê"}'.encode()


async def test_a_document_arrives_signed_with_the_secret() -> None:
    with http_receiver() as receiver:
        await post_webhook(receiver.url, "s3cret", BODY, "trambox-1-2")
    ((headers, body),) = receiver.posts
    assert body == BODY
    assert headers["X-Trambox-Letter"] == "trambox-1-2"
    assert headers["X-Trambox-Signature"] == "sha256=" + hmac.new(b"s3cret", BODY, hashlib.sha256).hexdigest()
    assert headers["Content-Type"].startswith("application/json")


async def test_without_a_secret_nothing_is_signed() -> None:
    with http_receiver() as receiver:
        await post_webhook(receiver.url, "", BODY, "x")
    assert "X-Trambox-Signature" not in receiver.posts[0][0]


@pytest.mark.parametrize(
    ("status", "permanent"), [(500, False), (503, False), (429, False), (400, True), (410, True), (302, True)]
)
async def test_the_answer_decides_whether_to_try_again_and_redirects_are_not_followed(
    status: int, permanent: bool
) -> None:
    with http_receiver() as receiver:
        receiver.status = status
        with pytest.raises(DeliveryError) as refused:
            await post_webhook(receiver.url, "", BODY, "x")
    assert refused.value.permanent is permanent
    assert len(receiver.posts) == 1


async def test_a_receiver_that_is_away_is_tried_again_and_no_address_is_not() -> None:
    with http_receiver() as receiver:
        pass
    with pytest.raises(DeliveryError) as away:
        await post_webhook(receiver.url, "", BODY, "x")
    assert not away.value.permanent
    with pytest.raises(DeliveryError) as wrong:
        await post_webhook("gopher://127.0.0.1/", "", BODY, "x")
    assert wrong.value.permanent

"""Webhooks: one JSON document by POST, signed with the receiver's secret.

The signature is `sha256=` and the HMAC-SHA-256 of the body, in the header X-Trambox-Signature; the letter's id stands
in X-Trambox-Letter, the same for each attempt, so that a receiver can drop a repetition. 2xx is a receipt; 408, 425,
429 and 5xx may be tried again, any other answer needs a human. Redirects are not followed: the receiver was named.
"""

import hashlib
import hmac

import httpx

from protocols.errors import DeliveryError

TIMEOUT_S = 20.0
AGAIN = frozenset({408, 425, 429})


def sign(secret: str, body: bytes) -> str:
    """The value of X-Trambox-Signature."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


async def post_webhook(url: str, secret: str, body: bytes, letter_id: str, timeout_s: float = TIMEOUT_S) -> None:
    """Post the document.

    Raises:
        DeliveryError: no receipt; permanent where the receiver refuses for good.
    """
    headers = {"Content-Type": "application/json; charset=utf-8", "X-Trambox-Letter": letter_id}
    if secret:
        headers["X-Trambox-Signature"] = sign(secret, body)
    try:
        async with httpx.AsyncClient(timeout=timeout_s, follow_redirects=False) as client:
            response = await client.post(url, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        permanent = isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol)
        raise DeliveryError(f"webhook: {str(error) or type(error).__name__}", permanent=permanent) from error
    if not response.is_success:
        permanent = response.status_code < 500 and response.status_code not in AGAIN
        raise DeliveryError(f"webhook: answered {response.status_code}", permanent=permanent)

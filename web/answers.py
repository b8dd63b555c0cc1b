"""The two ends of the JSON wire: an answer written by orjson, a request body read by it."""

from collections.abc import Mapping
from typing import Any

import orjson
from quart import Response, request

from web.refusals import Refusal, bad_value


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer a value as JSON."""
    response = Response(orjson.dumps(value), status, content_type="application/json")
    for name, text in (headers or {}).items():
        response.headers[name] = text
    return response


def refuse(refusal: Refusal) -> Response:
    """Answer a refusal as `{error, detail, field}`."""
    body: dict[str, object] = {"error": refusal.error, "detail": refusal.detail, "field": refusal.field}
    if refusal.code:
        body |= {"code": refusal.code, "told": refusal.told}
    headers = {} if refusal.retry_after_s is None else {"Retry-After": str(refusal.retry_after_s)}
    return answer(body, refusal.status, headers)


async def body_of_request() -> dict[str, Any]:
    """Read the request's JSON object; raises Refusal."""
    raw = await request.get_data(as_text=False)
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, "bad_json", f"the body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise Refusal(400, "bad_json", "the body must be a JSON object")
    return body


def text_field(body: Mapping[str, Any], field: str, *, longest: int = 200, default: str | None = None) -> str:
    """Read one text field of a body; raises Refusal where it is absent (without default), not text, or too long."""
    value = body.get(field, default)
    if not isinstance(value, str) or len(value) > longest:
        raise bad_value(field, f"{field} must be a text of at most {longest} characters")
    return value

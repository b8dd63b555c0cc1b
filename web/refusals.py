"""Refusals: an answer that says which rule refused the request, as a value of the wire.

Every refused request is `{error, detail, field}`: a word, a sentence, and the part of the request it speaks of (empty
where it speaks of all of it). Where several sentences share a word, `code` says which and `told` what stands in it, so
that a page says it in its own language (`refused.*` in `web/words`).
"""

from collections.abc import Mapping


class Refusal(Exception):
    """A request is refused."""

    def __init__(
        self,
        status: int,
        error: str,
        detail: str,
        field: str = "",
        retry_after_s: int | None = None,
        code: str = "",
        told: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.error = error
        self.detail = detail
        self.field = field
        self.retry_after_s = retry_after_s
        self.code = code
        self.told = dict(told or {})


def bad_value(field: str, detail: str) -> Refusal:
    """A query or body field cannot be read."""
    return Refusal(400, "bad_value", detail, field)


def not_found(what: str, name: str, field: str) -> Refusal:
    """Nothing of that name is registered."""
    return Refusal(404, "not_found", f"no {what} named {name!r}", field)


def not_signed_in() -> Refusal:
    """Neither a live session nor a known token came with the request."""
    return Refusal(401, "not_signed_in", "sign in, or send Authorization: Bearer <token>")


def role_refused(role: str, needed: str) -> Refusal:
    """The person's role does not allow this."""
    return Refusal(403, "role", f"the role {role} may not do this; it takes {needed}", "role")

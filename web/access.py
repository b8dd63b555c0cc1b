"""Who asks, and may they: one check before every request, read off the table of operations.

Invariant: a route that `web/operations.py` does not name is refused, so nothing is reachable by forgetting a rule.
"""

import hmac
from dataclasses import dataclass
from enum import StrEnum

from quart import g, request

from actors.review_acts import NOTERS, REVIEWERS
from protocols.vocabulary import Role
from storage.models import UserRow
from storage.scopes import Scope, scope_of_user
from web.deps import WebDeps
from web.refusals import Refusal, not_signed_in, role_refused
from web.sessions import COOKIE, CSRF_HEADER, csrf_token, is_genuine, parse_cookie


class Access(StrEnum):
    """What a request takes."""

    PUBLIC = "public"
    READ = "read"
    """Any signed-in person."""
    ACT = "act"
    """An operator or an administrator."""
    NOTE = "note"
    """Whoever may say something about values: an operator, a reviewer or an administrator."""
    REVIEW = "review"
    """Whoever decides about values: a reviewer or an administrator."""


ACTING_ROLES = frozenset({Role.OPERATOR, Role.ADMIN})
ROLES = {
    Access.ACT: (ACTING_ROLES, "operator or admin"),
    Access.NOTE: (NOTERS, "operator, reviewer or admin"),
    Access.REVIEW: (REVIEWERS, "reviewer or admin"),
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever is asking. `csrf` is empty for a bearer token, which needs none; `scope` is None for one who sees all."""

    user: UserRow
    name: str
    role: Role
    csrf: str
    scope: Scope | None

    @property
    def may_act(self) -> bool:
        """Whether restart, stop and start are theirs."""
        return self.role in ACTING_ROLES

    @property
    def may_note(self) -> bool:
        """Whether notes and questions to a station are theirs."""
        return self.role in NOTERS

    @property
    def may_review(self) -> bool:
        """Whether decisions about values are theirs."""
        return self.role in REVIEWERS


async def identify(deps: WebDeps) -> Person | None:
    """Find the person behind the request's bearer token or session cookie."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        user = await deps.users.user_of_token(token.strip())
        return None if user is None else await _person(user, "")
    claim = parse_cookie(request.cookies.get(COOKIE, ""))
    user = None if claim is None else await deps.queries.user(claim.name)
    key = deps.options.secret_key
    if claim is None or user is None or not is_genuine(claim, key, user.password_hash, deps.now()):
        return None
    return await _person(user, csrf_token(claim, key, user.password_hash))


async def _person(user: UserRow, csrf: str) -> Person:
    return Person(user, user.name, Role(user.role), csrf, await scope_of_user(user))


def check(person: Person | None, access: Access, method: str) -> None:
    """Let the request pass, or raise Refusal."""
    if access is Access.PUBLIC:
        return
    if person is None:
        raise not_signed_in()
    if access in ROLES:
        roles, told = ROLES[access]
        if person.role not in roles:
            raise role_refused(person.role, told)
    if method not in SAFE_METHODS and person.csrf:
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), person.csrf.encode()):
            raise Refusal(403, "csrf", f"send the session's token in the header {CSRF_HEADER}", CSRF_HEADER)


def maybe_person() -> Person | None:
    """The person the check before this request found."""
    person: Person | None = g.get("person")
    return person


def person_asking() -> Person:
    """The person asking; raises Refusal where nobody is signed in."""
    person = maybe_person()
    if person is None:
        raise not_signed_in()
    return person

"""Sign in, sign out, bearer tokens."""

from math import ceil

from quart import Blueprint, Response, request

from protocols.times import iso_ms
from protocols.vocabulary import Role
from storage.models import UserRow
from storage.scopes import COMPANY
from web.access import person_asking
from web.answers import answer, body_of_request, text_field
from web.deps import WebDeps
from web.refusals import Refusal, not_found, role_refused
from web.sessions import COOKIE, csrf_token, make_cookie, parse_cookie
from web.throttle import LoginThrottle


def scope_shape(user: UserRow, department: str | None) -> dict[str, str | None] | None:
    """What a person's view is narrowed to; a company with its department, null where nobody said it."""
    if not user.scope_kind:
        return None
    told = {"kind": user.scope_kind, "name": user.scope_name}
    return {**told, "department": department} if user.scope_kind == COMPANY else {**told}


def auth_routes(deps: WebDeps) -> Blueprint:
    """Routes of people and their tokens."""
    routes = Blueprint("auth", __name__)
    throttle = LoginThrottle()
    options = deps.options

    @routes.post("/api/v1/login")
    async def login() -> Response:
        if request.headers.get("Sec-Fetch-Site", "none") == "cross-site":
            raise Refusal(403, "cross_site", "sign in from the console's own page")
        body = await body_of_request()
        username, password = text_field(body, "username"), text_field(body, "password", longest=1000)
        address = request.remote_addr or ""
        wait_s = throttle.wait_s(address, deps.now())
        if wait_s > 0:
            detail = f"too many failed sign-ins from {address}; try again in {ceil(wait_s)} s"
            raise Refusal(429, "throttled", detail, retry_after_s=ceil(wait_s))
        user = await deps.users.verify_user(username, password)
        if user is None:
            await deps.audit(username[:64], "login_refused", address, "")
            raise Refusal(401, "login", "the name or the password is wrong", "password")
        throttle.forgive(address)
        await deps.audit(user.name, "login", address, "")
        cookie = make_cookie(options.secret_key, user.password_hash, user.name, int(deps.now()) + options.session_s)
        claim = parse_cookie(cookie)
        csrf = "" if claim is None else csrf_token(claim, options.secret_key, user.password_hash)
        response = answer({"csrf": csrf, "role": user.role})
        response.set_cookie(
            COOKIE, cookie, max_age=options.session_s, httponly=True, samesite="Lax", secure=options.uses_tls
        )
        return response

    @routes.post("/api/v1/logout")
    async def logout() -> Response:
        response = answer({})
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=options.uses_tls)
        return response

    @routes.get("/api/v1/me")
    async def me() -> Response:
        person = person_asking()
        scope = scope_shape(person.user, None if person.scope is None else person.scope.department)
        return answer({"name": person.name, "role": person.role, "csrf": person.csrf, "scope": scope})

    @routes.post("/api/v1/tokens")
    async def tokens() -> Response:
        person = person_asking()
        body = await body_of_request()
        name = text_field(body, "name", longest=64, default="")
        owner_name = text_field(body, "user", longest=64, default=person.name)
        owner = person.user
        if owner_name != person.name:
            if person.role is not Role.ADMIN or person.user.scope_kind:
                raise role_refused(person.role, "admin to make a token for someone else")
            found = await deps.queries.user(owner_name)
            if found is None:
                raise not_found("user", owner_name, "user")
            owner = found
        token = await deps.users.make_token(owner, name)
        await deps.audit(person.name, "token", owner.name, name)
        return answer({"token": token, "user": owner.name, "name": name})

    @routes.get("/api/v1/users")
    async def users() -> Response:
        rows = await deps.queries.users()
        return answer(
            [
                {
                    "name": row.name,
                    "role": row.role,
                    "created": iso_ms(row.created_ms),
                    "scope": scope_shape(row, row.scope_department),
                }
                for row in rows
            ]
        )

    return routes

"""`trambox user add | scope | passwd | list`: the people of the console.

A new password comes from TRAMBOX_PASSWORD or the prompt, never from the command line.
"""

import argparse
import getpass
import json
import os
import re
import sys
from pathlib import Path

from conf.settings import Settings
from protocols.times import iso_ms
from protocols.vocabulary import Role
from server.refusal import Refusal
from server.verbs.opening import console_users, opened
from server.verbs.text_table import text_table
from storage.database import Database
from storage.scopes import COMPANY, SCOPES, Scope, settled
from storage.users import Users

PASSWORD_VARIABLE = "TRAMBOX_PASSWORD"
SHORTEST_PASSWORD = 8
LONGEST_SCOPE = 200
DEPARTMENT, NAMELESS = "department", "-"
"""Beside a company: whose it is, and how to say nobody's."""
NAME = re.compile(r"[\w][\w.@-]{0,63}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="add a person")
    add.add_argument("name")
    add.add_argument("--role", choices=[role.value for role in Role], required=True)
    scope = actions.add_parser("scope", help="narrow what a person sees, or widen it again with --all")
    scope.add_argument("name")
    for narrowed in (add, scope):
        for kind in SCOPES:
            more = f"; beside --company: whose company it is ({NAMELESS} for none)" if kind == DEPARTMENT else ""
            narrowed.add_argument(f"--{kind}", metavar="NAME", help=f"sees the vehicles of this {kind} only{more}")
    scope.add_argument("--all", action="store_true", help="sees everything")
    passwd = actions.add_parser("passwd", help="set a person's password")
    passwd.add_argument("name")
    listing = actions.add_parser("list", help="list the people")
    listing.add_argument("--json", action="store_true", help="print JSON lines")
    for action in (add, scope, passwd, listing):  # people write --config last, as with every other verb
        action.add_argument("--config", type=Path, metavar="F", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Do the action."""
    password = "" if args.action in ("list", "scope") else read_password()
    async with opened(settings, create=args.action == "add") as database, console_users() as users:
        match args.action:
            case "add":
                await _add(database, users, args.name, Role(args.role), password, _scope(args))
            case "scope":
                await _rescope(database, users, args.name, _scope(args))
            case "passwd":
                await _passwd(database, users, args.name, password)
            case _:
                await _list(users, args.json)
    return 0


def read_password() -> str:
    """The new password, from the environment or asked twice; raises Refusal."""
    password = os.environ.get(PASSWORD_VARIABLE)
    if password is None:
        if not sys.stdin.isatty():
            raise Refusal("no password", f"set {PASSWORD_VARIABLE}, or run at a terminal", code=2)
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            raise Refusal("the two passwords differ", "try again", code=2)
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal("the password is too short", f"take at least {SHORTEST_PASSWORD} characters", code=2)
    return password


def _scope(args: argparse.Namespace) -> Scope | None:
    """What was asked for; None for everything."""
    named: dict[str, str] = {kind: text.strip() for kind in SCOPES if (text := getattr(args, kind)) is not None}
    for kind, name in named.items():
        if not 0 < len(name) <= LONGEST_SCOPE:
            raise Refusal(f"--{kind} names nobody", f"write 1 to {LONGEST_SCOPE} characters", code=2)
    of = named.pop(DEPARTMENT) if named.keys() == {COMPANY, DEPARTMENT} else None
    everything: bool = getattr(args, "all", args.action == "add" and not named)
    if len(named) + everything != 1:
        options = ", ".join(f"--{kind}" for kind in SCOPES)
        raise Refusal("say one thing to see", f"one of {options} (a company with its department), or --all", code=2)
    return next((Scope(kind, name, "" if of == NAMELESS else of) for kind, name in named.items()), None)


async def _settled(scope: Scope | None) -> Scope | None:
    """A company with its department, where that is known; raises Refusal where several have one of that name."""
    if scope is None or scope.kind != COMPANY or scope.department is not None:
        return scope
    found = await settled(scope)
    if found.is_unsettled:
        departments = ", ".join(name or NAMELESS for name in found.among)
        raise Refusal(f"several departments have a company {scope.name}: {departments}", "say which with --department")
    return found


async def _rescope(database: Database, users: Users, name: str, asked: Scope | None) -> None:
    scope = await _settled(asked)
    async with database.writing():
        if not await users.set_scope(name, *_columns(scope)):
            raise Refusal(f"nobody is named {name}", "see `user list`")
    print(f"{name} sees {_shown(*_columns(scope))}")


def _columns(scope: Scope | None) -> tuple[str, str, str | None]:
    return ("", "", None) if scope is None else (scope.kind, scope.name, scope.department)


def _shown(kind: str, name: str, department: str | None) -> str:
    of = "" if department is None else f" of {department}" if department else " of no department"
    return f"{kind} {name}{of}" if kind else "everything"


async def _add(database: Database, users: Users, name: str, role: Role, password: str, asked: Scope | None) -> None:
    if not NAME.fullmatch(name):
        raise Refusal(f"{name!r} is not a name", "use letters, digits, and _ . @ - inside, at most 64", code=2)
    scope = await _settled(asked)
    async with database.writing():
        if name in {user.name for user in await users.list_users()}:
            raise Refusal(f"{name} is there already", "use `user passwd` to change the password")
        await users.create_user(name, password, role)
        await users.set_scope(name, *_columns(scope))
    print(f"added {name} ({role})" + (f", sees {_shown(*_columns(scope))}" if scope else ""))


async def _passwd(database: Database, users: Users, name: str, password: str) -> None:
    async with database.writing():
        if not await users.set_password(name, password):
            raise Refusal(f"nobody is named {name}", "see `user list`")
    print(f"new password for {name}; their tokens are void")


async def _list(users: Users, as_json: bool) -> None:
    people = [
        (user.name, user.role, iso_ms(user.created_ms), _shown(user.scope_kind, user.scope_name, user.scope_department))
        for user in await users.list_users()
    ]
    if as_json:
        for name, role, created, sees in people:
            print(json.dumps({"name": name, "role": role, "created": created, "sees": sees}, ensure_ascii=False))
    else:
        print(text_table(("NAME", "ROLE", "CREATED", "SEES"), people))

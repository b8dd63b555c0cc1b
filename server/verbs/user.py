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
from storage.registry import SCOPES
from storage.users import Users

PASSWORD_VARIABLE = "TRAMBOX_PASSWORD"
SHORTEST_PASSWORD = 8
LONGEST_SCOPE = 200
NAME = re.compile(r"[\w][\w.@-]{0,63}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="add a person")
    add.add_argument("name")
    add.add_argument("--role", choices=[role.value for role in Role], required=True)
    scope = actions.add_parser("scope", help="narrow what a person sees, or widen it again with --all")
    scope.add_argument("name")
    for narrowed, needed in ((add, False), (scope, True)):
        kinds = narrowed.add_mutually_exclusive_group(required=needed)
        for kind in SCOPES:
            kinds.add_argument(f"--{kind}", metavar="NAME", help=f"sees the vehicles of this {kind} only")
        if narrowed is scope:
            kinds.add_argument("--all", action="store_true", help="sees everything")
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


def _scope(args: argparse.Namespace) -> tuple[str, str]:
    """The kind and name that was asked for; two empty texts for everything."""
    kind = next((kind for kind in SCOPES if getattr(args, kind) is not None), "")
    name: str = getattr(args, kind).strip() if kind else ""
    if kind and not 0 < len(name) <= LONGEST_SCOPE:
        raise Refusal(f"--{kind} names nobody", f"write 1 to {LONGEST_SCOPE} characters", code=2)
    return kind, name


async def _rescope(database: Database, users: Users, name: str, scope: tuple[str, str]) -> None:
    async with database.writing():
        if not await users.set_scope(name, *scope):
            raise Refusal(f"nobody is named {name}", "see `user list`")
    print(f"{name} sees {_shown(*scope)}")


def _shown(kind: str, name: str) -> str:
    return f"{kind} {name}" if kind else "everything"


async def _add(database: Database, users: Users, name: str, role: Role, password: str, scope: tuple[str, str]) -> None:
    if not NAME.fullmatch(name):
        raise Refusal(f"{name!r} is not a name", "use letters, digits, and _ . @ - inside, at most 64", code=2)
    async with database.writing():
        if name in {user.name for user in await users.list_users()}:
            raise Refusal(f"{name} is there already", "use `user passwd` to change the password")
        await users.create_user(name, password, role)
        await users.set_scope(name, *scope)
    print(f"added {name} ({role})" + (f", sees {_shown(*scope)}" if scope[0] else ""))


async def _passwd(database: Database, users: Users, name: str, password: str) -> None:
    async with database.writing():
        if not await users.set_password(name, password):
            raise Refusal(f"nobody is named {name}", "see `user list`")
    print(f"new password for {name}; their tokens are void")


async def _list(users: Users, as_json: bool) -> None:
    people = [
        (user.name, user.role, iso_ms(user.created_ms), _shown(user.scope_kind, user.scope_name))
        for user in await users.list_users()
    ]
    if as_json:
        for name, role, created, sees in people:
            print(json.dumps({"name": name, "role": role, "created": created, "sees": sees}, ensure_ascii=False))
    else:
        print(text_table(("NAME", "ROLE", "CREATED", "SEES"), people))

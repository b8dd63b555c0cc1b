"""`trambox user add | passwd | list`: the people of the console.

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
from storage.users import Users

PASSWORD_VARIABLE = "TRAMBOX_PASSWORD"
SHORTEST_PASSWORD = 8
NAME = re.compile(r"[\w][\w.@-]{0,63}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="add a person")
    add.add_argument("name")
    add.add_argument("--role", choices=[role.value for role in Role], required=True)
    passwd = actions.add_parser("passwd", help="set a person's password")
    passwd.add_argument("name")
    listing = actions.add_parser("list", help="list the people")
    listing.add_argument("--json", action="store_true", help="print JSON lines")
    for action in (add, passwd, listing):  # people write --config last, as with every other verb
        action.add_argument("--config", type=Path, metavar="F", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


async def run(settings: Settings, args: argparse.Namespace) -> int:
    """Do the action."""
    password = "" if args.action == "list" else read_password()
    async with opened(settings, create=args.action == "add") as database, console_users() as users:
        match args.action:
            case "add":
                await _add(database, users, args.name, Role(args.role), password)
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


async def _add(database: Database, users: Users, name: str, role: Role, password: str) -> None:
    if not NAME.fullmatch(name):
        raise Refusal(f"{name!r} is not a name", "use letters, digits, and _ . @ - inside, at most 64", code=2)
    async with database.writing():
        if name in {user.name for user in await users.list_users()}:
            raise Refusal(f"{name} is there already", "use `user passwd` to change the password")
        await users.create_user(name, password, role)
    print(f"added {name} ({role})")


async def _passwd(database: Database, users: Users, name: str, password: str) -> None:
    async with database.writing():
        if not await users.set_password(name, password):
            raise Refusal(f"nobody is named {name}", "see `user list`")
    print(f"new password for {name}; their tokens are void")


async def _list(users: Users, as_json: bool) -> None:
    people = [(user.name, user.role, iso_ms(user.created_ms)) for user in await users.list_users()]
    if as_json:
        for name, role, created in people:
            print(json.dumps({"name": name, "role": role, "created": created}, ensure_ascii=False))
    else:
        print(text_table(("NAME", "ROLE", "CREATED"), people))

"""Reads who may log in and from where: `[[accounts]]` (FTP, SFTP) and `[[providers]]` (AMQP)."""

import base64
import binascii

from conf.table_reader import TableReader
from protocols.vocabulary import Protocol
from storage.entries import AccountEntry, ProviderEntry

USERNAME = r"[A-Za-z0-9][A-Za-z0-9_.@-]*"
UPLOADS = (Protocol.FTP.value, Protocol.SFTP.value)


def read_account(table: TableReader) -> AccountEntry:
    """Read one account; `public_key` gives one key, `public_keys` several."""
    keys = [("public_key", table.text("public_key", longest=2000))] if table.has("public_key") else []
    keys += [(f"public_keys[{index}]", key) for index, key in enumerate(table.texts("public_keys") or ())]
    protocols = table.texts("protocols", choices=UPLOADS)
    entry = AccountEntry(
        username=_username(table),
        password=table.text("password"),
        public_keys=tuple(dict.fromkeys(_public_key(table, key, text) for key, text in keys)),
        protocols=UPLOADS if protocols is None else protocols,
        allow_from=table.networks("allow_from"),
        stations=table.texts("stations") or (),
    )
    table.finish()
    return entry


def read_provider(table: TableReader) -> ProviderEntry:
    """Read one provider; without `exchanges` it may publish to `tracking.<username>`."""
    username = _username(table)
    exchanges = table.texts("exchanges")
    entry = ProviderEntry(
        username=username,
        password=table.text("password"),
        allow_from=table.networks("allow_from"),
        exchanges=(f"tracking.{username}",) if exchanges is None else exchanges,
        auto_register=table.flag("auto_register", True),
    )
    table.finish()
    return entry


def _username(table: TableReader) -> str:
    mend = "use letters, digits, and _ . @ - inside"
    return table.text("username", required=True, longest=64, pattern=USERNAME, mend=mend)


def _public_key(table: TableReader, key: str, text: str) -> str:
    """The key as `type base64`, without its comment."""
    kind, _, rest = text.strip().partition(" ")
    body = rest.strip().partition(" ")[0]
    try:
        is_key = body != "" and base64.b64decode(body, validate=True)[4 : 4 + len(kind)] == kind.encode()
    except (binascii.Error, ValueError):
        is_key = False
    if not is_key:
        table.fault(key, text[:40], "is not an OpenSSH public key", "paste the one line of the .pub file")
    return f"{kind} {body}"

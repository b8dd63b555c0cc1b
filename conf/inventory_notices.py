"""Reads `[[recipients]]`: the responsible units, what they are told of, and where letters reach them."""

from email.headerregistry import Address
from urllib.parse import urlsplit

from conf.table_reader import TableReader
from protocols.vocabulary import Cause, StationKind
from storage.entries import RecipientEntry

CAUSES = (Cause.MISSING.value, Cause.ABNORMAL.value, Cause.FAILED.value)
"""What a recipient is told of where the file is silent: the three lists of QĐ 338/QĐ-KTTV Điều 6."""


def read_recipient(table: TableReader) -> RecipientEntry:
    """Read one recipient; without `stations`, `areas` and `kinds` it answers for all stations."""
    causes = table.texts("causes", choices=tuple(cause.value for cause in Cause))
    entry = RecipientEntry(
        name=table.text("name", required=True, longest=96),
        emails=_emails(table, "emails"),
        webhook=_webhook(table),
        webhook_secret=table.text("webhook_secret", longest=128),
        escalate_to=_emails(table, "escalate_to"),
        causes=CAUSES if causes is None else causes,
        stations=table.texts("stations") or (),
        areas=table.texts("areas") or (),
        kinds=table.texts("kinds", choices=tuple(kind.value for kind in StationKind)) or (),
        language=table.choice("language", ("vi", "en"), "vi"),
        enabled=table.flag("enabled", True),
    )
    if not entry.emails and not entry.webhook:
        table.fault("emails", None, "is missing, and so is webhook", 'write e.g. emails = ["truc.ban@example.vn"]')
    table.finish()
    return entry


def _emails(table: TableReader, key: str) -> tuple[str, ...]:
    addresses = table.texts(key) or ()
    for index, address in enumerate(addresses):
        try:
            is_address = bool(Address(addr_spec=address).domain)
        except (ValueError, IndexError):
            is_address = False
        if not is_address:
            table.fault(f"{key}[{index}]", address, "is not an e-mail address", "write name@domain")
    return addresses


def _webhook(table: TableReader) -> str:
    url = table.text("webhook", longest=400)
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if url and not is_whole:
        table.fault("webhook", url, "is not an address for a webhook", "write https://host/path")
    return url

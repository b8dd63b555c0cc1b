"""Reads a station's `sampler` table: how its auto-sampler is told to take a sample.

No regulation that we have gives a form for it (NOT FOUND), so file, address and time for an answer are settings.
"""

from urllib.parse import urlsplit

from conf.coherence import without_password
from conf.table_reader import TableReader

SCHEMES = {"file": ("ftp", "ftps", "sftp"), "webhook": ("http", "https")}
ANSWER_S = 900


def read_sampler(table: TableReader | None) -> dict[str, object] | None:
    """Read one sampler: `kind` file or webhook, `url`, `secret` (webhook), `answer_s`."""
    if table is None:
        return None
    kind = table.choice("kind", tuple(SCHEMES))
    url = table.text("url", required=True, longest=400)
    schemes = SCHEMES.get(kind, ())
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if url and kind and not is_whole:
        mend = f"write {' or '.join(f'{scheme}://' for scheme in schemes)}host/path"
        table.fault("url", without_password(url), f"is not an address for a sampler of kind {kind}", mend)
    answer_s = table.integer("answer_s", low=30, high=86400)
    sampler: dict[str, object] = {
        "kind": kind,
        "url": url,
        "secret": table.text("secret", longest=128),
        "answer_s": ANSWER_S if answer_s is None else answer_s,
    }
    table.finish()
    return sampler

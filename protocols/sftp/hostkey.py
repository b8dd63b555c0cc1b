"""The server's own keys: made once, at the first start, and kept.

Ed25519 for today's clients, RSA beside it (`<path>.rsa`) for loggers whose SSH library knows nothing newer. A station
pins the key it saw first, so a key file that is there is never replaced.

Invariant: a key file appears whole and with mode 0600, or not at all.
"""

import os
from pathlib import Path

import asyncssh

RSA_BITS = 3072


def load_host_keys(path: Path) -> list[asyncssh.SSHKey]:
    """Read the Ed25519 and the RSA host key; make whichever is missing."""
    return [_load_or_make(path, "ssh-ed25519"), _load_or_make(path.with_name(path.name + ".rsa"), "ssh-rsa")]


def fingerprint_of(key: asyncssh.SSHKey) -> str:
    """State a key as OpenSSH does: `SHA256:...`."""
    return key.get_fingerprint("sha256")


def _load_or_make(path: Path, algorithm: str) -> asyncssh.SSHKey:
    if path.exists():
        return asyncssh.read_private_key(path)
    sizes = {"key_size": RSA_BITS} if algorithm == "ssh-rsa" else {}
    key = asyncssh.generate_private_key(algorithm, comment="trambox", **sizes)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.export_private_key("openssh"))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return key

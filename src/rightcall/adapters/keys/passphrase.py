"""Reading the secrets that open a key service (a passphrase, a PIN) from a file that only its owner can read."""

import secrets
from pathlib import Path

from rightcall.adapters.files import write_once
from rightcall.errors import NotConfigured


def read_secret(path: Path) -> bytes:
    """The file's first line. `NotConfigured` where it is missing, empty, or readable by others than its owner."""
    try:
        mode, data = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise NotConfigured(f"The secret file {path.name} cannot be read. Make it, with mode 0600, and try again.") from error
    if mode & 0o077:
        raise NotConfigured(f"The secret file {path.name} can be read by others. Run chmod 600 on it, and change the secret.")
    secret = data.splitlines()[0].strip() if data.strip() else b""
    if not secret:
        raise NotConfigured(f"The secret file {path.name} is empty. Put the secret on its first line.")
    return secret


def make_secret(path: Path) -> bytes:
    """The secret in `path`; a new random one is made where there is no file. Safe from several processes at once."""
    if not path.exists():
        write_once(path, secrets.token_urlsafe(32).encode() + b"\n")
    return read_secret(path)

"""Reading the secrets that open a key service (a passphrase, a PIN) from a file that only its owner can read."""

import os
import secrets
from pathlib import Path

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
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(32) + "\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return read_secret(path)

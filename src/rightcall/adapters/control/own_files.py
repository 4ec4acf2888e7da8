"""What a deployment's processes keep in DATA to know each other by: a secret that admits to the control line, and their ids."""

import secrets
import stat
from pathlib import Path
from uuid import UUID

from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.files import write_once
from rightcall.errors import NotConfigured
from rightcall.ids import RecorderId, new_id

_SECRET_BYTES = 32


def control_secret(data: Path) -> bytes:
    """The secret of this deployment, made on first use. A file that others can read is refused, not mended."""
    file = data / "control-secret"
    _make_once(file, secrets.token_bytes(_SECRET_BYTES))
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise NotConfigured(f"Others can read {file}. Remove it, and start all of Rightcall's processes again.")
    secret = file.read_bytes()
    if len(secret) != _SECRET_BYTES:
        raise NotConfigured(f"{file} is damaged. Remove it, and start all of Rightcall's processes again.")
    return secret


def own_id(data: Path, role: RecorderRole) -> RecorderId:
    """The id that the process of this role keeps over restarts."""
    file = data / f"recorder-{role}-id"
    _make_once(file, str(new_id()).encode())
    try:
        return RecorderId(UUID(file.read_text(encoding="ascii")))
    except ValueError as error:
        raise NotConfigured(f"{file} is damaged. Remove it, and start this process again.") from error


def _make_once(file: Path, content: bytes) -> None:
    if not file.exists():
        write_once(file, content)

"""Files that are on the disk before anybody goes on, also where several processes write at once; and the folder of any."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_once(file: Path, content: bytes) -> bool:
    """Complete and on the disk before it has its name; for nobody else to read. False where another process was first: what is
    there stays."""
    draft = _drafted(file, content)
    try:
        os.link(draft, file)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def write_anew(file: Path, content: bytes) -> None:
    """The same in the place of what is there; of several processes at once each writes it whole."""
    _drafted(file, content).replace(file)
    flush_folder(file.parent)


def _drafted(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    return draft


def flush_folder(folder: Path) -> None:
    """That a name is in it, or no longer, is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """One process at a time. The file is made where there is none, and stays."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

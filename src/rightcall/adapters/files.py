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
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _drafted(file, content) as draft:
        try:
            os.link(draft, file)
        except FileExistsError:
            return False
    return True


def write_anew(file: Path, content: bytes) -> None:
    """The same in the place of what is there, its name too on the disk; of several processes at once each writes it whole."""
    with _drafted(file, content) as draft:
        draft.replace(file)
    flush(file.parent)


def add_line(file: Path, line: str) -> None:
    """After those that are there, and on the disk; for nobody else to read."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    with os.fdopen(os.open(file, flags, 0o600), "w", encoding="utf-8") as out:
        out.write(f"{line}\n")
        out.flush()
        os.fsync(out.fileno())
    flush(file.parent)


@contextmanager
def _drafted(file: Path, content: bytes) -> Iterator[Path]:
    """Beside it. Only a killed process leaves one."""
    draft = file.with_name(f"{_draft_of(file)}{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _draft_of(file: Path) -> str:
    """How the names of its drafts begin. Not with all of a long name, since none may have more than 255 bytes."""
    return f".{file.name[:50]}-"


def is_draft(file: Path) -> bool:
    """For folders in which no other name begins with a dot."""
    return file.name.startswith(".")


def forget_drafts(file: Path) -> None:
    """Those that killed processes left of this file. For whoever knows that nobody writes it now."""
    for draft in file.parent.glob(f"{_draft_of(file)}*"):
        draft.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """What is in it is on the disk: a file's bytes; of a folder, which names it has, and which no longer."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
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

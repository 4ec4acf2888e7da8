"""An SQLite file as it lies on a disk: how it may be opened without writing beside it, and whether it is as it was.

A file in WAL mode cannot be opened by a reader without two files being made beside it. Where nobody has it open, and so none of
them is there, it is opened as one that does not change, and looked at afterwards: if it did change, that is told. Where they are
there, somebody has it open or left it so, and what is committed in them is read too.
"""

import hashlib
import os
import stat
from pathlib import Path
from urllib.parse import quote

from rightcall.discovery.model import SourceGone
from rightcall.errors import Malformed, NotFound

_MAGIC = b"SQLite format 3\x00"
_WAL_MODE = 2
_LARGEST_HASHED = 1 << 30
_PIECE = 1 << 20

Stamp = tuple[tuple[int, int, int] | None, ...]
"""Of the file and those beside it: inode, size, and when it was changed (ns)."""


def checked(path: Path) -> bytes:
    """Its first 100 bytes. NotFound, Malformed or SourceGone where it is no file of SQLite's that can be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Malformed("This is no SQLite file. Give the path of one after sqlite:///.")
        with path.open("rb") as file:
            head = file.read(100)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound("There is no such SQLite file. Give the path of one after sqlite:///.") from None
    except OSError as error:
        raise SourceGone(f"The SQLite file cannot be read ({error.strerror}). See to its rights, then try again.") from None
    if head and not head.startswith(_MAGIC):
        raise Malformed("This is no SQLite file, or an encrypted one. Give the path of one that is in the clear.")
    return head


def address(path: Path, head: bytes, *, writable: bool) -> str:
    """For sqlite3.connect(…, uri=True)."""
    is_closed_wal = len(head) > 18 and head[18] == _WAL_MODE and not beside(path, "-wal").exists()
    mode = "rw" if writable else "ro&immutable=1" if is_closed_wal else "ro"
    return f"file:{quote(os.fspath(path.resolve()))}?mode={mode}"


def beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def stamp(path: Path) -> Stamp:
    return tuple(_one(each) for each in (path, beside(path, "-wal"), beside(path, "-journal")))


def fingerprint(path: Path) -> str | None:
    """Of all that is in it; None for a large one, which is read each time."""
    digest = hashlib.sha256()
    try:
        for each in (path, beside(path, "-wal")):
            if not each.exists():
                continue
            if each.stat().st_size > _LARGEST_HASHED:
                return None
            with each.open("rb") as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
    except OSError:
        return None
    return digest.hexdigest()


def _one(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)

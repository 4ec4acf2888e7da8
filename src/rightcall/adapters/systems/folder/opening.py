"""Files of a folder by the names that a scan gave them: opened without following links, so that nothing outside is read."""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rightcall.adapters.systems.folder.listing import shown
from rightcall.adapters.systems.formats.sought import Sought
from rightcall.discovery.model import NotRead, Reason, SourceGone
from rightcall.errors import Malformed

_BYTES = re.compile(r"\\x([0-9a-f]{2})")
_READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WALKING = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_REASONS = {
    errno.ENOENT: Reason.VANISHED,
    errno.ENOTDIR: Reason.VANISHED,
    errno.ELOOP: Reason.LINK,
    errno.ENXIO: Reason.SPECIAL,
    errno.EACCES: Reason.NO_RIGHT,
    errno.EPERM: Reason.NO_RIGHT,
}


def fingerprint(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_ino}"


class File(Sought):
    """A regular file that is read as far as it went when it was opened. What fails on the way is NotRead."""

    def __init__(self, descriptor: int) -> None:
        self.status = os.fstat(descriptor)
        super().__init__(self.status.st_size)
        self._descriptor = descriptor

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        left = max(0, self.size - self._at)
        try:
            got = os.pread(self._descriptor, min(len(view), left), self._at) if left else b""
        except OSError as error:
            raise NotRead(Reason.UNREADABLE) from error
        view[: len(got)] = got
        self._at += len(got)
        return len(got)

    def has_changed(self) -> bool:
        return fingerprint(os.fstat(self._descriptor)) != fingerprint(self.status)


@contextmanager
def opened(source: str, name: str) -> Iterator[File]:
    """Raises NotRead. `source` itself may be reached by links; what is in it may not."""
    descriptor = _descriptor(source, name)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotRead(Reason.SPECIAL)
        yield File(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def folder_of(source: str, name: str) -> Iterator[tuple[int, str]]:
    """The folder that the object lies in, open, and the object's own name there, as the file system has it. Raises OSError."""
    *folders, last = steps(name)
    if os.path.isfile(source):
        source, last = os.path.split(os.path.realpath(source))
    at = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for step in folders:
            deeper = os.open(_there(at, step), _WALKING, dir_fd=at)
            os.close(at)
            at = deeper
        yield at, _there(at, last)
    finally:
        os.close(at)


def is_there(source: str, name: str) -> bool:
    """Whether a regular file of that name is in the folder."""
    try:
        if os.path.isfile(source):
            return name == shown(os.path.basename(source))
        with folder_of(source, name) as (folder, last):
            return stat.S_ISREG(os.stat(last, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG):
            return False
        raise SourceGone("The folder cannot be read. See to its rights, and try again.") from error


def steps(name: str) -> list[str]:
    """Raises Malformed where the name leads out of the source."""
    parts = name.split("/")
    if any(part in {"", ".", ".."} or "\0" in part for part in parts):
        raise Malformed("This is no name of an object in the folder. Give one as a scan told it.")
    return parts


def _descriptor(source: str, name: str) -> int:
    try:
        with folder_of(source, name) as (folder, last):
            return os.open(last, _READING, dir_fd=folder)
    except OSError as error:
        raise NotRead(_REASONS.get(error.errno or 0, Reason.UNREADABLE)) from error


def _there(folder: int, name: str) -> str:
    """Names that are not UTF-8 are shown with `\\xNN` for their bytes; here is the way back."""
    if _BYTES.search(name) is None or os.access(name, os.F_OK, dir_fd=folder, follow_symlinks=False):
        return name
    return os.fsdecode(_BYTES.sub(lambda found: chr(int(found[1], 16)), name.encode().decode("latin-1")).encode("latin-1"))

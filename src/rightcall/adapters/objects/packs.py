"""Objects that lie together in a folder: one file for what was begun in one minute and is kept as long. So the end of a day is as
many files as that day had minutes, however many objects.

    <folder>/<name>.pack     the objects, one behind the other, as they came
    <folder>/<name>.index    32 bytes for each: its id, where it begins, its length; an id of zeros: gone, or room for the next

What is put is on the disk before the index tells of it, and what a killed process left behind the last one goes with the file.
An object that goes alone is overwritten with zeros, or its blocks are given back, and looked for again; where none is left that
was not asked to go, the file itself is unlinked. Whoever writes or lets go holds the index, whichever process it is.
"""

import ctypes
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from uuid import UUID

from rightcall.adapters.files import flush
from rightcall.errors import Malformed, NotFound

PACK, INDEX = ".pack", ".index"
_ENTRY = Struct(">16sQQ")
_ROOM = 128 * _ENTRY.size
_GONE = bytes(16)
_FOLDERS = 3
"""The day's, the controller's, and that of all objects."""
_STRETCH = 1 << 20
_GIVEN_BACK_FROM = 64 << 10
"""Bytes. What is shorter is overwritten: to give its blocks back takes longer, and they are few."""
_KEEP_SIZE_AND_PUNCH = 0x01 | 0x02


@dataclass(frozen=True, slots=True)
class _Entry:
    """`at`: where it stands in the index."""

    at: int
    start: int
    length: int


class Pack:
    """One of them. `path`: without the endings. It need not be there."""

    def __init__(self, path: Path) -> None:
        self._bytes, self._index = path.with_name(path.name + PACK), path.with_name(path.name + INDEX)

    def put(self, name: str, file: Path) -> None:
        """Durable when it returns. The same name takes the newer file."""
        id = _id(name)
        with self._made() as held:
            older = list(_entries_of(held.index(), id))
            held.add(id, file)
            held.let_go(older)

    def get_range(self, name: str, start: int, length: int) -> bytes:
        found = self._find(name)
        length = min(length, max(0, found.length - start))
        try:
            with _opened(self._bytes, os.O_RDONLY) as pack:
                return os.pread(pack, length, found.start + start)
        except FileNotFoundError as error:
            raise _missing() from error

    def size(self, name: str) -> int:
        return self._find(name).length

    def names(self) -> list[str]:
        return [str(UUID(bytes=id)) for id in sorted(_ids(self._read()))]

    def delete(self, names: Sequence[str]) -> None:
        """All of them are gone when it returns, those that never were there too. Their folder is not written to the disk yet."""
        wanted = {_id(name) for name in names}
        with suppress(FileNotFoundError), _held(self._index, os.O_RDWR) as descriptor:
            held = _Held(descriptor, self._bytes)
            index = held.index()
            if (there := _ids(index)) <= wanted:
                self._unlink()
            else:
                held.let_go([entry for id in there & wanted for entry in _entries_of(index, id)])

    def _unlink(self) -> None:
        """The bytes first: an index without them tells of nothing that is there."""
        for file in (self._bytes, self._index):
            file.unlink(missing_ok=True)
            if file.exists():
                raise OSError("a file that was unlinked is there still")

    def _find(self, name: str) -> _Entry:
        found = next(_entries_of(self._read(), _id(name)), None)
        if found is None:
            raise _missing()
        return found

    def _read(self) -> bytes:
        try:
            return self._index.read_bytes()
        except FileNotFoundError:
            return b""

    @contextmanager
    def _made(self) -> Iterator["_Held"]:
        """Where it is new, its name and its folders' are on the disk before anybody else may hold it."""
        with _held(self._index, os.O_RDWR | os.O_CREAT) as index:
            is_new = not os.fstat(index).st_size
            yield _Held(index, self._bytes)
            if is_new:
                for folder in self._index.parents[:_FOLDERS]:
                    flush(folder)


class _Held:
    """A pack of which we hold the index."""

    def __init__(self, index: int, path: Path) -> None:
        self._index, self._path = index, path

    def index(self) -> bytes:
        return os.pread(self._index, os.fstat(self._index).st_size, 0)

    def add(self, id: bytes, file: Path) -> None:
        with file.open("rb") as source, _opened(self._path, os.O_RDWR | os.O_CREAT) as pack:
            start, length = os.fstat(pack).st_size, os.fstat(source.fileno()).st_size
            os.lseek(pack, start, os.SEEK_SET)
            copied = 0
            while copied < length:
                copied += os.sendfile(pack, source.fileno(), copied, length - copied)
            os.fdatasync(pack)
        used = len(self.index().rstrip(b"\0"))
        self._write(_ENTRY.pack(id, start, length), -(-used // _ENTRY.size) * _ENTRY.size)

    def let_go(self, those: Sequence[_Entry]) -> None:
        """First the bytes, then what tells where they were: whoever is killed in between lets go of them again."""
        if not those:
            return
        with suppress(FileNotFoundError), _opened(self._path, os.O_RDWR) as pack:
            for each in those:
                _clear(pack, each.start, each.length)
            os.fdatasync(pack)
            if not all(_is_clear(pack, each.start, each.length) for each in those):
                raise OSError("bytes that were overwritten are there still")
        for each in those:
            os.pwrite(self._index, _GONE, each.at)
        os.fdatasync(self._index)

    def _write(self, entry: bytes, at: int) -> None:
        """The index has room before it is needed: to write into a file takes half as long as to make it longer."""
        if at + len(entry) > os.fstat(self._index).st_size:
            os.pwrite(self._index, bytes(_ROOM), at)
        os.pwrite(self._index, entry, at)
        os.fdatasync(self._index)


def _ids(index: bytes) -> set[bytes]:
    """Of what is there."""
    whole = len(index) // _ENTRY.size * _ENTRY.size
    return {index[at : at + len(_GONE)] for at in range(0, whole, _ENTRY.size)} - {_GONE}


def _entries_of(index: bytes, id: bytes) -> Iterator[_Entry]:
    """The newest first: of one that was put again by somebody who was then killed, the older one is there too."""
    at = index.rfind(id)
    while at >= 0:
        if at % _ENTRY.size == 0 and at + _ENTRY.size <= len(index):
            yield _Entry(at, *_ENTRY.unpack_from(index, at)[1:])
        at = index.rfind(id, 0, at + len(id) - 1)


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _held(index: Path, flags: int) -> Iterator[int]:
    """Open, ours alone, and the one that has the name: it may have been unlinked while we waited for it."""
    while True:
        if flags & os.O_CREAT:
            index.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _opened(index, flags) as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                yield descriptor
                return


def _clear(pack: int, start: int, length: int) -> None:
    if length >= _GIVEN_BACK_FROM and _give_back(pack, start, length):
        return
    for at in range(0, length, _STRETCH):
        os.pwrite(pack, bytes(min(_STRETCH, length - at)), start + at)


def _give_back(pack: int, start: int, length: int) -> bool:
    """False where this system or this file system cannot."""
    fallocate = getattr(ctypes.CDLL(None, use_errno=True), "fallocate", None)
    if fallocate is None:
        return False
    fallocate.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
    return bool(fallocate(pack, _KEEP_SIZE_AND_PUNCH, start, length) == 0)


def _is_clear(pack: int, start: int, length: int) -> bool:
    stretches = (os.pread(pack, min(_STRETCH, length - at), start + at) for at in range(0, length, _STRETCH))
    return all(read.count(0) == len(read) for read in stretches)


def _id(name: str) -> bytes:
    try:
        id = bytes.fromhex(name.replace("-", ""))
    except ValueError:
        id = b""
    if len(id) != len(_GONE) or id == _GONE:
        raise Malformed("What lies together with others has an id for its name.")
    return id


def _missing() -> NotFound:
    return NotFound("There is no such object in the store.")

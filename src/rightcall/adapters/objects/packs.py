"""Objects that lie together in a folder: one file for what was begun in one minute and is kept as long. So the end of a day is as
many files as that day had minutes, however many objects.

    head      "rightcall-pack/1", and 16 bytes by chance, which no other pack has
    records   one behind the other: an id (16 bytes; zeros where it is gone), a length (8), the CRC-32 of both (4; where it is
              being let go of, each bit the other way round), and so many bytes

Whoever writes or lets go holds the file, whichever process it is. A record that ends behind the end of the file is what somebody
left who was killed, and is cut off by who comes next. An object that goes alone is overwritten with zeros, or its blocks are
given back, and it is looked for again before its record says that it is gone; where nothing else is there, the file is unlinked.
"""

import ctypes
import fcntl
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from struct import Struct
from threading import Lock
from typing import NamedTuple
from uuid import UUID
from zlib import crc32

from rightcall.adapters.files import flush
from rightcall.errors import Malformed, NotFound, Tampered

ENDING = ".pack"
_NAME = b"rightcall-pack/1"
_HEAD = len(_NAME) + 16
_SAID, _RECORD = Struct(">16sQ"), Struct(">16sQI")
_GOING = 0xFFFFFFFF
_EITHER_WAY = (0, _GOING)
_GONE = bytes(16)
_FOLDERS = 3
"""The day's, the controller's, and that of all objects."""
_STRETCH = 1 << 20
_GIVEN_BACK_FROM = 64 << 10
"""Bytes. What is shorter is overwritten: to give its blocks back takes longer, and they are few."""
_KEEP_SIZE_AND_PUNCH = 0x01 | 0x02
_REMEMBERED = 32
_WINDOW = 4 << 10
"""Bytes read at once to find what says where the next ones begin: more than one of them where what was put is short."""


class _Record(NamedTuple):
    """`at`: where it begins; what was put begins behind its own length."""

    at: int
    length: int

    @property
    def start(self) -> int:
        return self.at + _RECORD.size

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class _Contents:
    """`end`: behind the last whole record, which was of `last_id`. `records`: where each begins; of one id there are several
    where somebody was killed who put it again: the newest is here, and those before it in `older`. Numbers alone: a file has
    thousands, and the collector of garbage would go through them again and again if each were a thing."""

    end: int = _HEAD
    records: Mapping[bytes, int] = field(default_factory=dict)
    older: Mapping[bytes, tuple[int, ...]] = field(default_factory=dict)
    last: _Record | None = None
    last_id: bytes = _GONE

    def of(self, id: bytes) -> tuple[int, ...]:
        """The newest is the last."""
        return (*self.older.get(id, ()), self.records[id]) if id in self.records else ()


class Pack:
    """One of them. It need not be there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, name: str, file: Path) -> None:
        """Durable when it returns. The same name takes the newer file."""
        id = id_of(name)
        with _held(self._path, make=True) as pack:
            is_new = os.fstat(pack).st_size < _HEAD
            if is_new:
                _begin(pack)
            known = _whole(pack)
            _append(pack, known.end, id, file)
            _let_go(pack, {id: known.of(id)})
            if is_new:
                for folder in self._path.parents[:_FOLDERS]:
                    flush(folder)

    def get_range(self, name: str, start: int, length: int) -> bytes:
        id = id_of(name)
        with self._opened() as pack:
            found = _find(pack, id)
            read = os.pread(pack, min(length, max(0, found.length - start)), found.start + start)
            if not _is_there(_says(pack, found.at), id):
                raise _missing()
            return read

    def size(self, name: str) -> int:
        with self._opened() as pack:
            return _find(pack, id_of(name)).length

    def names(self) -> list[str]:
        """Of what is there."""
        with suppress(NotFound), self._opened() as pack:
            known = _contents(pack)
            return [str(UUID(bytes=id)) for id in known.records if _there(pack, known, id)]
        return []

    def delete(self, wanted: Set[bytes]) -> None:
        """All of these ids are gone when it returns, those never there too. Their folder is not written to the disk yet."""
        with suppress(FileNotFoundError), _held(self._path, make=False) as pack:
            known = _whole(pack)
            if any(_there(pack, known, id) for id in known.records.keys() - wanted):
                _let_go(pack, {id: known.of(id) for id in wanted})
            else:
                self._unlink(pack)

    def _unlink(self, pack: int) -> None:
        self._path.unlink()
        if os.fstat(pack).st_nlink:
            raise OSError("a file that was unlinked is there still")

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            pack = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise _missing() from error
        try:
            yield pack
        finally:
            os.close(pack)


@contextmanager
def _held(path: Path, *, make: bool) -> Iterator[int]:
    """Open, ours alone, and the one that has the name: it may have been unlinked while we waited for it."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | (os.O_CREAT if make else 0)
    while True:
        try:
            pack = os.open(path, flags, 0o600)
        except FileNotFoundError:
            if not make:
                raise
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            continue
        try:
            fcntl.flock(pack, fcntl.LOCK_EX)
            if os.fstat(pack).st_nlink:
                yield pack
                return
        finally:
            os.close(pack)


def _begin(pack: int) -> None:
    os.ftruncate(pack, 0)
    os.pwrite(pack, _NAME + os.urandom(_HEAD - len(_NAME)), 0)


def _append(pack: int, at: int, id: bytes, file: Path) -> None:
    """Where it cannot be put whole, nothing of it stays: the disk may be full, and others need what is left."""
    try:
        with file.open("rb") as source:
            length = os.fstat(source.fileno()).st_size
            os.pwrite(pack, _record(id, length), at)
            os.lseek(pack, at + _RECORD.size, os.SEEK_SET)
            copied = 0
            while copied < length:
                copied += os.sendfile(pack, source.fileno(), copied, length - copied) or _cut_short()
        os.fdatasync(pack)
    except OSError:
        os.ftruncate(pack, at)
        raise


def _let_go(pack: int, records: Mapping[bytes, Sequence[int]]) -> None:
    """First nobody reads it any more, then its bytes go, then what says where they were: whoever is killed in between lets go of
    it again."""
    going = []
    for id, those in records.items():
        for at in those:
            said = _says(pack, at)
            if _is_of(said, id):
                each = _read(said, at)
                os.pwrite(pack, _record(id, each.length, _GOING), at)
                _clear(pack, each)
                going.append(each)
    if not going:
        return
    os.fdatasync(pack)
    if not all(_is_clear(pack, each.start, each.end) for each in going):
        raise OSError("bytes that were overwritten are there still")
    for each in going:
        os.pwrite(pack, _record(_GONE, each.length), each.at)
    os.fdatasync(pack)


def _find(pack: int, id: bytes) -> _Record:
    there = _there(pack, _contents(pack), id)
    if not there:
        raise _missing()
    return there[-1]


def _there(pack: int, known: _Contents, id: bytes) -> list[_Record]:
    return [_read(said, at) for at in known.of(id) if _is_there(said := _says(pack, at), id)]


def _is_there(said: bytes, id: bytes) -> bool:
    """Where it was seen once: another process may let go of it since."""
    return said == _record(id, _length(said))


def _says(pack: int, at: int) -> bytes:
    return os.pread(pack, _RECORD.size, at)


def _read(said: bytes, at: int) -> _Record:
    return _Record(at, _length(said))


def _length(said: bytes) -> int:
    return int.from_bytes(said[len(_GONE) : _SAID.size], "big")


def _whole(pack: int) -> _Contents:
    """For who holds it: without what somebody left behind the last record who was killed."""
    known = _contents(pack)
    if os.fstat(pack).st_size > known.end:
        os.ftruncate(pack, known.end)
    return known


_remembered: OrderedDict[bytes, _Contents] = OrderedDict()
_remembering = Lock()


def _contents(pack: int) -> _Contents:
    """From where it was read before, if the last record is as it was then: one that could not be put whole was cut off again.
    Tampered where it is none of ours, or is damaged."""
    head = os.pread(pack, _HEAD, 0)
    if len(head) < _HEAD:
        return _Contents()
    if not head.startswith(_NAME):
        raise Tampered(
            "A file in the object store is not what was written. Put back that file as it was, from a copy of its disk."
        )
    with _remembering:
        before = _remembered.get(head, _Contents())
    known = _read_on(pack, before if _ends_as(pack, before) else _Contents())
    with _remembering:
        _remembered[head] = known
        _remembered.move_to_end(head)
        while len(_remembered) > _REMEMBERED:
            _remembered.popitem(last=False)
    return known


def _read_on(pack: int, before: _Contents) -> _Contents:
    size, at, more, older = os.fstat(pack).st_size, before.end, dict[bytes, int](), dict(before.older)
    last_at, last_id = -1, before.last_id
    window, start = b"", at
    while at + _RECORD.size <= size:
        if at + _RECORD.size > start + len(window):
            window, start = os.pread(pack, _WINDOW, at), at
        id, length, told = _RECORD.unpack_from(window, at - start)
        if told ^ crc32(_SAID.pack(id, length)) not in _EITHER_WAY:
            if _is_clear(pack, at, size):
                break
            raise Tampered(
                "A file in the object store is damaged: what lies behind cannot be found. Put it back from a copy of its disk."
            )
        end = at + _RECORD.size + length
        if end > size:
            break
        if id != _GONE:
            if (newest := more.get(id, before.records.get(id))) is not None:
                older[id] = (*older.get(id, ()), newest)
            more[id] = at
        last_at, at, last_id = at, end, id
    last = before.last if last_at < 0 else _Record(last_at, at - last_at - _RECORD.size)
    return _Contents(at, {**before.records, **more} if more else before.records, older, last, last_id)


def _ends_as(pack: int, before: _Contents) -> bool:
    if before.last is None:
        return True
    said = _says(pack, before.last.at)
    return _length(said) == before.last.length and (_is_of(said, before.last_id) or _is_of(said, _GONE))


def _record(id: bytes, length: int, how: int = 0) -> bytes:
    return _RECORD.pack(id, length, crc32(_SAID.pack(id, length)) ^ how)


def _is_of(said: bytes, id: bytes) -> bool:
    """Whether it is there or is being let go of."""
    length = _length(said)
    return said == _record(id, length) or said == _record(id, length, _GOING)


def _clear(pack: int, record: _Record) -> None:
    if record.length >= _GIVEN_BACK_FROM and _give_back(pack, record.start, record.length):
        return
    for at in range(record.start, record.end, _STRETCH):
        os.pwrite(pack, bytes(min(_STRETCH, record.end - at)), at)


def _give_back(pack: int, start: int, length: int) -> bool:
    """False where this system or this file system cannot."""
    fallocate = getattr(ctypes.CDLL(None, use_errno=True), "fallocate", None)
    if fallocate is None:
        return False
    fallocate.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
    return bool(fallocate(pack, _KEEP_SIZE_AND_PUNCH, start, length) == 0)


def _is_clear(pack: int, start: int, end: int) -> bool:
    stretches = (os.pread(pack, min(_STRETCH, end - at), at) for at in range(start, end, _STRETCH))
    return all(read.count(0) == len(read) for read in stretches)


def _cut_short() -> int:
    raise OSError("a file became shorter while it was put")


def id_of(name: str) -> bytes:
    """Of an object by the last part of its key. Malformed where that is none."""
    try:
        id = bytes.fromhex(name.replace("-", ""))
    except ValueError:
        id = b""
    if len(id) != len(_GONE) or id == _GONE:
        raise Malformed("What lies together with others has an id for its name.")
    return id


def _missing() -> NotFound:
    return NotFound("There is no such object in the store.")

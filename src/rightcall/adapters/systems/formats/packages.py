"""Zip archives, opened so that no archive can make that costly: the list of members is measured before it is read."""

import os
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import IO

from rightcall.adapters.systems.formats.guarded import BROKEN, Guarded
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.model import Within
from rightcall.adapters.systems.formats.shortened import shortened
from rightcall.adapters.systems.formats.stream import Readable, Stream
from rightcall.discovery.model import NotRead, Reason

BEGINS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_LONGEST_END = 22 + 0xFFFF
_IN_64 = 0xFFFF
_LARGEST_LIST = 64 << 20


class Package:
    """An open archive. Folders are no members."""

    def __init__(self, archive: zipfile.ZipFile, within: Within, *, is_shortened: bool) -> None:
        self._archive, self._within = archive, within
        self.is_shortened = is_shortened
        """Whether it has more members than are looked at: the first ones are here."""
        self.members = [each for each in archive.infolist() if not each.is_dir()]
        self.names = {each.filename: each for each in self.members}
        self.is_behind_others = min((each.header_offset for each in archive.infolist()), default=0) > 0
        """Whether more lies in the file than its list names: the list is of the last archive, where two were put together."""

    def raw(self, member: zipfile.ZipInfo) -> Readable:
        """Raises NotRead. No more comes out of a member than the archive says, so that a bomb is told before it is opened."""
        if member.flag_bits & 1:
            raise NotRead(Reason.ENCRYPTED)
        if self._within.limits.is_bomb(member.file_size, member.compress_size):
            raise NotRead(Reason.BOMB)
        try:
            return Guarded(self._archive.open(member))
        except NotImplementedError as error:
            raise NotRead(Reason.PACKED) from error
        except BROKEN as error:
            raise NotRead(Reason.BROKEN) from error

    def stream(self, name: str) -> Stream:
        """Raises NotRead, also where there is no such member."""
        if name not in self.names:
            raise NotRead(Reason.BROKEN)
        return Stream(self.raw(self.names[name]), self._within.spent)


@contextmanager
def opened(stream: Stream, within: Within) -> Iterator[Package]:
    """Raises NotRead."""
    file = stream.sought()
    first = _first(file, within.limits)
    try:
        archive = zipfile.ZipFile(first or file)
    except BROKEN as error:
        raise NotRead(Reason.BROKEN) from error
    with archive:
        yield Package(archive, within, is_shortened=first is not None)


def _first(file: IO[bytes], limits: Limits) -> BufferedReader | None:
    """The same with as many members as are looked at; None where it has no more. Raises NotRead where their list is missing."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LONGEST_END - 128))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise NotRead(Reason.BROKEN)
    number, length = struct.unpack_from("<H", tail, at + 10)[0], struct.unpack_from("<I", tail, at + 12)[0]
    offset, ends = struct.unpack_from("<I", tail, at + 16)[0], at
    wide = tail.rfind(_END_64, 0, at)
    if wide >= 0 and len(tail) >= wide + 56 and (number == _IN_64 or length == 0xFFFFFFFF):
        number, length, offset = struct.unpack_from("<QQQ", tail, wide + 32)
        ends = wide
    first = None
    if number > limits.members or length > _LARGEST_LIST:
        begins = size - len(tail) + ends - length
        first = shortened(file, begins, min(length, _LARGEST_LIST), offset, limits.members) if begins >= 0 else None
        if first is None:
            raise NotRead(Reason.TOO_MANY)
    file.seek(0)
    return first

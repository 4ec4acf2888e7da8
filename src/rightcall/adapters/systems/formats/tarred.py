"""Tar archives, read forward, member by member."""

import tarfile
from collections.abc import Iterator
from typing import Self

from rightcall.adapters.systems.formats.guarded import BROKEN, Guarded
from rightcall.adapters.systems.formats.model import WITHIN, Format, Head, Told, Within
from rightcall.adapters.systems.formats.names import leads_out, shown
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import NotRead, PassedOver, Reason

_MARK_AT, _MARK = 257, b"ustar"
_ABOUT_OTHERS = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_LARGEST_ABOUT = 1 << 20


class _Checked(tarfile.TarInfo):
    """What is said about a member is read into memory, so it must be small. What is none is told: the library takes it for the
    end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            found = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if any(buf):
                raise NotRead(Reason.BROKEN) from error
            raise
        if found.type in _ABOUT_OTHERS and found.size > _LARGEST_ABOUT:
            raise NotRead(Reason.BROKEN)
        return found


def fits(head: Head) -> bool:
    return head.bytes[_MARK_AT : _MARK_AT + len(_MARK)] == _MARK


def parts(name: str, stream: Stream, within: Within) -> Told:
    try:
        # What is behind the zeros of an end is looked at too: two archives may have been put together.
        archive = tarfile.TarFile.open(fileobj=stream, mode="r|", tarinfo=_Checked, ignore_zeros=True)  # type: ignore[call-overload]  # it only reads
    except BROKEN as error:
        raise NotRead(Reason.BROKEN) from error
    for number, member in enumerate(_members(archive)):
        if number >= within.limits.members:
            raise NotRead(Reason.TOO_MANY)
        yield from _one(f"{name}{WITHIN}{shown(member.name)}", archive, member, within)


def _members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    while True:
        try:
            member = archive.next()
        except BROKEN as error:
            raise NotRead(Reason.BROKEN) from error
        if member is None:
            return
        archive.members = []  # type: ignore[attr-defined]  # else it remembers each for ever
        yield member


def _one(inner: str, archive: tarfile.TarFile, member: tarfile.TarInfo, within: Within) -> Told:
    if member.isdir():
        return
    if leads_out(member.name):
        yield PassedOver(object=inner, reason=Reason.NAME)
    elif member.issym() or member.islnk():
        yield PassedOver(object=inner, reason=Reason.LINK)
    elif not member.isfile() or (file := archive.extractfile(member)) is None:
        yield PassedOver(object=inner, reason=Reason.SPECIAL)
    else:
        yield from within.inner(inner, Guarded(file))


FORMAT = Format(
    name="tar",
    fits=fits,
    parts=parts,
    endings=(".tar",),
    reads="Each file in it by its content, however deep, within the limits on what may come out",
    leaves="Links, devices, names that lead out; what follows a broken place",
)

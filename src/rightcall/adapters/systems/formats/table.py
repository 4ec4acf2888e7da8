"""The formats that are read, in the order in which they are asked whether a content is theirs; and the way from bytes to
parts."""

from typing import IO

from rightcall.adapters.systems.formats import delimited, text
from rightcall.adapters.systems.formats.limits import Limits, Spent
from rightcall.adapters.systems.formats.model import Format, Head, Told, Within, ending_of
from rightcall.adapters.systems.formats.stream import Readable, Stream
from rightcall.discovery.model import NotRead, PassedOver, Reason

FORMATS: tuple[Format, ...] = (
    delimited.FORMAT,
    text.FORMAT,
)
_PACKED = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
    b"MSCF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)
_BINARY = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"RIFF", b"OggS", b"ID3", b"SQLite format 3")


def format_of(name: str, head: bytes) -> Format:
    """Raises NotRead where no format is its."""
    known = Head(ending_of(name), head)
    if head.startswith(_PACKED) or head[257:262] == b"ustar":
        raise NotRead(Reason.PACKED)
    if head.startswith(_BINARY):
        raise NotRead(Reason.BINARY)
    found = next((each for each in FORMATS if each.fits(known)), None)
    if found is None:
        raise NotRead(Reason.BINARY)
    return found


def parts(name: str, raw: IO[bytes], *, size: int, limits: Limits, sample: float = 1.0) -> Told:
    """The content of an object of a source, `raw` of so many bytes, which can be sought in. Raises NotRead where nothing of it
    was read; where something was, the rest is told."""
    spent = Spent(limits=limits, packed=size)
    stream = Stream(raw, spent, seekable=raw)
    within = Within(look=_inner, limits=limits, spent=spent, sample=sample)
    is_begun = False
    try:
        for part in format_of(name, stream.head()).parts(name, stream, within):
            yield part
            is_begun = True
    except NotRead as why:
        if not is_begun:
            raise
        yield PassedOver(object=name, reason=why.reason)


def _inner(name: str, raw: Readable, within: Within) -> Told:
    if within.depth >= within.limits.depth:
        yield PassedOver(object=name, reason=Reason.TOO_DEEP)
        return
    deeper = Within(look=_inner, limits=within.limits, spent=within.spent, depth=within.depth + 1, sample=within.sample)
    try:
        stream = Stream(raw, within.spent)
        yield from format_of(name, stream.head()).parts(name, stream, deeper)
    except NotRead as why:
        yield PassedOver(object=name, reason=why.reason)
        if why.reason is Reason.BOMB:
            raise

"""The formats that are read, in the order in which they are asked whether a content is theirs; and the way from bytes to
parts."""

from typing import IO

from rightcall.adapters.systems.formats import (
    captions,
    delimited,
    html_page,
    json_document,
    json_lines,
    mail,
    parquet,
    pdf,
    sound,
    squeezed,
    tarred,
    text,
    xml_text,
    zipped,
)
from rightcall.adapters.systems.formats.limits import Limits, Spent
from rightcall.adapters.systems.formats.model import Format, Head, Told, Within, ending_of
from rightcall.adapters.systems.formats.sealed import is_sealed
from rightcall.adapters.systems.formats.stream import Readable, Stream
from rightcall.discovery.model import NotRead, PassedOver, Reason

_OF_BYTES: tuple[Format, ...] = (
    pdf.FORMAT,
    parquet.FORMAT,
    *zipped.OFFICE,
    zipped.FORMAT,
    tarred.FORMAT,
    squeezed.FORMAT,
    sound.FORMAT,
)
FORMATS: tuple[Format, ...] = (
    *_OF_BYTES,
    mail.BOX,
    mail.MESSAGE,
    captions.FORMAT,
    html_page.FORMAT,
    xml_text.FORMAT,
    json_lines.FORMAT,
    json_document.FORMAT,
    delimited.FORMAT,
    text.FORMAT,
)
_NEVER_EMPTY = frozenset(ending for each in _OF_BYTES for ending in each.endings)
"""A document, an archive or a recording of no bytes at all is what is left of one; a text may be empty."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SEALED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_NEVER: tuple[tuple[bytes, Reason], ...] = (
    (b"7z\xbc\xaf\x27\x1c", Reason.PACKED),
    (b"Rar!\x1a\x07", Reason.PACKED),
    (b"\x04\x22\x4d\x18", Reason.PACKED),
    (b"MSCF", Reason.PACKED),
    (_OLD_OFFICE, Reason.PACKED),
    (b"\x89PNG", Reason.PICTURES),
    (b"\xff\xd8\xff", Reason.PICTURES),
    (b"GIF8", Reason.PICTURES),
    (b"II*\x00", Reason.PICTURES),
    (b"MM\x00*", Reason.PICTURES),
    (b"\x7fELF", Reason.BINARY),
    (b"SQLite format 3\x00", Reason.DATABASE),
)


def format_of(name: str, head: bytes) -> Format:
    """Raises NotRead where no format is its."""
    known = Head(ending_of(name), head)
    if not head and known.ending in _NEVER_EMPTY:
        raise NotRead(Reason.BROKEN)
    if (head.startswith(_OLD_OFFICE) and _SEALED_OFFICE in head) or is_sealed(head):
        raise NotRead(Reason.ENCRYPTED)
    for begins, reason in _NEVER:
        if head.startswith(begins):
            raise NotRead(reason)
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
    yield from stream.noted.told(name)


def _inner(name: str, raw: Readable, within: Within) -> Told:
    if within.depth >= within.limits.depth:
        yield PassedOver(object=name, reason=Reason.TOO_DEEP)
        return
    deeper = Within(look=_inner, limits=within.limits, spent=within.spent, depth=within.depth + 1, sample=within.sample)
    held = within.spent.held
    try:
        stream = Stream(raw, within.spent)
        yield from format_of(name, stream.head()).parts(name, stream, deeper)
        yield from stream.noted.told(name)
    except NotRead as why:
        yield PassedOver(object=name, reason=why.reason)
        if why.reason is Reason.BOMB:
            raise
    finally:
        within.spent.held = held

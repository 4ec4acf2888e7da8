"""Word and OpenDocument: text with headers, footers, notes, comments and what was deleted under tracking; properties and
links."""

import re

from rightcall.adapters.systems.formats.model import Format, Head, Told, Within
from rightcall.adapters.systems.formats.office import beside, short, written
from rightcall.adapters.systems.formats.packages import Package, opened
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import NotRead, Reason

_BODY = "word/document.xml"
_OPEN_BODY = "content.xml"
_OPEN_LIST = "META-INF/manifest.xml"
_SEALED, _LONGEST_LIST = b"encryption-data", 1 << 20
_BESIDE = re.compile(r"word/(header|footer|footnote|endnote|comment)s?[A-Za-z]*\d*\.xml")


def fits(head: Head) -> bool:
    """Known by what is in the archive, see `zipped`."""
    del head
    return False


def word_parts(name: str, stream: Stream, within: Within) -> Told:
    with opened(stream, within) as package:
        yield from written(name, package, _BODY, None)
        for member in package.names:
            if _BESIDE.fullmatch(member):
                yield from written(name, package, member, short(member))
        yield from beside(name, package, within)


def open_parts(name: str, stream: Stream, within: Within) -> Told:
    with opened(stream, within) as package:
        if _is_sealed(package):
            raise NotRead(Reason.ENCRYPTED)
        yield from written(name, package, _OPEN_BODY, None, is_open=True)
        if "styles.xml" in package.names:
            yield from written(name, package, "styles.xml", "headers", is_open=True)
        yield from beside(name, package, within)


def _is_sealed(package: Package) -> bool:
    return _OPEN_LIST in package.names and _SEALED in package.stream(_OPEN_LIST).read(_LONGEST_LIST)


WORD = Format(
    name="DOCX",
    fits=fits,
    marker=_BODY,
    parts=word_parts,
    endings=(".docx", ".docm"),
    reads=(
        "Text, headers, footers, notes, comments and their authors, deleted text under tracking, properties, "
        "links, embedded files"
    ),
    leaves="Pictures; macros; the old binary format (`.doc`)",
)
OPEN = Format(
    name="OpenDocument",
    fits=fits,
    marker=_OPEN_BODY,
    parts=open_parts,
    endings=(".odt", ".ods", ".odp"),
    reads="Text, tables as text, headers, footers, comments, properties",
    leaves="Pictures; documents behind a password",
)

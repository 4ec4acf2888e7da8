"""Plain text, logs, source, Markdown: all of it in order."""

from collections.abc import Iterator

from rightcall.adapters.systems.formats.breaking import Break
from rightcall.adapters.systems.formats.decoding import decoded, encoding_of
from rightcall.adapters.systems.formats.model import Format, Head, Told, Within
from rightcall.adapters.systems.formats.sealed import Watched
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import PassedOver, Reason
from rightcall.discovery.parts import Prose


def fits(head: Head) -> bool:
    return encoding_of(head.bytes) is not None


def parts(name: str, stream: Stream, within: Within) -> Told:
    del within
    yield from prose(name, decoded(stream))


def prose(name: str, pieces: Iterator[tuple[int, str]], field: str | None = None) -> Told:
    """Text, and a word on it where it breaks off before its end, or something encrypted stands in it: whoever takes the pieces is
    not stopped by that. Raises NotRead where nothing more of the object may be read."""
    broken, watched = Break(), Watched(pieces)
    yield Prose(object=name, pieces=broken.before(iter(watched)), field=field)
    if watched.has_sealed:
        yield PassedOver(object=name, reason=Reason.ENCRYPTED)
    if broken.is_of_all:
        broken.tell()
    if broken.why is not None:
        yield PassedOver(object=name, reason=broken.why.reason)


FORMAT = Format(
    name="text",
    fits=fits,
    parts=parts,
    endings=(".txt", ".log", ".md"),
    reads=(
        "All of it, in UTF-8, UTF-16, UTF-32, Windows-1252 or EBCDIC (code page 37), also where it changes between UTF-16 and the"
        " others"
    ),
    leaves="What is encrypted in it (PGP, age, Ansible Vault), told; other encodings come out wrong, told as a guess",
)

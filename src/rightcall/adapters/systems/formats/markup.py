"""XML, read forward: what begins, ends and is said goes to a listener, piece by piece. Documents that declare entities are not
read further, and nothing is fetched."""

from collections.abc import Iterator
from typing import Protocol
from xml.parsers import expat

from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import NotRead, Reason

_PIECE = 1 << 16
_BETWEEN = "}"


class Listener(Protocol):
    """Tags and attributes as `namespace}name`."""

    def start(self, tag: str, attributes: dict[str, str], /) -> None: ...

    def end(self, tag: str, /) -> None: ...

    def data(self, text: str, /) -> None: ...


def local(tag: str) -> str:
    return tag.rpartition(_BETWEEN)[2]


def heard(stream: Stream, listener: Listener) -> Iterator[int]:
    """After each piece, how many bytes it was. Raises NotRead."""
    parser = expat.ParserCreate(namespace_separator=_BETWEEN)
    parser.buffer_text = True
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.data
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    while True:
        piece = stream.read(_PIECE)
        try:
            parser.Parse(piece, not piece)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise NotRead(Reason.BROKEN) from error
        yield len(piece)
        if not piece:
            return


def _refuse(*_: object) -> int:
    raise NotRead(Reason.BROKEN)

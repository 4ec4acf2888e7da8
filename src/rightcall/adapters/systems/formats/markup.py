"""XML, read forward: what begins, ends and is said goes to a listener, piece by piece. Documents that declare entities are not
read further, and nothing is fetched."""

from collections.abc import Callable, Iterator
from typing import ParamSpec, Protocol
from xml.parsers import expat

from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import NotRead, Reason

_PIECE = 1 << 16
_BETWEEN = "}"
_LONGEST = 16 << 20
"""Bytes of one tag with its attributes, or of one comment."""
_P = ParamSpec("_P")


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
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    unheard = _Unheard(parser, listener)
    while True:
        piece = stream.read(_PIECE)
        unheard.take(len(piece))
        try:
            parser.Parse(piece, not piece)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise NotRead(Reason.BROKEN) from error
        yield len(piece)
        if not piece:
            return


class _Unheard:
    """How much the parser has taken since it last told anything: a tag, an attribute or a comment without an end stays in its
    memory."""

    def __init__(self, parser: expat.XMLParserType, listener: Listener) -> None:
        self._bytes = 0
        parser.StartElementHandler = self._heard(listener.start)
        parser.EndElementHandler = self._heard(listener.end)
        parser.CharacterDataHandler = self._heard(listener.data)

    def take(self, amount: int) -> None:
        """Raises NotRead."""
        self._bytes += amount
        if self._bytes > _LONGEST:
            raise NotRead(Reason.TOO_LONG)

    def _heard(self, told: Callable[_P, None]) -> Callable[_P, None]:
        def tell(*what: _P.args, **more: _P.kwargs) -> None:
            self._bytes = 0
            told(*what, **more)

        return tell


def _refuse(*_: object) -> int:
    raise NotRead(Reason.BROKEN)

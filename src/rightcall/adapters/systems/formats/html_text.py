"""The text of HTML, read forward."""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote

from lxml import etree

from rightcall.adapters.systems.formats.decoding import decoded
from rightcall.adapters.systems.formats.model import FOREIGN, Told, Within
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.adapters.systems.formats.text import prose
from rightcall.discovery.model import NotRead, Reason

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_UNSEEN = {"style"}
_CELLS = {"td", "th", "option", "input", "label", "button"}
_INLINE = {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "kbd", "mark", "q", "s", "small", "span"}
_INLINE |= {"strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "ins", "del", "data"}
_LINKS = {"href", "src", "action", "cite"}
_SILENT = {"class", "style", "width", "height", "align", "colspan", "rowspan", "border", "rel", "type", "lang", "dir", "target"}


def parts(name: str, stream: Stream, within: Within) -> Told:
    del within
    yield from prose(name, seen(decoded(stream, declared(stream.head()))))


def declared(head: bytes) -> str | None:
    """The encoding that the page says it is in, where it is one that we know."""
    found = _DECLARED.search(head[:4096])
    with suppress(LookupError, UnicodeError):
        if found and codecs.lookup(found[1].decode("ascii")).name not in {"utf-8", "utf-16", "utf-16-le", "utf-16-be"}:
            return codecs.lookup(found[1].decode("ascii")).name
    return None


def seen(pieces: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Raises NotRead."""
    page = _Page()
    parser = etree.HTMLParser(target=page, no_network=True, recover=True)
    is_fed = False
    for amount, piece in pieces:
        is_fed = is_fed or bool(piece.strip())
        try:
            parser.feed(piece.replace("\0", " "))
        except (etree.LxmlError, *FOREIGN) as error:
            raise NotRead(Reason.BROKEN) from error
        yield amount, page.drained()
    if is_fed:
        with suppress(etree.LxmlError):
            parser.close()
        yield 0, page.drained()


class _Page:
    def __init__(self) -> None:
        self._said: list[str] = []
        self._unseen = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._unseen += tag in _UNSEEN
        self._part(tag)
        for key, value in attributes.items():
            if value and key not in _SILENT:
                self._said.append(f" {unquote(value) if key in _LINKS else value} ")

    def end(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN
        self._part(tag)

    def data(self, text: str) -> None:
        if not self._unseen:
            self._said.append(text)

    def comment(self, text: str) -> None:
        self._said.append(f"\n{text}\n")

    def close(self) -> None:
        """Nothing is built."""

    def drained(self) -> str:
        said, self._said = "".join(self._said), []
        return said

    def _part(self, tag: str) -> None:
        if tag in _CELLS:
            self._said.append("\t")
        elif tag not in _INLINE:
            self._said.append("\n")

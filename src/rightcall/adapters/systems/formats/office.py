"""What office documents have in common: paragraphs, properties, links, and what is put into them."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from rightcall.adapters.systems.formats import xml_text
from rightcall.adapters.systems.formats.markup import heard, local
from rightcall.adapters.systems.formats.model import WITHIN, Told, Within
from rightcall.adapters.systems.formats.names import shown
from rightcall.adapters.systems.formats.packages import Package
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.adapters.systems.formats.text import prose
from rightcall.discovery.model import NotRead, PassedOver, Reason

_SAID = {"t", "delText", "instrText", "text"}
_LINES = {"p", "h", "br", "cr", "line-break", "tr", "table-row"}
_TABS = {"tab", "tc", "table-cell"}
_WHOLE = {"p", "h"}
_PROPERTIES = re.compile(
    r"docProps/[^/]+\.xml|meta\.xml|customXml/item\d+\.xml|(?:word/people|xl/persons/.+|ppt/commentAuthors)\.xml"
)
_LINKS = re.compile(r"(?:.*/)?_rels/[^/]+\.rels")
_EMBEDDED = re.compile(r"(?:word|xl|ppt)/embeddings/.+|Object [^/]+/content\.xml")
_PICTURES = re.compile(r"(?:word|xl|ppt)/media/.+|Pictures/.+")


class Paragraphs:
    """Texts with a line end behind each paragraph. `is_open`: in OpenDocument all that a paragraph holds is its text."""

    def __init__(self, *, is_open: bool = False) -> None:
        self._texts = _WHOLE if is_open else _SAID
        self._inside = 0
        self._said: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name in self._texts:
            self._inside += 1
        if name in _TABS:
            self._said.append("\t")
        for key, value in attributes.items():
            if local(key) == "author":
                self._said.append(f"\n{value}: ")

    def end(self, tag: str) -> None:
        name = local(tag)
        if name in self._texts:
            self._inside -= 1
        if name in _LINES:
            self._said.append("\n")

    def data(self, text: str) -> None:
        if self._inside:
            self._said.append(text)

    def drained(self) -> str:
        said, self._said = "".join(self._said), []
        return said


def paragraphs(stream: Stream, *, is_open: bool = False) -> Iterator[tuple[int, str]]:
    """Raises NotRead."""
    listener = Paragraphs(is_open=is_open)
    for amount in heard(stream, listener):
        yield amount, listener.drained()


def written(name: str, package: Package, member: str, field: str | None, *, is_open: bool = False) -> Told:
    """One part of a document, told where it is broken; the others are read all the same."""
    try:
        stream = package.stream(member)
    except NotRead as why:
        yield PassedOver(object=name, reason=why.reason)
        return
    yield from prose(name, paragraphs(stream, is_open=is_open), field)


def beside(name: str, package: Package, within: Within) -> Told:
    """Properties, links, embedded objects; and a word on the pictures."""
    for member in package.names:
        if _PROPERTIES.fullmatch(member):
            yield from as_xml(name, package, member, f"properties {short(member)}", within)
        elif _LINKS.fullmatch(member):
            yield from _links(name, package, member)
        elif _EMBEDDED.fullmatch(member):
            yield from _embedded(name, package, member, within)
    if any(_PICTURES.fullmatch(member) for member in package.names):
        yield PassedOver(object=name, reason=Reason.PICTURES)


def as_xml(name: str, package: Package, member: str, field: str, within: Within) -> Told:
    try:
        stream = package.stream(member)
    except NotRead as why:
        yield PassedOver(object=name, reason=why.reason)
        return
    yield from prose(name, xml_text.lines(stream, within.limits.nesting), field)


def short(member: str) -> str:
    """`core` of `docProps/core.xml`."""
    return member.rpartition("/")[2].partition(".")[0]


class _Links:
    """Where links of a part lead to, outside of the document."""

    def __init__(self) -> None:
        self.targets: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "Relationship" and attributes.get("TargetMode") == "External":
            self.targets.append(unquote(attributes.get("Target", "")))

    def end(self, tag: str) -> None:
        """A link is all in its tag."""

    def data(self, text: str) -> None:
        """A link is all in its tag."""


def _links(name: str, package: Package, member: str) -> Told:
    listener = _Links()
    try:
        amount = sum(heard(package.stream(member), listener))
    except NotRead as why:
        yield PassedOver(object=name, reason=why.reason)
        return
    if listener.targets:
        yield from prose(name, iter([(amount, "\n".join(listener.targets))]), f"links of {short(member)}")


def _embedded(name: str, package: Package, member: str, within: Within) -> Told:
    inner = f"{name}{WITHIN}{shown(member)}"
    try:
        raw = package.raw(package.names[member])
    except NotRead as why:
        yield PassedOver(object=inner, reason=why.reason)
        return
    yield from within.inner(inner, raw)

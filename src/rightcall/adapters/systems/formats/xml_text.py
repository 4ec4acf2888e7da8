"""XML of any kind: its texts and the values of its attributes, each on a line behind its name."""

import re
from collections.abc import Iterator

from rightcall.adapters.systems.formats.decoding import encoding_of, text_of
from rightcall.adapters.systems.formats.markup import heard, local
from rightcall.adapters.systems.formats.model import Format, Head, Told, Within
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.adapters.systems.formats.text import prose
from rightcall.discovery.model import NotRead, Reason

ENDINGS = (".xml",)
_BEGINS = re.compile(r"\s*<(?:\?xml|[A-Za-z!])")
_DECLARED = re.compile(r"\s*<\?xml")


def fits(head: Head) -> bool:
    if encoding_of(head.bytes) is None:
        return False
    begins = _BEGINS if head.ending in ENDINGS else _DECLARED
    return begins.match(text_of(head.bytes[:1024])) is not None


def parts(name: str, stream: Stream, within: Within) -> Told:
    yield from prose(name, lines(stream, within.limits.nesting))


def lines(stream: Stream, nesting: int) -> Iterator[tuple[int, str]]:
    lines = _Lines(nesting)
    for amount in heard(stream, lines):
        yield amount, lines.drained()


class _Lines:
    def __init__(self, nesting: int) -> None:
        self._nesting, self._open = nesting, list[str]()
        self._said: list[str] = []
        self._is_at_text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= self._nesting:
            raise NotRead(Reason.TOO_DEEP)
        self._open.append(local(tag))
        self._end_line()
        self._said.extend(f"{local(key)}: {value}\n" for key, value in attributes.items())

    def end(self, tag: str) -> None:
        del tag
        self._open.pop()
        self._end_line()

    def data(self, text: str) -> None:
        if not self._is_at_text and not text.strip():
            return
        if not self._is_at_text:
            self._said.append(f"{self._open[-1]}: ")
            self._is_at_text = True
        self._said.append(text)

    def _end_line(self) -> None:
        if self._is_at_text:
            self._said.append("\n")
        self._is_at_text = False

    def drained(self) -> str:
        said, self._said = "".join(self._said), []
        return said


FORMAT = Format(
    name="XML",
    fits=fits,
    parts=parts,
    endings=ENDINGS,
    reads="Texts and the values of attributes, each on a line behind its name",
    leaves="Comments; documents that declare entities of their own",
)

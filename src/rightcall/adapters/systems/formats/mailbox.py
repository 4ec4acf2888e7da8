"""mbox: messages one after the other, each begun by a line `From `. One that is too large is told, and the others are read."""

import io
from collections.abc import Iterator

from rightcall.adapters.systems.formats import messages
from rightcall.adapters.systems.formats.model import WITHIN, Told, Within
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import NotRead, PassedOver, Reason

_BEGINS = b"From "
_LONGEST_LINE = 1 << 20


def parts(name: str, stream: Stream, within: Within) -> Told:
    for number, content in enumerate(_messages(stream, within.limits.held), 1):
        inner = f"{name}{WITHIN}message {number}"
        if content is None:
            yield PassedOver(object=inner, reason=Reason.TOO_LARGE)
            continue
        held = within.spent.held
        try:
            yield from messages.parts(inner, Stream(io.BytesIO(content), within.spent, seekable=io.BytesIO(content)), within)
        except NotRead as why:
            yield PassedOver(object=inner, reason=why.reason)
        finally:
            within.spent.held = held


def _messages(stream: Stream, largest: int) -> Iterator[bytes | None]:
    """None in place of one that is too large."""
    waiting: list[bytes] = []
    size, is_begun, is_after_blank = 0, False, True
    for line in _lines(stream):
        if line.startswith(_BEGINS) and is_after_blank:
            if is_begun:
                yield b"".join(waiting) if size <= largest else None
            waiting, size, is_begun = [], 0, True
        else:
            size += len(line)
            if size <= largest:
                waiting.append(line[1:] if line.startswith(b">From ") else line)
            else:
                waiting.clear()
        is_after_blank = not line.strip()
    if is_begun:
        yield b"".join(waiting) if size <= largest else None


def _lines(stream: Stream) -> Iterator[bytes]:
    rest = b""
    for piece in stream.pieces():
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line + b"\n"
        if len(rest) > _LONGEST_LINE:
            yield rest
            rest = b""
    if rest:
        yield rest

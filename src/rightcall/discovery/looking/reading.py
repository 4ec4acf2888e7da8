"""A text that comes in pieces, as windows: memory stays bounded however long it is, and offsets count in the whole text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WINDOW = 1 << 18


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the text that begins at `offset`. What begins from `first` to before `last` is this window's to find; the rest
    is there to be seen beside it. `bytes` were read for it."""

    offset: int
    text: str
    first: int
    last: int
    bytes: int


def windows(pieces: Iterable[tuple[int, str]], *, reach: int, size: int = WINDOW) -> Iterator[Window]:
    """A text that comes in pieces, each with the bytes it took, as windows that see `reach` characters to both sides."""
    read = 0
    text, offset, first = "", 0, 0
    for amount, piece in pieces:
        read += amount
        text += piece
        while len(text) - first >= size + reach:
            yield Window(offset, text[: first + size + reach], first, first + size, read)
            cut, read = max(0, first + size - reach), 0
            text, offset, first = text[cut:], offset + cut, first + size - cut
    yield Window(offset, text, first, len(text), read)

"""Text that comes in pieces, as lines: each with its end, none longer than it may be, and the bytes they took."""

from collections.abc import Iterator


class Lines(Iterator[str]):
    """A line that is too long comes in stretches, and `is_cut` says that there was one. Lines that were handed `back` come
    again."""

    def __init__(self, pieces: Iterator[tuple[int, str]], longest: int) -> None:
        self._pieces, self._longest = pieces, longest
        self._lines = self._split()
        self._back: list[str] = []
        self._bytes = 0
        self.is_cut = False

    def __next__(self) -> str:
        return self._back.pop() if self._back else next(self._lines)

    def back(self, lines: list[str]) -> None:
        self._back.extend(reversed(lines))

    def taken(self) -> int:
        """Bytes that were read since this was last asked."""
        taken, self._bytes = self._bytes, 0
        return taken

    def _split(self) -> Iterator[str]:
        rest: list[str] = []
        length = 0
        for amount, piece in self._pieces:
            self._bytes += amount
            *ended, last = piece.split("\n")
            for line in ended:
                yield from self._bounded("".join(rest) + line + "\n")
                rest, length = [], 0
            rest.append(last)
            length += len(last)
            if length > self._longest:
                self.is_cut = True
                yield "".join(rest)
                rest, length = [], 0
        if length:
            yield from self._bounded("".join(rest))

    def _bounded(self, line: str) -> Iterator[str]:
        if len(line) <= self._longest:
            yield line
            return
        self.is_cut = True
        for at in range(0, len(line), self._longest):
            yield line[at : at + self._longest]

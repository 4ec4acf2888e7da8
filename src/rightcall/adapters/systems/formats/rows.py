"""Rows as they come, in batches of bounded size, each with what it took at the source."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

from rightcall.discovery.parts import Row, Rows

_MOST_ROWS = 500
_MOST_CHARACTERS = 1 << 18


def digest(parts: Iterable[str | None]) -> str:
    """Tells a row by its content, so that it is found again after others before it have gone."""
    return blake2b(
        "\x1f".join("\0" if part is None else part for part in parts).encode("utf-8", "surrogatepass"), digest_size=16
    ).hexdigest()


def is_sampled(mark: str, sample: float) -> bool:
    """`mark`: a digest in hexadecimal. The same row is always in the sample, or never."""
    return sample >= 1.0 or int(mark[:8], 16) < sample * 0x1_0000_0000


def batches(object: str, heads: tuple[str, ...], rows: Iterable[Row], taken: Callable[[], int]) -> Iterator[Rows]:
    """Rows that have more cells than there are heads bring heads of their own; those that have fewer are filled up."""
    waiting: list[Row] = []
    characters = 0
    for row in rows:
        waiting.append(row)
        characters += sum(len(cell) for cell in row.cells if cell)
        if len(waiting) >= _MOST_ROWS or characters >= _MOST_CHARACTERS:
            yield _batch(object, heads, waiting, taken())
            waiting, characters = [], 0
    amount = taken()
    if waiting or amount:
        yield _batch(object, heads, waiting, amount)


def named(number: int) -> str:
    """A column without a head, counted from 1."""
    return f"column {number}"


def _batch(object: str, heads: tuple[str, ...], rows: list[Row], amount: int) -> Rows:
    width = max((len(row.cells) for row in rows), default=0)
    if width > len(heads):
        heads += tuple(named(number + 1) for number in range(len(heads), width))
    filled = tuple(Row(row.key, row.cells + (None,) * (len(heads) - len(row.cells)), row.known_by) for row in rows)
    return Rows(object=object, heads=heads, rows=filled, bytes=amount)

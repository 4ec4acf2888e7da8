"""Fetching the copy that a processor put somewhere, into the package: while it comes, and no more of it in memory than a piece.

Only from where the processor itself is registered, over the same line; what lies elsewhere stays a link, and so does what is too
large, too slow, broken off, or not of a kind that is data and nothing else: the page says why. What was begun and not come to
its end is in no package.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from itertools import chain

from rightcall.activities.processors.model import CopyRefused, NotFetched
from rightcall.activities.processors.ports import Dial
from rightcall.errors import Malformed
from rightcall.requests.packages.model import Part
from rightcall.requests.packages.processors import Answered
from rightcall.requests.packages.rules import first_bytes_fit, suffix_of
from rightcall.requests.packages.writing import Pen

_FOR = "hand it to the person whom it is about"
_TELLING = 64
"""Bytes that tell what kind of file it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """`file`: its name in the package; None where it is not in there, and then `why`, where it was tried at all."""

    file: str | None = None
    part: Part | None = None
    why: NotFetched | None = None


def bring(dial: Dial, found: Sequence[Answered], pens: Callable[[int], AbstractContextManager[Pen]], first: int) -> list[Brought]:
    """Each into a part of its own. `pens`: for the part of that number; `first`: the number of the first one."""
    brought: list[Brought] = []
    for answered in found:
        number = first + sum(each.part is not None for each in brought)
        brought.append(_bring(dial, answered, pens, number))
    return brought


def _bring(dial: Dial, answered: Answered, pens: Callable[[int], AbstractContextManager[Pen]], number: int) -> Brought:
    if answered.link is None:
        return Brought()
    if answered.address is None:
        return Brought(why=NotFetched.RETIRED)
    try:
        with closing(dial(answered.address)) as line, line.download(answered.link.reveal(_FOR)) as download:
            suffix = suffix_of(download.mediatype)
            head = _head(download.chunks)
            if suffix is None or not first_bytes_fit(suffix, head):
                return Brought(why=NotFetched.OTHER_KIND)
            with pens(number) as pen:
                file = f"processors/{answered.order}{suffix}"
                pen.piece.stream(file, chain([head], download.chunks))
                return Brought(file=file, part=pen.keep())
    except CopyRefused as refused:
        return Brought(why=refused.why)
    except Malformed:
        return Brought(why=NotFetched.OTHER_PLACE)


def _head(chunks: Iterator[bytes]) -> bytes:
    head = b""
    while len(head) < _TELLING and (piece := next(chunks, None)) is not None:
        head += piece
    return head

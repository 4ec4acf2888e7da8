"""What a format is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from rightcall.adapters.systems.formats.limits import Limits, Spent
from rightcall.adapters.systems.formats.stream import Readable, Stream
from rightcall.discovery.model import PassedOver
from rightcall.discovery.parts import Part

WITHIN = "!/"
"""Between the name of an object and that of what lies in it."""

FOREIGN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What parsers of others raise on hostile bytes, RecursionError, UnicodeError and struct's among them. Caught around their
calls alone."""


Told = Iterator[Part | PassedOver]


@dataclass(frozen=True, slots=True)
class Head:
    """What is known before reading: how the name ends, in small letters, and the first bytes."""

    ending: str
    bytes: bytes


class Look(Protocol):
    def __call__(self, name: str, raw: Readable, within: "Within", /) -> Told: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Where an object is read: how deep in others, with which limits, and how to look at what lies in it. `sample`: about so
    large a part of a table's rows."""

    look: Look
    limits: Limits
    spent: Spent
    depth: int = 0
    sample: float = 1.0

    def inner(self, name: str, raw: Readable) -> Told:
        """What lies in an object, of whatever format. Nothing of it is raised: it is told by its name."""
        return self.look(name, raw, self)


Reader = Callable[[str, Stream, Within], Told]
"""The parts of the object of that name. Raises NotRead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`fits` knows it by its content (or by its name, where any text may be of it). `marker`: a member that a zip archive of
    this format has. `reads` and `leaves` in words, for the reference."""

    name: str
    marker: str = ""
    fits: Callable[[Head], bool]
    parts: Reader
    endings: tuple[str, ...]
    reads: str
    leaves: str


def ending_of(name: str) -> str:
    """`.csv` of `a/b.CSV`; empty where there is none."""
    last = name.rpartition("/")[2]
    return "." + last.rpartition(".")[2].lower() if "." in last else ""

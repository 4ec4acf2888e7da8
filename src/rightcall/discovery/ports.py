"""What a scan, and later an erasure, needs of a source outside: implemented once for each kind of source in `adapters/systems`.

A source is read and never changed, unless it declares more. Whatever is wrong with one object is told of that object and ends
nothing else; `SourceGone` is for the source itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from rightcall.discovery.model import NotRead, PassedOver
from rightcall.discovery.parts import Part
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How hard a source may be worked, by all that read it together: bytes and rows a second, None for as fast as it goes."""

    bytes: int | None = None
    rows: int | None = None

    def __post_init__(self) -> None:
        if min(self.bytes or 1, self.rows or 1) < 1 or 0 in (self.bytes, self.rows):
            raise Malformed("A limit is bytes or rows a second, at least 1. Leave it out to read as fast as it goes.")

    @property
    def is_limited(self) -> bool:
        return self.bytes is not None or self.rows is not None

    def within(self, other: "Load") -> "Load":
        """The stricter of both."""
        return Load(bytes=_stricter(self.bytes, other.bytes), rows=_stricter(self.rows, other.rows))

    def shared(self, readers: int) -> "Load":
        """What each of so many may take."""
        return Load(
            bytes=None if self.bytes is None else max(1, self.bytes // readers),
            rows=None if self.rows is None else max(1, self.rows // readers),
        )

    def pause(self, *, bytes: int, rows: int, seconds: float) -> float:
        """How many seconds to wait, after so much in so many seconds."""
        by_bytes = 0.0 if self.bytes is None else bytes / self.bytes
        by_rows = 0.0 if self.rows is None else rows / self.rows
        return max(0.0, by_bytes - seconds, by_rows - seconds)


def _stricter(one: int | None, other: int | None) -> int | None:
    given = [each for each in (one, other) if each is not None]
    return min(given) if given else None


UNLIMITED = Load()


@dataclass(frozen=True, slots=True, kw_only=True)
class Toil:
    """What one object may cost of our processor before it is put aside: `seconds`, and one more for each `bytes` read of it."""

    seconds: float = 120.0
    bytes: int = 200_000

    def allows(self, seconds: float, *, bytes: int) -> bool:
        return seconds <= self.seconds + bytes / self.bytes


TOIL = Toil()


class Ability(StrEnum):
    """`find`: look for data about people. `export`: hand out what lies at a place. `erase`: let go of it. `confirm`: look again
    whether it is gone. `correct`: put another value into a field."""

    FIND = "find"
    EXPORT = "export"
    ERASE = "erase"
    CONFIRM = "confirm"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One object of a source: a file, a table, a message store. `fingerprint` differs whenever its content may; None where the
    source cannot tell, so that it is read each time. `size` in bytes, or rows times their width, where known: for estimates.
    `warning`: what whoever reads its findings should know, in words, without data about people."""

    name: str
    fingerprint: str | None
    size: int | None
    changed_at: datetime | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where one thing lies in an object: a row, a field of it, characters from `start` to before `end` of the decoded text.
    All None: the object as a whole."""

    object: str
    row: str | None = None
    field: str | None = None
    start: int | None = None
    end: int | None = None


REFUSALS = (Conflict, Malformed, NotAllowed, NotFound, NotRead)
"""How a source says that it does not hand something out, or does not let go of it."""
Refusal = Conflict | Malformed | NotAllowed | NotFound | NotRead


class Gone(StrEnum):
    """What looking again at a spot found. `unknown`: it could not be told, which is not `gone`."""

    GONE = "gone"
    THERE = "there"
    UNKNOWN = "unknown"


class SafetyFact(StrEnum):
    """What can be seen of how a source keeps its data, without looking at the data. `unknown`: the source did not let it be
    asked, and the evidence says what."""

    WORLD_READABLE = "world_readable"
    WORLD_WRITABLE = "world_writable"
    SHARED_WITH_GROUP = "shared_with_group"
    UNENCRYPTED_AT_REST = "unencrypted_at_rest"
    PUBLIC_ACCESS = "public_access"
    NO_TLS = "no_tls"
    RIGHTS_BEYOND_READING = "rights_beyond_reading"
    VERSIONS_KEPT = "versions_kept"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """`object` is None where it is true of the source as a whole. `evidence` in words, without data about people."""

    fact: SafetyFact
    object: str | None
    evidence: str


class System(Protocol):
    """One source. Every method may raise SourceGone; `read` raises NotRead where the object is not for reading."""

    @property
    def abilities(self) -> frozenset[Ability]: ...

    def objects(self) -> Iterator[Listed | PassedOver]:
        """All of them in a settled order; bounded memory."""
        ...

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        """Its content, in order. `sample`: of a table, about so large a part of its rows, chosen at random by key."""
        ...

    def sign(self, object: Listed) -> str | None:
        """What differs whenever what is read of this object does, told by the source itself without handing anything out; None
        where it cannot be sure. Asked only where the list told no fingerprint."""
        ...

    def safety(self) -> Iterator[Seen]:
        """What can be seen of how it is kept. Nothing seen is not the same as safe."""
        ...

    def export(self, spot: Spot) -> bytes:
        """What lies there now. Only with `export`; NotFound where nothing does."""
        ...

    def exports(self, spots: Sequence[Spot]) -> Iterator[tuple[Spot, bytes | Refusal]]:
        """The same of many, each once and in any order, with as few questions as the source allows: what `export` would give, or
        what it would raise."""
        ...

    def erase(self, spots: Sequence[Spot]) -> None:
        """Let go of it. Only with `erase`. Again is fine. Returns once the source says that it is done."""
        ...

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        """Look again, by reading. Only with `confirm`."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class Correctable(Protocol):
    """A system in which a wrong value can be put right. `System.export` reads it back."""

    def correct(self, spot: Spot, value: str, *, was: str) -> None:
        """The field of that row holds `value` from now on. Again is fine. Conflict where it holds neither that nor `was`, and
        where it takes no such value; returns once the source says that it is done."""
        ...


class Opener(Protocol):
    """How a system is reached: by a path or a URL, with its credentials. `adapters.systems.opening` knows every kind."""

    def __call__(self, address: Personal[str], /, *, writable: bool = False, load: Load = UNLIMITED) -> System:
        """For reading alone, so that nothing is changed there by mistake: only an erasure or a correction opens it `writable`.

        Malformed for an address that it cannot read, NotFound where nothing is there, SourceGone where it does not answer. None
        of these tells the address."""
        ...

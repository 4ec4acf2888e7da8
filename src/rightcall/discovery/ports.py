"""What a scan, and later an erasure, needs of a source outside: implemented once for each kind of source in `adapters/systems`.

A source is read and never changed, unless it declares more. Whatever is wrong with one object is told of that object and ends
nothing else; `SourceGone` is for the source itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from rightcall.discovery.model import PassedOver
from rightcall.discovery.parts import Part
from rightcall.personal import Personal


class Ability(StrEnum):
    """`find`: look for data about people. `export`: hand out what lies at a place. `erase`: let go of it. `confirm`: look again
    whether it is gone."""

    FIND = "find"
    EXPORT = "export"
    ERASE = "erase"
    CONFIRM = "confirm"


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

    def safety(self) -> Iterator[Seen]:
        """What can be seen of how it is kept. Nothing seen is not the same as safe."""
        ...

    def export(self, spot: Spot) -> bytes:
        """What lies there now. Only with `export`; NotFound where nothing does."""
        ...

    def erase(self, spots: Sequence[Spot]) -> None:
        """Let go of it. Only with `erase`. Again is fine. Returns once the source says that it is done."""
        ...

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        """Look again, by reading. Only with `confirm`."""
        ...

    def close(self) -> None: ...


class Opener(Protocol):
    """How a system is reached: by a path or a URL, with its credentials. `adapters.systems.opening` knows every kind."""

    def __call__(self, address: Personal[str], /) -> System:
        """Malformed for an address that it cannot read, NotFound where nothing is there, SourceGone where it does not answer.
        None of these tells the address."""
        ...

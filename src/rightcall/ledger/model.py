"""What stands in the ledger. A statement holds ids, instants, enums, counts and digests; never words, never personal data.

Each room declares its own statements in `statements.py` as subclasses of `Statement`; a test walks them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rightcall.canonical import Json
from rightcall.errors import Malformed
from rightcall.ids import ControllerId, StatementId


@dataclass(frozen=True, slots=True)
class _Bytes32:
    value: bytes

    def __post_init__(self) -> None:
        if len(self.value) != 32:
            raise Malformed(f"A {type(self).__name__.lower()} is exactly 32 bytes.")

    @property
    def hex(self) -> str:
        return self.value.hex()


class Digest(_Bytes32):
    """SHA-256 of something that is not personal: a notice, a rule set, sealed bytes."""

    __slots__ = ()


class Commitment(_Bytes32):
    """HMAC-SHA256 under a salt that dies with the subject's key: binds us without being about anyone afterwards."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One line in the ledger. `KIND` is `room.deed`, e.g. "consent.choice", and is unique.

    Fields may be UUIDs, datetimes, dates, StrEnums, ints, bools, Digests, Commitments, None, and tuples of these.
    """

    KIND: ClassVar[str]

    at: datetime
    controller: ControllerId


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """That a statement stands in the ledger: its leaf, where, and the path to a root that the ledger signed."""

    statement: StatementId
    leaf: bytes
    index: int
    tree_size: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    text: str
    """The same as a C2SP tlog-proof, with the leaf as its extra data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A statement as the ledger has it: the fields of its leaf, and its place once it has one."""

    statement: StatementId
    says: Mapping[str, Json]
    index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """The statement is kept, and will be in the ledger's next checkpoint."""

    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequenced:
    """A statement with its place in the ledger."""

    index: int
    controller: ControllerId
    statement: StatementId
    kind: str
    leaf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A statement that was given its place just now. `hour`: of Unix time, in which it was said; None where it does not tell."""

    index: int
    leaf: bytes
    controller: ControllerId
    hour: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """Which lines are looked for: of one sort, said by one role, said from `since` on and before `before` (Unix milliseconds)."""

    kind: str | None = None
    role: str | None = None
    since: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeHead:
    """The tree of the first `size` leaves."""

    size: int
    root: bytes

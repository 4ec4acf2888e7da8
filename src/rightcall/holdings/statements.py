"""What the data map says in the ledger. Whose a holding is, it does not say: the map knows, and the ledger outlives erasure."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.holdings.model import Disposal, HoldingKind, Source
from rightcall.ids import CallId, HoldingId, PurposeId, StreamId
from rightcall.ledger.model import Digest, Statement
from rightcall.purposes.model import LawfulBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingRecorded(Statement):
    """From now on something is held. `last_days` has one day for each purpose, in the same order."""

    KIND: ClassVar[str] = "holdings.recorded"

    holding: HoldingId
    kind_of_holding: HoldingKind
    call: CallId | None
    stream: StreamId | None
    purposes: tuple[PurposeId, ...]
    last_days: tuple[date, ...]
    source: Source
    basis: LawfulBasis
    derived_from: tuple[HoldingId, ...]
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingCompleted(Statement):
    """Its bytes are whole, or as whole as a cut left them. `sealed` is their SHA-256, as they are stored."""

    KIND: ClassVar[str] = "holdings.completed"

    holding: HoldingId
    sealed: Digest
    sealed_length: int
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsDisposed(Statement):
    """The bytes of so many are confirmed gone, and how that was confirmed. `root`: of their ids (`rules.ids_root`)."""

    KIND: ClassVar[str] = "holdings.batch_disposed"

    count: int
    root: Digest
    confirmed: Disposal
    actor: UUID
    role: Role

"""What an erasure says in the ledger of what lies elsewhere: how much there is to do, and that it is done. Not where, nor
whose."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.erasure.elsewhere.model import KeeperSaid
from rightcall.ids import ErasureId, SystemId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewherePlanned(Statement):
    """So many places in so many other systems are to be let go of. `outside`: so many lie where nothing can be, `of_another`: so
    many were made from the person's data and are about somebody else."""

    KIND: ClassVar[str] = "erasure.elsewhere_planned"

    erasure: ErasureId
    systems: int
    places: int
    outside: int
    of_another: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereConfirmed(Statement):
    """Every place that was to be let go of in another system was looked at again and is gone. `held`: so many a hold keeps."""

    KIND: ClassVar[str] = "erasure.elsewhere_confirmed"

    erasure: ErasureId
    confirmed: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesForgotten(Statement):
    """The key that opened where things lay is destroyed: nobody knows any more where they lay."""

    KIND: ClassVar[str] = "erasure.places_forgotten"

    erasure: ErasureId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperTold(Statement):
    """Those who look after a system that is not erased in were told what to let go of."""

    KIND: ClassVar[str] = "erasure.keeper_told"

    erasure: ErasureId
    system: SystemId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperAnswered(Statement):
    """What they said of it, by somebody's word."""

    KIND: ClassVar[str] = "erasure.keeper_answered"

    erasure: ErasureId
    system: SystemId
    answer: KeeperSaid
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAgain(Statement):
    """So many places in this system were confirmed gone, and a later scan sees them: the erasure is open again."""

    KIND: ClassVar[str] = "erasure.seen_again"

    erasure: ErasureId
    system: SystemId
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenElsewhere(Statement):
    """In a system that had called gone what was to go there, so many new records tell by what the person was known."""

    KIND: ClassVar[str] = "erasure.seen_elsewhere"

    erasure: ErasureId
    system: SystemId
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandEscalated(Statement):
    """What is to be let go of in this system is not, and a person has to look."""

    KIND: ClassVar[str] = "erasure.escalated"

    erasure: ErasureId
    system: SystemId

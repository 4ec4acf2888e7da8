"""What packages say in the ledger: that one was asked for, made, handed over, taken, let go. Never of whom."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import HoldingId, RequestId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageAsked(Statement):
    """Somebody wants it made, or made anew."""

    KIND: ClassVar[str] = "packages.asked"

    request: RequestId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingDecided(Statement):
    """Somebody looked at what no machine masks safely, and said whether the person gets it. `rest`: how many wait still."""

    KIND: ClassVar[str] = "packages.decided"

    request: RequestId
    package: UUID
    holding: HoldingId
    given: bool
    rest: int
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageMade(Statement):
    KIND: ClassVar[str] = "packages.made"

    request: RequestId
    package: UUID
    things: int
    given: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageHanded(Statement):
    """From now on nobody here can open it."""

    KIND: ClassVar[str] = "packages.handed"

    request: RequestId
    package: UUID
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageTaken(Statement):
    """Its last byte went out to whoever has the link and the code."""

    KIND: ClassVar[str] = "packages.taken"

    request: RequestId
    package: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLetGo(Statement):
    """What it opens with is destroyed; its bytes follow."""

    KIND: ClassVar[str] = "packages.let_go"

    request: RequestId
    package: UUID

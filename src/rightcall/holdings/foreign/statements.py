"""What the map says in the ledger of what other systems keep: one statement for a whole batch, by which each row can be
proved."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ledger.model import Digest, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsRegistered(Statement):
    """So many that other systems keep are on the map from now on. `root`: of the Merkle tree (RFC 9162) over their rows, see
    `foreign.rules`. `back`: so many more that had gone were found again."""

    KIND: ClassVar[str] = "holdings.registered"

    count: int
    root: Digest | None
    back: int
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsVanished(Statement):
    """So many are not where they were any more. Nobody has confirmed why. `root`: of the tree over their ids."""

    KIND: ClassVar[str] = "holdings.vanished"

    count: int
    root: Digest
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsDescribed(Statement):
    """Of so many it is said anew what they are for, on which basis and until when. `root`: of the tree over their ids."""

    KIND: ClassVar[str] = "holdings.described"

    count: int
    root: Digest
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsUnlinked(Statement):
    """So many are not about whom they stood at. They lie where they did. `root`: of the tree over their ids."""

    KIND: ClassVar[str] = "holdings.unlinked"

    count: int
    root: Digest
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsReassigned(Statement):
    """So many turned out to be another person's. Whose, the map knows. `root`: of the tree over their ids."""

    KIND: ClassVar[str] = "holdings.reassigned"

    count: int
    root: Digest
    actor: UUID
    role: Role

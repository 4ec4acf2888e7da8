"""What the register of systems says in the ledger: that there is one, who answers for it, what it can do. Not what it is called,
nor where it is."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.discovery.ports import Ability
from rightcall.ids import PurposeId, SystemId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRegistered(Statement):
    """From now on this system may be scanned."""

    KIND: ClassVar[str] = "discovery.system_registered"

    system: SystemId
    abilities: tuple[Ability, ...]
    purposes: tuple[PurposeId, ...]
    copy_of: tuple[SystemId, ...]
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemChanged(Statement):
    """It was looked at again, or what it is for was said anew."""

    KIND: ClassVar[str] = "discovery.system_changed"

    system: SystemId
    abilities: tuple[Ability, ...]
    purposes: tuple[PurposeId, ...]
    copy_of: tuple[SystemId, ...]
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemWorded(Statement):
    """What those outside are told of it was said anew: in so many languages it has a label for customers. Or the language was in
    which its keepers are written to."""

    KIND: ClassVar[str] = "discovery.system_worded"

    system: SystemId
    labels: int
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRetired(Statement):
    """It is looked at no more. Its key was destroyed: how to get in, and what was known of its places, is dark."""

    KIND: ClassVar[str] = "discovery.system_retired"

    system: SystemId
    key: UUID
    actor: UUID
    role: Role

"""What knowing people says in the ledger: that a subject got an identifier of some kind, or became two; never which identifier,
and of whom only by a commitment that dies with their key."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ledger.model import Commitment, Statement
from rightcall.subjects.model import IdentifierKind, JoinReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSplit(Statement):
    KIND: ClassVar[str] = "subjects.split"

    subject: Commitment
    made: Commitment
    moved: int
    shared: int
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierAdded(Statement):
    KIND: ClassVar[str] = "subjects.identifier_added"

    subject: Commitment
    identifier: IdentifierKind
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class NameGiven(Statement):
    """Somebody said how the person is called."""

    KIND: ClassVar[str] = "subjects.name_given"

    subject: Commitment
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectsJoined(Statement):
    """Both are one person. Choices, keys and what is held stay with each, so nobody's yes is wider for it."""

    KIND: ClassVar[str] = "subjects.joined"

    subject: Commitment
    into: Commitment
    reason: JoinReason
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinUndone(Statement):
    """They are two people: everything is as it was. `join` is the statement that said otherwise."""

    KIND: ClassVar[str] = "subjects.join_undone"

    join: UUID
    actor: UUID
    role: Role

"""What knowing people says in the ledger: only that one subject became two."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import SubjectId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSplit(Statement):
    KIND: ClassVar[str] = "subjects.split"

    subject: SubjectId
    made: SubjectId
    moved: int
    shared: int
    actor: UUID
    role: Role

"""One-time codes: what goes to a number or an address on file, and shows that whoever reads it back has it in hand."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType
from uuid import UUID

from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.subjects.model import Identifier

CodeId = NewType("CodeId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is to be sent, and where to. It is in memory alone, and never stored."""

    to: Identifier
    digits: Personal[str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The same to look at whether anybody is known by the identifier. `delivery`: None where nobody is, or more than one."""

    id: CodeId
    expires_at: datetime
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class TooMany:
    """So many were asked for in the last hour that no more are made now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """As it is stored. `digest`: keyed by the vault, so that a thief of the table cannot try all digits."""

    id: CodeId
    subject: SubjectId | None
    digest: bytes
    expires_at: datetime
    tries: int
    used_at: datetime | None

"""A visit: the time for which a customer is signed in to their own page, as it is stored."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType
from uuid import UUID

from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.requests.model import ProofKind

VisitId = NewType("VisitId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`standing`: a digest of which subjects were this person, and from whom they were told apart, when it began. `seen_at`: when
    a page was last asked for in it, to within a minute."""

    id: VisitId
    subject: SubjectId
    standing: bytes
    proof: ProofKind
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """`secret`: what its bearer shows with each page. It is told once, and only its digest is kept."""

    visit: Visit
    secret: Personal[str] = field(repr=False)

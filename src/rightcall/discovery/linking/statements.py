"""What linking says in the ledger: how many records were linked, and what a person decided. Which link, it says by its id, and
which subject by a commitment that dies with the subject's key."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.discovery.linking.model import LinkReason, LinkState
from rightcall.ids import LinkId
from rightcall.ledger.model import Commitment, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsLinked(Statement):
    """A batch of records, by what became of them."""

    KIND: ClassVar[str] = "discovery.records_linked"

    certain: int
    likely: int
    doubtful: int
    new: int
    unlinked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDecided(Statement):
    """A person accepted, refused or undid a link. `subject` is None once they were erased."""

    KIND: ClassVar[str] = "discovery.link_decided"

    link: LinkId
    state: LinkState
    reason: LinkReason
    subject: Commitment | None
    actor: UUID
    role: Role

"""What a decision on a link says in the ledger. Which link, it says by its id; which subject, by a commitment that dies with the
subject's key."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.discovery.linking.model import LinkReason, LinkState
from rightcall.ids import LinkId
from rightcall.ledger.model import Commitment, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDecided(Statement):
    """What became of a link: by a person's word, or by ours where its record says something else now. `subject` is None once they
    were erased."""

    KIND: ClassVar[str] = "discovery.link_decided"

    link: LinkId
    state: LinkState
    reason: LinkReason
    subject: Commitment | None
    actor: UUID
    role: Role

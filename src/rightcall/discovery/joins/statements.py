"""What proposing joins says in the ledger: how many were proposed, and that one was refused; of whom only by commitments that die
with the subjects' keys. That one was accepted says the join itself (`subjects.joined`)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.discovery.linking.model import LinkReason
from rightcall.ids import JoinProposalId
from rightcall.ledger.model import Commitment, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinsProposed(Statement):
    KIND: ClassVar[str] = "discovery.joins_proposed"

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldInDoubt(Statement):
    """For so many subjects what counts of what somebody wants who may be the same person is another than before."""

    KIND: ClassVar[str] = "discovery.held_in_doubt"

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRefused(Statement):
    """They are two people, says a person."""

    KIND: ClassVar[str] = "discovery.join_refused"

    proposal: JoinProposalId
    reason: LinkReason
    subject: Commitment
    other: Commitment
    actor: UUID
    role: Role

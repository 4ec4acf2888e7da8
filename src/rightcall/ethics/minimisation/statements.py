"""What minimisation says in the ledger: numbers, kinds and ids. A category is the register's, and stands there."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ethics.minimisation.model import Kind, Rejection
from rightcall.ids import ProposalId, PurposeId, ReviewId
from rightcall.ledger.model import Digest, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesLookAsked(Statement):
    """Somebody wants what purposes really read to be looked at now."""

    KIND: ClassVar[str] = "minimisation.look_asked"

    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class LessProposed(Statement):
    """`holdings` were watched, `late` of them read after the shorter term. `figures`: SHA-256 of all that the look found."""

    KIND: ClassVar[str] = "minimisation.proposed"

    proposal: ProposalId
    purpose: PurposeId
    kind_of_proposal: Kind
    term_days: int | None
    was_days: int
    holdings: int
    uses: int
    late: int
    figures: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAccepted(Statement):
    """A review of the purpose as it would be was written. It takes people in two roles to sign it."""

    KIND: ClassVar[str] = "minimisation.accepted"

    proposal: ProposalId
    purpose: PurposeId
    review: ReviewId
    figures: Digest
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRejected(Statement):
    KIND: ClassVar[str] = "minimisation.rejected"

    proposal: ProposalId
    purpose: PurposeId
    why: Rejection
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalLapsed(Statement):
    """The figures do not say so any more, or the purpose is another than it was about."""

    KIND: ClassVar[str] = "minimisation.lapsed"

    proposal: ProposalId
    purpose: PurposeId

"""A proposal to join two subjects, with what speaks for it. No value is in it, only what was compared and how it came out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.discovery.linking.model import Aspect, Compared, LinkReason, Outcome
from rightcall.ids import JoinProposalId, StatementId, SubjectId
from rightcall.subjects.model import JoinReason

REACHED = frozenset({Aspect.TEL, Aspect.EMAIL})
"""Where a code is sent."""


class ProposalState(StrEnum):
    """`waiting` for a person. `accepted`: they were joined; whether that stands, the join says. `refused`: two people, and not
    proposed again as long as both say the same."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinProposal:
    """`other` may be the person that `subject`, the older of the two, is. `score`: the probability, among all whom it may be.
    `join`: what came of it, where it was accepted."""

    id: JoinProposalId
    subject: SubjectId
    other: SubjectId
    state: ProposalState
    score: float
    compared: tuple[Compared, ...]
    proposed_at: datetime
    decided_by: Actor | None = None
    decided_at: datetime | None = None
    reason: JoinReason | LinkReason | None = None
    join: StatementId | None = None

    @property
    def is_open(self) -> bool:
        return self.state is ProposalState.WAITING

    @property
    def keeps_out(self) -> bool:
        """Whether a code that is sent where both are reached would tell neither from the other, so that none is sent."""
        return self.is_open and any(each.aspect in REACHED and each.outcome is Outcome.AGREES for each in self.compared)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProposal:
    """`said`: a digest of what both say."""

    proposal: JoinProposal
    said: bytes

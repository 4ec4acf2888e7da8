"""What consent says in the ledger. A receipt claims nothing that `ChoiceMade` does not bind.

`evidence` and `subject` are commitments under a salt of the subject's key: they bind us, and are about no one once it is gone.
They are None for a no that was written down while the key service was away: it holds all the same.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import PartyRole, Role
from rightcall.consent.model import Answer, AskId, Channel, Choice, EvidenceKind, GrantOutcome
from rightcall.ids import CallId, ChoiceId, ControllerId, GrantId, NoticeId, PartyId, PurposeId
from rightcall.ledger.model import Commitment, Digest, Statement
from rightcall.purposes.model import LawfulBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Statement):
    KIND: ClassVar[str] = "consent.asked"

    ask: AskId
    call: CallId
    party: PartyId
    purpose: PurposeId
    notice: NoticeId
    digest: Digest
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceMade(Statement):
    """`digest` is the notice's, and so binds its language, version and words. `actor` wrote the choice down; `asked_by` asked.
    `at` is when it was said."""

    KIND: ClassVar[str] = "consent.choice"

    choice: ChoiceId
    call: CallId
    party: PartyId
    party_role: PartyRole
    purpose: PurposeId
    sequence: int
    answer: Answer
    notice: NoticeId | None
    digest: Digest | None
    channel: Channel
    actor: UUID
    role: Role
    ask: AskId | None
    asked_by: UUID | None
    asked_as: Role | None
    evidence_kind: EvidenceKind
    evidence: Commitment | None
    subject: Commitment | None
    grant: GrantId | None
    outcome: GrantOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantOpened(Statement):
    """`choice` is None where the grant stands on another basis than consent."""

    KIND: ClassVar[str] = "consent.grant_opened"

    grant: GrantId
    call: CallId
    party: PartyId
    purpose: PurposeId
    basis: LawfulBasis
    choice: ChoiceId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantDestroyed(Statement):
    KIND: ClassVar[str] = "consent.grant_destroyed"

    grant: GrantId
    call: CallId
    party: PartyId
    purpose: PurposeId
    choice: ChoiceId


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantKept(Statement):
    """The yes is withdrawn, and the purpose says that what was captured before stays until its term."""

    KIND: ClassVar[str] = "consent.grant_kept"

    grant: GrantId
    call: CallId
    party: PartyId
    purpose: PurposeId
    choice: ChoiceId


def choice_made(controller: ControllerId, choice: Choice, party_role: PartyRole) -> ChoiceMade:
    return ChoiceMade(
        at=choice.made_at,
        controller=controller,
        choice=choice.id,
        call=choice.call,
        party=choice.party,
        party_role=party_role,
        purpose=choice.purpose,
        sequence=choice.sequence,
        answer=choice.answer,
        notice=choice.notice,
        digest=None if choice.notice_digest is None else Digest(choice.notice_digest),
        channel=choice.channel,
        actor=choice.by.id,
        role=choice.by.role,
        ask=choice.ask,
        asked_by=None if choice.asked_by is None else choice.asked_by.id,
        asked_as=None if choice.asked_by is None else choice.asked_by.role,
        evidence_kind=choice.evidence_kind,
        evidence=None if choice.evidence_commitment is None else Commitment(choice.evidence_commitment),
        subject=None if choice.subject_commitment is None else Commitment(choice.subject_commitment),
        grant=choice.grant,
        outcome=choice.outcome,
    )


def grant_changed(
    controller: ControllerId, choice: Choice, basis: LawfulBasis
) -> GrantOpened | GrantDestroyed | GrantKept | None:
    """What the choice did to its grant, said on its own; None for a refusal and a renewal."""
    if choice.grant is None or choice.outcome in (None, GrantOutcome.RENEWED):
        return None
    if choice.outcome is GrantOutcome.OPENED:
        return GrantOpened(
            at=choice.written_at,
            controller=controller,
            grant=choice.grant,
            call=choice.call,
            party=choice.party,
            purpose=choice.purpose,
            basis=basis,
            choice=choice.id,
        )
    return grant_ended(controller, choice, choice.grant)


def grant_ended(controller: ControllerId, choice: Choice, grant: GrantId) -> GrantDestroyed | GrantKept:
    """A grant that a withdrawal ended: its own, or another beside it."""
    ended = GrantDestroyed if choice.outcome is GrantOutcome.DESTROYED else GrantKept
    return ended(
        at=choice.written_at,
        controller=controller,
        grant=grant,
        call=choice.call,
        party=choice.party,
        purpose=choice.purpose,
        choice=choice.id,
    )

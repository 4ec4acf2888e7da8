"""What the quality of consent says in the ledger: ids, instants and what was found, as enums. Never whose, never in words."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.consent.model import Quality
from rightcall.consent.quality.model import AsideReason, Cause, Finding, MarkId, ReleaseReason, WordOf
from rightcall.ids import CallId, ChoiceId, GrantId, NoticeId, PartyId, PurposeId
from rightcall.ledger.model import Digest, Statement
from rightcall.vault.model import WithheldWhy


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceWeighed(Statement):
    """`nth` counts the weighings of this choice; the newest counts, and none is taken back."""

    KIND: ClassVar[str] = "consent.weighed"

    choice: ChoiceId
    nth: int
    call: CallId
    party: PartyId
    purpose: PurposeId
    notice: NoticeId
    quality: Quality
    findings: tuple[Finding, ...]
    cause: Cause
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantWithheld(Statement):
    """Its yes is void: what was kept on it, and what was made from that, opens for nobody from now on."""

    KIND: ClassVar[str] = "consent.grant_withheld"

    grant: GrantId
    call: CallId
    party: PartyId
    purpose: PurposeId
    choice: ChoiceId
    why: WithheldWhy


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantReleased(Statement):
    KIND: ClassVar[str] = "consent.grant_released"

    grant: GrantId
    call: CallId
    party: PartyId
    purpose: PurposeId
    choice: ChoiceId
    reason: ReleaseReason
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsJudged(Statement):
    """The DPO overruled the reader of words: what it found void in this notice is not so. Every yes to the purpose is weighed
    anew; nothing comes out of quarantine by that."""

    KIND: ClassVar[str] = "consent.words_judged"

    notice: NoticeId
    digest: Digest
    purpose: PurposeId
    choice: ChoiceId
    reason: ReleaseReason
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantLetGo(Statement):
    """The DPO let go of what was quarantined. That its key is destroyed is a statement of its own."""

    KIND: ClassVar[str] = "consent.grant_let_go"

    grant: GrantId
    call: CallId
    party: PartyId
    purpose: PurposeId
    choice: ChoiceId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureNoted(Statement):
    KIND: ClassVar[str] = "consent.pressure_noted"

    mark: MarkId
    call: CallId
    party: PartyId
    choice: ChoiceId
    word_of: WordOf
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSetAside(Statement):
    KIND: ClassVar[str] = "consent.mark_set_aside"

    mark: MarkId
    call: CallId
    choice: ChoiceId
    reason: AsideReason
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeTold(Statement):
    """Something was found out about a purpose, and every yes to it is weighed anew."""

    KIND: ClassVar[str] = "consent.purpose_told"

    purpose: PurposeId
    detriment_found: bool
    steps_yes: int | None
    steps_no: int | None
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighingAsked(Statement):
    """Every yes to this purpose on which something may still be kept is to be weighed anew."""

    KIND: ClassVar[str] = "consent.weighing_asked"

    purpose: PurposeId
    actor: UUID
    role: Role

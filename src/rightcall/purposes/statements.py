"""What the purpose register says in the ledger. Titles and texts are bound by their digests."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import NoticeId, PurposeId, ReviewId, VerdictId
from rightcall.ledger.model import Digest, Statement
from rightcall.purposes.model import LawfulBasis, OnWithdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeCreated(Statement):
    """`entry` is the SHA-256 of the canonical register entry."""

    KIND: ClassVar[str] = "purposes.created"

    purpose: PurposeId
    lawful_basis: LawfulBasis
    staff_basis: LawfulBasis
    term_days: int
    on_withdrawal: OnWithdrawal
    entry: Digest
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeEnded(Statement):
    KIND: ClassVar[str] = "purposes.ended"

    purpose: PurposeId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeNarrowed(Statement):
    """It keeps less from now on, by a review that was signed. `categories`: of how many sorts data is collected. What is held
    already ends as soon: that follows."""

    KIND: ClassVar[str] = "purposes.narrowed"

    purpose: PurposeId
    review: ReviewId
    term_days: int
    categories: int
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeShortened(Statement):
    """It keeps for `term_days` from now on and not for `was_days`, by one person's word. What is held already ends as soon: that
    follows."""

    KIND: ClassVar[str] = "purposes.shortened"

    purpose: PurposeId
    was_days: int
    term_days: int
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeLengthened(Statement):
    """It keeps for `term_days` from now on and not for `was_days`, by a review that was signed, as a verdict says it may. What is
    held already is kept as long: that follows."""

    KIND: ClassVar[str] = "purposes.lengthened"

    purpose: PurposeId
    review: ReviewId
    verdict: VerdictId
    was_days: int
    term_days: int
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePublished(Statement):
    KIND: ClassVar[str] = "purposes.notice"

    notice: NoticeId
    purpose: PurposeId
    version: int
    digest: Digest
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRetired(Statement):
    """Nobody is asked with it any more in its language."""

    KIND: ClassVar[str] = "purposes.notice_retired"

    notice: NoticeId
    purpose: PurposeId
    actor: UUID
    role: Role

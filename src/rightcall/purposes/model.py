"""Why data is processed: the purpose register (GDPR Art. 5(1)(b), 6, 30) and the exact words people are told (Art. 7, 13).

A notice never changes. A better wording is a new version, and choices go on pointing at the words that were played.
Who chose what is in `consent`; whether a use is right is in `policy`.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from rightcall.actors import PartyRole, Role
from rightcall.ids import NoticeId, PurposeId


class LawfulBasis(StrEnum):
    """GDPR Art. 6(1)(a) to (f)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"


MAY_BE_OBJECTED_TO = frozenset({LawfulBasis.PUBLIC_TASK, LawfulBasis.LEGITIMATE_INTERESTS})
"""GDPR Art. 21(1)."""


class OnWithdrawal(StrEnum):
    """What becomes of that which was captured before a withdrawal."""

    DESTROY = "destroy"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """One specific reason. `lawful_basis` holds for customers and third parties, `staff_basis` for the own people."""

    id: PurposeId
    key: str
    title: str
    justification: str
    lawful_basis: LawfulBasis
    staff_basis: LawfulBasis
    data_categories: tuple[str, ...]
    may_use: frozenset[Role]
    term_days: int
    dpv_purpose: str
    on_withdrawal: OnWithdrawal
    created_at: datetime
    ended_at: datetime | None = None
    legal_duty: str | None = None

    def basis_for(self, role: PartyRole) -> LawfulBasis:
        return self.staff_basis if role is PartyRole.AGENT else self.lawful_basis


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPurpose:
    """`key` is a short name in lower case, such as `training`; `dpv_purpose` the DPV purpose it falls under; `legal_duty` the law
    that demands it, where its lawful basis is a legal obligation: as lawyers cite it, or by the short name that rules go by
    (`mifid`)."""

    key: str
    title: str
    justification: str
    lawful_basis: LawfulBasis
    staff_basis: LawfulBasis = LawfulBasis.LEGITIMATE_INTERESTS
    data_categories: tuple[str, ...]
    may_use: frozenset[Role]
    term_days: int
    dpv_purpose: str
    on_withdrawal: OnWithdrawal = field(default=OnWithdrawal.DESTROY)
    legal_duty: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keypad:
    """The keys that answer a notice: one press for yes, one press for no."""

    yes: str
    no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`digest` is the SHA-256 of the canonical JSON of controller, purpose, language, version, text and keypad.
    `retired_at`: since when nobody is asked with it, nor with any before it in this language."""

    id: NoticeId
    purpose: PurposeId
    language: str
    version: int
    text: str
    digest: bytes
    keypad: Keypad | None
    created_at: datetime
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    purpose: PurposeId
    language: str
    text: str
    keypad: Keypad | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengthening:
    """A longer term than before, for what is kept already too. `was_days`: the term that it is longer than."""

    was_days: int
    term_days: int

    def of(self, purpose: Purpose) -> Purpose:
        """The purpose as it is with this; again changes nothing."""
        return replace(purpose, term_days=self.term_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Less than before: a shorter term (None: as it is), and categories of data that are no longer collected for the purpose."""

    term_days: int | None = None
    dropped: frozenset[str] = frozenset()

    def of(self, purpose: Purpose) -> Purpose:
        """The purpose as it is with this; again changes nothing."""
        kept = tuple(each for each in purpose.data_categories if each not in self.dropped)
        return replace(purpose, term_days=self.term_days or purpose.term_days, data_categories=kept)

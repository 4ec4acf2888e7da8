"""What the reviews say in the ledger. The words are bound by their digest, which is what was signed."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import PurposeId, ReviewId, VerdictId
from rightcall.ledger.model import Digest, Statement
from rightcall.reviews.model import Capacity, End


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDrafted(Statement):
    """`digest`: all that a signature stands under; `entry` and `rules`: the register's entry and the rules it was written on."""

    KIND: ClassVar[str] = "reviews.drafted"

    review: ReviewId
    purpose: PurposeId
    version: int
    digest: Digest
    entry: Digest
    rules: Digest
    expires_on: date
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSigned(Statement):
    KIND: ClassVar[str] = "reviews.signed"

    review: ReviewId
    purpose: PurposeId
    digest: Digest
    capacity: Capacity
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOpened(Statement):
    """The last signature that was needed is there. `active`: the verdict on it was yes, and from now on it is in force."""

    KIND: ClassVar[str] = "reviews.opened"

    review: ReviewId
    purpose: PurposeId
    digest: Digest
    expires_on: date
    verdict: VerdictId
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEnded(Statement):
    """It was withdrawn or sent back, or has lapsed: nothing runs on it any more."""

    KIND: ClassVar[str] = "reviews.ended"

    review: ReviewId
    purpose: PurposeId
    why: End
    actor: UUID
    role: Role

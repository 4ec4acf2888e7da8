"""What concerns say in the ledger. Anyone may read the ledger, so a step is a commitment and nothing more: neither which concern,
nor about what, nor by whom. Its opening dies with the concern's key. When it was is told by its day; statements have random ids.

An upheld concern says what it is about, since others must act on that. Whose it was and which one it was it does not say.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.concerns.model import Outcome, TargetKind
from rightcall.ids import NoticeId, PurposeId
from rightcall.ledger.model import Commitment, Digest, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernStep(Statement):
    """`at` is the beginning of the day. `step` binds the concern, the step, its day, who in office did it, and the outcome. That
    it is late is such a step, too: a statement of its own would tell, by the days an answer may take, when it was raised."""

    KIND: ClassVar[str] = "concerns.step"

    step: Commitment


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernUpheld(Statement):
    """There was something in it. `rule` is the SHA-256 of the rule's id; about a call none of the three is there."""

    KIND: ClassVar[str] = "concerns.upheld"

    about: TargetKind
    purpose: PurposeId | None
    notice: NoticeId | None
    rule: Digest | None
    outcome: Outcome
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityShown(Statement):
    """With the raiser's consent somebody was shown who they are. `step` binds which concern, the reason and the case."""

    KIND: ClassVar[str] = "concerns.identity_shown"

    step: Commitment
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Statement):
    """`key`: a random id; the key that let the identity be shown is destroyed, and must not come back with a backup."""

    KIND: ClassVar[str] = "concerns.consent_withdrawn"

    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgettingAsked(Statement):
    """`key`: a random id; the raiser wants what lies under it gone, and need not ask again when a backup comes back."""

    KIND: ClassVar[str] = "concerns.forgetting_asked"

    key: UUID

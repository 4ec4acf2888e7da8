"""What telling recipients of an erasure says in the ledger: how many, which, what a person said of asking them, and what they
answered. Never of whom."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.activities.telling.model import Answer, WhyNot, Word
from rightcall.actors import Role
from rightcall.ids import ErasureId, RecipientId
from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientsToTell(Statement):
    """So many recipients are to be told of this erasure."""

    KIND: ClassVar[str] = "activities.recipients_to_tell"

    erasure: ErasureId
    recipients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientTold(Statement):
    """Somebody says that this recipient was told."""

    KIND: ClassVar[str] = "activities.recipient_told"

    erasure: ErasureId
    recipient: RecipientId
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientAnswered(Statement):
    KIND: ClassVar[str] = "activities.recipient_answered"

    erasure: ErasureId
    recipient: RecipientId
    answer: Answer
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientsUnasked(Statement):
    """Of a person whom records of other systems alone tell of: so many recipients are not asked yet by what those tell, and so
    many are not by a person's word."""

    KIND: ClassVar[str] = "activities.recipients_unasked"

    erasure: ErasureId
    waiting: int
    declined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientWordSaid(Statement):
    """A person said whether this recipient is asked by what records of other systems tell."""

    KIND: ClassVar[str] = "activities.recipient_word_said"

    erasure: ErasureId
    recipient: RecipientId
    word: Word
    why_not: WhyNot | None
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersForgotten(Statement):
    """Nobody is left to be told. What the person was known by to recipients is dark from now on."""

    KIND: ClassVar[str] = "activities.letters_forgotten"

    erasure: ErasureId

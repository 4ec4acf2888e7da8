"""What is said of translations in the ledger. Their words are bound by their digest."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from rightcall.actors import Role
from rightcall.ids import PurposeId
from rightcall.ledger.model import Digest, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeTranslated(Statement):
    """`digest`: of its words and their language. `review`: it says what customers read of the review too."""

    KIND: ClassVar[str] = "purposes.translated"

    purpose: PurposeId
    version: int
    digest: Digest
    review: bool
    actor: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationRetired(Statement):
    """Nobody reads it any more. `digest`: of the newest of its language."""

    KIND: ClassVar[str] = "purposes.translation_retired"

    purpose: PurposeId
    digest: Digest
    actor: UUID
    role: Role

"""A purpose in another language than the company wrote it in: what customers read of it (GDPR Art. 12(1)).

The company's own words stay what they are: they are what is reviewed and signed. A translation says them again for whoever reads
another language; where there is none, the own words are shown, marked as being of their language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rightcall.ids import PurposeId


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmWords:
    """What a review says of one harm: who could be hurt, how, and what is done about it."""

    who: str
    how: str
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewWords:
    """What customers read of a review. `of`: the digest of the sentences that it tells (`rules.sentences_digest`), so that a
    review that says something else is never told by it."""

    of: bytes
    said_aloud: str
    harms: tuple[HarmWords, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTranslation:
    """`review`: None where only the title and the reason are translated."""

    purpose: PurposeId
    language: str
    title: str
    justification: str
    review: ReviewWords | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """`digest` is the SHA-256 of the canonical JSON of all of it. `retired_at`: since when nobody reads it any more."""

    purpose: PurposeId
    language: str
    version: int
    title: str
    justification: str
    review: ReviewWords | None
    digest: bytes
    created_at: datetime
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InLanguage:
    """All there is in one language. `reviews`: by purpose, and by the digest of the sentences that are told."""

    purposes: Mapping[PurposeId, Translation] = field(default_factory=dict)
    reviews: Mapping[tuple[PurposeId, bytes], ReviewWords] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What the company wrote in its own language, and what is not translated into the one of the page it stands on."""

    language: str = ""
    words: tuple[str, ...] = ()

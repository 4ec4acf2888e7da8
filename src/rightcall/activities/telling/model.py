"""A recipient to whom a person's data was given, and who is told that it was erased: GDPR Art. 19."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.ids import ErasureId, PurposeId, RecipientId


class Answer(StrEnum):
    """What a recipient says. `keeps`: it has a ground of its own, and the person may be told who it is (Art. 19, last
    sentence)."""

    LET_GO = "let_go"
    NEVER_HAD = "never_had"
    KEEPS = "keeps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`purposes`: for which both the person's data was held and the recipient receives data. `told_at`: a person says that the
    letter was sent; Rightcall sends none itself."""

    erasure: ErasureId
    recipient: RecipientId
    purposes: tuple[PurposeId, ...]
    planned_at: datetime
    told_at: datetime | None
    told_by: Actor | None
    answered_at: datetime | None
    answer: Answer | None
    answered_by: Actor | None

"""A recipient to whom a wrong value was given, and who is told what is right: GDPR Art. 19."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.ids import CorrectionId, RecipientId


class Reply(StrEnum):
    """What a recipient says. `disagrees`: it holds its own value to be right, and the person may be told who it is."""

    CORRECTED = "corrected"
    NEVER_HAD = "never_had"
    DISAGREES = "disagrees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Informed:
    """`told_at`: a person says that the letter was sent; Rightcall sends none itself. `answer`: what came back."""

    correction: CorrectionId
    recipient: RecipientId
    told_at: datetime | None
    told_by: Actor | None
    answered_at: datetime | None
    answer: Reply | None
    answered_by: Actor | None

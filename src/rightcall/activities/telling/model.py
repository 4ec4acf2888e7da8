"""A recipient to whom a person's data was given, and who is told that it was erased: GDPR Art. 19. And what records of other
systems tell that a processor might find the person by, where nothing else tells of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rightcall.actors import Actor
from rightcall.discovery.linking.model import LinkState
from rightcall.ids import ErasureId, PurposeId, RecipientId, SystemId
from rightcall.subjects.model import Identifier


class Answer(StrEnum):
    """What a recipient says. `keeps`: it has a ground of its own, and the person may be told who it is (Art. 19, last
    sentence)."""

    LET_GO = "let_go"
    NEVER_HAD = "never_had"
    KEEPS = "keeps"


class Word(StrEnum):
    """Whether a processor is asked to erase by what records of other systems tell."""

    ASK = "ask"
    DO_NOT = "do_not"


class WhyNot(StrEnum):
    """Why it is not. `shared`: others may be known by that too, such as a household. `unsure`: it is not sure enough that the
    records are about the person. `wrong`: what they tell is wrong or old. `other_way`: it is told in another way."""

    SHARED = "shared"
    UNSURE = "unsure"
    WRONG = "wrong"
    OTHER_WAY = "other_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A person's word. `chosen`: by which of what records tell it is asked, counted from 1; `why_not` where it is not."""

    word: Word
    why_not: WhyNot | None
    chosen: tuple[int, ...]
    at: datetime
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """A record that tells something, as it stood before it was let go of. `state` and `score`: how it was linked to the person,
    and how sure that was; `by_person`: by somebody's word. `says`: what spoke for and against it, in words; nothing where it was
    the first that told of them."""

    record: UUID
    system: SystemId
    object: str | None
    row: str | None
    state: LinkState
    score: float
    by_person: bool
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """By what records know the person. `others`: how many others here were known to have it. `records`: how many tell it, of
    which `tellers` are the surest."""

    identifier: Identifier
    others: int
    records: int
    tellers: tuple[Teller, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`purposes`: for which both the person's data was held and the recipient receives data. `told_at`: a person says that the
    letter was sent; Rightcall sends none itself. `in_doubt_at`: since when a person has to say whether the recipient is asked by
    what records of other systems tell; None where it need not be asked so."""

    erasure: ErasureId
    recipient: RecipientId
    purposes: tuple[PurposeId, ...]
    planned_at: datetime
    told_at: datetime | None
    told_by: Actor | None
    answered_at: datetime | None
    answer: Answer | None
    answered_by: Actor | None
    in_doubt_at: datetime | None = None
    said: Said | None = None

    @property
    def waits_for_word(self) -> bool:
        return self.in_doubt_at is not None and self.said is None and self.told_at is None

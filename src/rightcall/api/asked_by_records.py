"""Processors that could find whoever was erased by nothing but what records of other systems tell: what those tell, how sure each
record is, and a person's word on whether the processor is asked by it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from rightcall.activities.processors import deciding
from rightcall.activities.processors.deciding import Candidate
from rightcall.activities.telling.model import Said, Teller, WhyNot, Word
from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Shape
from rightcall.api.processors import IdentityShape
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.model import LinkState
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.ids import ErasureId, RecipientId
from rightcall.staff.model import Deed
from rightcall.subjects.model import IdentifierKind

router = APIRouter(prefix="/erasures", tags=["erasures"])
Answering = Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))]


class WordForm(Form):
    """`ask`: by the `identifiers` of these numbers; `do_not`, and `why_not`."""

    word: Word
    identifiers: list[Annotated[int, Field(ge=1, le=1000)]] = Field(default_factory=list, max_length=1000)
    why_not: WhyNot | None = None


class WordShape(Shape):
    """A person's word. `identifiers`: the numbers of those by which the processor is asked."""

    word: Word
    why_not: WhyNot | None
    identifiers: list[int]
    at: datetime
    by: ActorShape

    @classmethod
    def of(cls, said: Said | None) -> "WordShape | None":
        if said is None:
            return None
        chosen, by = list(said.chosen), ActorShape.of(said.by)
        return cls(word=said.word, why_not=said.why_not, identifiers=chosen, at=said.at, by=by)


class TellerShape(Shape):
    """A record that tells it. `state`, `score`: how it was linked to the person, and how sure that was; `by_person`: by a
    person's word. `says`: what spoke for and against it; nothing of the first record that told of them."""

    record: UUID
    system: UUID
    name: str
    object: str | None
    row: str | None
    state: LinkState
    score: float
    by_person: bool
    says: list[str]


class ToldShape(Shape):
    """`sent_as`: in which form the processor takes it; null where it does not. `others`: how many others here were known to have
    it. `records`: how many tell it; the surest of them are in `told_by`."""

    number: int
    kind: IdentifierKind
    value: str
    sent_as: IdentityShape | None
    others: int
    records: int
    told_by: list[TellerShape]


class QuestionShape(Shape):
    """`since`: when it was found that somebody has to say. `said`: the word, once there is one. `identifiers` are shown to the
    DPO alone, and none once every recipient was told. `unread`: so many places could not be read, or said otherwise by then."""

    recipient: UUID
    name: str
    since: datetime | None
    said: WordShape | None
    unread: int
    identifiers: list[ToldShape]


@router.get("/{erasure}/recipients/{recipient}/question")
def get_question(door: Answering, erasure: UUID, recipient: UUID) -> QuestionShape:
    """By what the processor would be asked, and how sure that is. 409 where it is told by letter, or asked by what the person
    gave themselves."""
    return door.run(lambda tx: _question(tx, door, ErasureId(erasure), RecipientId(recipient)))


@router.post("/{erasure}/recipients/{recipient}/word")
def say(door: Answering, erasure: UUID, recipient: UUID, form: WordForm) -> QuestionShape:
    """Ask it by these, or do not, and why: for good. 409 where another word was said, or it was told meanwhile. The same again is
    fine."""
    house, id, to = door.house, ErasureId(erasure), RecipientId(recipient)

    def deed(tx: Transaction) -> QuestionShape:
        deciding.decide(
            tx,
            house.vault,
            house.clock,
            erasure=id,
            recipient=to,
            word=form.word,
            why_not=form.why_not,
            chosen=form.identifiers,
            by=door.actor,
        )
        return _question(tx, door, id, to)

    return door.run(deed)


def _question(tx: Transaction, door: Door, erasure: ErasureId, recipient: RecipientId) -> QuestionShape:
    found, names = deciding.question(tx, door.house.vault, erasure=erasure, recipient=recipient), system_names(tx)
    return QuestionShape(
        recipient=found.recipient.id,
        name=found.recipient.name,
        since=found.notice.in_doubt_at,
        said=WordShape.of(found.notice.said),
        unread=found.unread,
        identifiers=[_told(each, names) for each in found.candidates],
    )


def _told(candidate: Candidate, names: SystemNames) -> ToldShape:
    told = candidate.told
    return ToldShape(
        number=candidate.number,
        kind=told.identifier.kind,
        value=told.identifier.value.reveal("show by what a processor would be asked"),
        sent_as=None if candidate.sent_as is None else IdentityShape(type=candidate.sent_as[0], format=candidate.sent_as[1]),
        others=told.others,
        records=told.records,
        told_by=[_teller(each, names) for each in told.tellers],
    )


def _teller(teller: Teller, names: SystemNames) -> TellerShape:
    return TellerShape(
        record=teller.record,
        system=teller.system,
        name=names.get(teller.system, str(teller.system)),
        object=teller.object,
        row=teller.row,
        state=teller.state,
        score=teller.score,
        by_person=teller.by_person,
        says=list(teller.says),
    )

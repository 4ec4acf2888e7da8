"""The record of processing activities (GDPR Art. 30), generated from what runs; and who receives data and who answers for it,
which no system can know and somebody has to declare."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import Field

from rightcall.activities import actions
from rightcall.activities.measuring import measures_of
from rightcall.activities.model import (
    Activity,
    Capacity,
    Gap,
    Missing,
    NewRecipient,
    NewResponsible,
    RecipientKind,
    Record,
    Safeguard,
    Standing,
)
from rightcall.activities.page import page
from rightcall.activities.rules import words_of
from rightcall.activities.table import table
from rightcall.actors import Role
from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Line, Shape
from rightcall.api.named import purpose_of
from rightcall.api.trunks import ControllerShape
from rightcall.database.connection import Transaction
from rightcall.design.drawings import html
from rightcall.holdings.uses.model import UseAct
from rightcall.ids import RecipientId, ResponsibleId
from rightcall.purposes.model import LawfulBasis
from rightcall.staff.model import Deed

router = APIRouter(tags=["activities"])


class RecipientForm(Form):
    """`country`: two letters of ISO 3166, where it processes the data. `purposes`: ids or keys. `safeguard`: what lets data go to
    a third country (Art. 45 to 49); null where it goes to none, or nothing does. `language`: of the letters that it is sent (BCP
    47); null is the controller's, and one that no letter is written in is answered in English."""

    name: Line
    kind: RecipientKind
    country: str = Field(pattern=r"^[A-Z]{2}$")
    purposes: list[Line] = Field(min_length=1, max_length=100)
    safeguard: Safeguard | None = None
    language: str | None = Field(default=None, max_length=35)


class RecipientShape(Shape):
    id: UUID
    name: str
    kind: RecipientKind
    country: str
    purposes: list[UUID]
    safeguard: Safeguard | None
    language: str | None
    declared_by: ActorShape
    declared_at: datetime
    ended_at: datetime | None
    statement: UUID


class ResponsibleForm(Form):
    """`name` and `contact` are published with the record: an office's rather than a person's."""

    capacity: Capacity
    name: Line
    contact: Line


class ResponsibleShape(Shape):
    id: UUID
    capacity: Capacity
    name: str
    contact: str
    declared_at: datetime
    ended_at: datetime | None


class KeptShape(Shape):
    """`system` is null for Rightcall itself. `people` is 0 where it is of nobody that is known."""

    system: str | None
    category: str
    items: int
    people: int


class UseMadeShape(Shape):
    act: UseAct
    role: Role
    times: int


class GapShape(Shape):
    missing: Missing
    about: str
    says: str

    @classmethod
    def of(cls, gap: Gap) -> "GapShape":
        return cls(missing=gap.missing, about=gap.about, says=words_of(gap))


class ActivityShape(Shape):
    """`transfers`: ids of the recipients outside the area of the controller's law."""

    purpose: UUID
    purpose_key: str
    title: str
    justification: str
    kind: str
    standing: Standing
    review_until: date | None
    lawful_basis: LawfulBasis
    staff_basis: LawfulBasis
    legal_duty: str | None
    data_categories: list[str]
    may_use: list[Role]
    term_days: int
    languages: list[str]
    kept: list[KeptShape]
    recipients: list[RecipientShape]
    transfers: list[UUID]
    uses: list[UseMadeShape]
    gaps: list[GapShape]


class MeasuresShape(Shape):
    key_service: str
    epoch: int
    epoch_days: int
    database: str
    objects: str
    people: dict[Role, int]
    tokens: dict[Role, int]
    ledger_size: int


class RecordShape(Shape):
    """`nobodys`: what was found in other systems and is linked to nobody, so that it stands in no activity. What is not known
    stands among `gaps`. `digest` is the SHA-256 over everything but the moment and the length of the ledger: the same state
    says the same."""

    controller: ControllerShape
    responsible: list[ResponsibleShape]
    activities: list[ActivityShape]
    unpurposed: list[KeptShape]
    nobodys: list[KeptShape]
    measures: MeasuresShape
    gaps: list[GapShape]
    uses_since: datetime | None
    counted_at: datetime | None
    at: datetime
    digest: str


Seeing = Annotated[Door, Depends(door_for(Deed.SEE_ACTIVITIES))]
Declaring = Annotated[Door, Depends(door_for(Deed.DECLARE_RECIPIENTS))]


@router.get("/activities")
def get_record(door: Seeing) -> RecordShape:
    """The record as it stands now: one activity a purpose, with what is held and where, who used it and who receives it."""
    return document(_record(door))


@router.get("/activities/page", response_class=HTMLResponse)
def get_record_page(door: Seeing) -> HTMLResponse:
    """The same as one page that needs nothing else, to be shown to an authority or printed."""
    return html(page(_record(door)))


@router.get("/activities/table", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def get_record_table(door: Seeing) -> Response:
    """The same as a table (CSV), one line an activity."""
    return Response(table(_record(door)), media_type="text/csv; charset=utf-8; header=present")


@router.get("/recipients")
def list_recipients(door: Seeing) -> Items[RecipientShape]:
    """Who receives data, or did."""
    return door.run(lambda tx: Items(items=[RecipientShape.model_validate(each) for each in actions.recipients(tx)]))


@router.post("/recipients", status_code=201)
def declare_recipient(door: Declaring, form: RecipientForm) -> RecipientShape:
    """An organisation that receives data from now on."""

    def deed(tx: Transaction) -> RecipientShape:
        new = NewRecipient(
            name=form.name,
            kind=form.kind,
            country=form.country,
            purposes=tuple(purpose_of(tx, each) for each in form.purposes),
            safeguard=form.safeguard,
            language=form.language,
        )
        return RecipientShape.model_validate(actions.declare_recipient(tx, door.house.clock, new, by=door.actor))

    return door.run(deed)


@router.post("/recipients/{recipient}/end")
def end_recipient(door: Declaring, recipient: UUID) -> RecipientShape:
    """It receives nothing any more. Again is fine."""

    def deed(tx: Transaction) -> RecipientShape:
        ended = actions.end_recipient(tx, door.house.clock, RecipientId(recipient), by=door.actor)
        return RecipientShape.model_validate(ended)

    return door.run(deed)


@router.get("/responsibles")
def list_responsibles(door: Seeing) -> Items[ResponsibleShape]:
    """Who answers for the processing beside the controller, or did: the data protection officer, a representative."""
    return door.run(lambda tx: Items(items=[ResponsibleShape.model_validate(each) for each in actions.responsibles(tx)]))


@router.post("/responsibles", status_code=201)
def declare_responsible(door: Declaring, form: ResponsibleForm) -> ResponsibleShape:
    """One more who answers for it."""
    new = NewResponsible(capacity=form.capacity, name=form.name, contact=form.contact)
    clock, by = door.house.clock, door.actor
    return door.run(lambda tx: ResponsibleShape.model_validate(actions.declare_responsible(tx, clock, new, by=by)))


@router.post("/responsibles/{responsible}/end")
def end_responsible(door: Declaring, responsible: UUID) -> ResponsibleShape:
    """They do so no more. Again is fine."""
    id, clock, by = ResponsibleId(responsible), door.house.clock, door.actor
    return door.run(lambda tx: ResponsibleShape.model_validate(actions.end_responsible(tx, clock, id, by=by)))


def document(record: Record) -> RecordShape:
    """The whole answer; the command prints the same."""
    return RecordShape(
        controller=ControllerShape.model_validate(record.controller),
        responsible=[ResponsibleShape.model_validate(each) for each in record.responsible],
        activities=[_activity(each) for each in record.activities],
        unpurposed=[KeptShape.model_validate(each) for each in record.unpurposed],
        nobodys=[KeptShape.model_validate(each) for each in record.nobodys],
        measures=MeasuresShape.model_validate(record.measures),
        gaps=[GapShape.of(each) for each in record.gaps],
        uses_since=record.uses_since,
        counted_at=record.counted_at,
        at=record.at,
        digest=record.digest.hex(),
    )


def _record(door: Door) -> Record:
    house = door.house
    measures = measures_of(house.settings, house.database, house.vault, door.controller, house.clock)
    return door.run(lambda tx: actions.record(tx, house.clock, house.rules, measures))


def _activity(activity: Activity) -> ActivityShape:
    purpose = activity.purpose
    return ActivityShape(
        purpose=purpose.id,
        purpose_key=purpose.key,
        title=purpose.title,
        justification=purpose.justification,
        kind=purpose.dpv_purpose,
        standing=activity.standing,
        review_until=activity.review_until,
        lawful_basis=purpose.lawful_basis,
        staff_basis=purpose.staff_basis,
        legal_duty=purpose.legal_duty,
        data_categories=list(purpose.data_categories),
        may_use=sorted(purpose.may_use),
        term_days=purpose.term_days,
        languages=list(activity.languages),
        kept=[KeptShape.model_validate(each) for each in activity.kept],
        recipients=[RecipientShape.model_validate(each) for each in activity.recipients],
        transfers=[each.id for each in activity.transfers],
        uses=[UseMadeShape.model_validate(each) for each in activity.uses],
        gaps=[GapShape.of(each) for each in activity.gaps],
    )

"""Writing down that another system now keeps something about a person, and how it came there: typed in by somebody, filled in
on a form, brought in from elsewhere, or made from what is held already. The value stays where it is."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, Field

from rightcall.api.door import Door, door_for
from rightcall.api.facts import QuestionForm, question_of
from rightcall.api.forms import Form, Line, Shape
from rightcall.api.named import purpose_of, system_of
from rightcall.api.places import Characters, Milliseconds, PartForm, Turn
from rightcall.calls import actions as calls
from rightcall.database.connection import Transaction
from rightcall.discovery.findings.rules import plain_field
from rightcall.errors import Conflict, Malformed, NotAllowed
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.model import Heard, HoldingKind, NewForeign, Provenance, Source, Term
from rightcall.holdings.places import Place, is_plain
from rightcall.ids import CallId, HoldingId, ObjectId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.policy import actions as policy
from rightcall.policy.model import Act
from rightcall.purposes.model import LawfulBasis
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects

router = APIRouter(tags=["subjects"])


class Came(StrEnum):
    """Typed in by somebody, filled in on a form by the person, brought in with others, made from what is held already."""

    ENTRY = "entry"
    FORM = "form"
    IMPORT = "import"
    DERIVED = "derived"


class Kept(StrEnum):
    """What it is in its system."""

    FIELD = "field"
    ROW = "row"
    TEXT = "text"
    FILE = "file"


class KeptForForm(Form):
    """A purpose (an id or a key) and, where it is known, the last day."""

    purpose: Line
    last_day: date | None = None


class HeardForm(Form):
    """Where in the call: the turn, counted from 1; milliseconds since the call began."""

    turn: Turn | None = None
    from_ms: Milliseconds | None = None
    until_ms: Milliseconds | None = None


class EntryForm(Form):
    """`id`: a UUID of your own, so that saying it again changes nothing. `system`: an id or a name. `object_name`, `row` and a
    `field` that is not a plain name are sealed. `purposes` may be empty: then that shows on the map. `call` and `heard`: the
    call that it was taken down from, and where in it. `derived_from`: what it was made from; with a purpose this asks for a
    verdict."""

    id: UUID | None = None
    subject: UUID
    system: Line
    category: Line
    came: Came
    kind: Kept = Kept.FIELD
    sensitivity: Sensitivity | None = None
    object: UUID | None = None
    object_name: Line | None = None
    row: Line | None = None
    field: Line | None = None
    start: Characters | None = None
    end: Characters | None = None
    purposes: Annotated[tuple[KeptForForm, ...], Field(max_length=50)] = ()
    basis: LawfulBasis | None = None
    at: AwareDatetime | None = None
    call: UUID | None = None
    heard: HeardForm | None = None
    derived_from: Annotated[tuple[PartForm, ...], Field(max_length=100)] = ()


class WrittenDownShape(Shape):
    """It is on the map, and this statement says so."""

    id: UUID
    statement: UUID


@router.post("/holdings", status_code=201)
def write_down(door: Annotated[Door, Depends(door_for(Deed.WRITE_DOWN_HOLDING))], form: EntryForm) -> WrittenDownShape:
    """From now on this is on the map. NotAllowed where a verdict that is due says no; it is stored, with its reasons."""

    def deed(tx: Transaction) -> WrittenDownShape | str:
        terms = tuple(Term(purpose=purpose_of(tx, each.purpose), last_day=each.last_day) for each in form.purposes)
        if (no := _no(tx, door, form, terms)) is not None:
            return no
        new = _new(tx, door, form, terms)
        holdings.register(tx, door.house.vault, door.house.clock, [new])
        found = holdings.get(tx, new.id)
        if (found.subject, found.category, found.place.system) != (new.subject, new.category, new.place.system):
            raise Conflict("There is another holding with this id. Leave the id out, or give one of your own that is new.")
        return WrittenDownShape(id=found.id, statement=found.statement)

    done = door.run(deed)
    if isinstance(done, str):
        raise NotAllowed(f"This may not be taken down for that purpose. Verdict {done} says why, and what would make it right.")
    return done


def _no(tx: Transaction, door: Door, form: EntryForm, terms: tuple[Term, ...]) -> str | None:
    """The id of the verdict that stands in the way. Asked where something is made from what we keep, or brought in from
    elsewhere."""
    act = {Came.DERIVED: Act.TRANSCRIBE, Came.IMPORT: Act.COLLECT}.get(form.came, Act.TRANSCRIBE)
    origins = {part.holding for part in form.derived_from}
    about: list[UUID | None] = [each for each in sorted(origins) if holdings.get(tx, HoldingId(each)).is_ours]
    if not about and form.came is Came.IMPORT:
        about = [None]
    for term in terms:
        for holding in about:
            asked = QuestionForm(act=act, purpose=str(term.purpose), holding=holding)
            id, verdict = policy.ask(
                tx, rules=door.house.rules, clock=door.house.clock, question=question_of(tx, door, asked), by=door.actor
            )
            if not verdict.proceeds:
                return str(id)
    return None


def _new(tx: Transaction, door: Door, form: EntryForm, terms: tuple[Term, ...]) -> NewForeign:
    if form.call is not None:
        calls.get(tx, CallId(form.call))
    parts = tuple(part for each in form.derived_from if (part := each.part) is not None)
    heard = None if form.heard is None else Heard(**form.heard.model_dump())
    return NewForeign(
        id=HoldingId(form.id or new_id()),
        subject=subjects.get(tx, SubjectId(form.subject)).id,
        category=_category(form.category),
        sensitivity=form.sensitivity,
        kind=HoldingKind(form.kind.value),
        place=_place(tx, form),
        terms=terms,
        call=None if form.call is None else CallId(form.call),
        heard=heard,
        provenance=Provenance(
            source=Source(form.came.value),
            actor=door.actor,
            at=_at(door, form.at),
            basis=form.basis,
            derived_from=tuple(dict.fromkeys(HoldingId(each.holding) for each in form.derived_from)),
            parts=parts,
        ),
    )


def _at(door: Door, told: datetime | None) -> datetime:
    now = door.house.clock.now()
    if told is not None and told > now:
        raise Malformed("It came there at a time that is still to come. Give the moment when it was taken down, or leave it out.")
    return told or now


def _category(given: str) -> Category:
    try:
        return Category(given)
    except ValueError:
        raise Malformed(
            "This is not a category of personal data of the W3C's vocabulary. Name one such as pd:TelephoneNumber;"
            " https://w3id.org/dpv/pd lists them."
        ) from None


def _place(tx: Transaction, form: EntryForm) -> Place:
    plain = form.field if form.field is not None and is_plain(form.field) else plain_field(form.field)
    return Place(
        system=system_of(tx, form.system),
        object=None if form.object is None else ObjectId(form.object),
        field=plain,
        start=form.start,
        end=form.end,
        object_name=None if form.object_name is None else Personal(form.object_name),
        row=None if form.row is None else Personal(form.row),
        path=Personal(form.field) if form.field is not None and plain is None else None,
    )

"""Finding a person by what they are known by, and who they are. What is looked for stays out of every log."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Case, Form, Items, Line, Reason, Shape
from rightcall.api.named import purpose_of
from rightcall.api.verdicts import refusal
from rightcall.database.connection import Transaction
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.systems import actions as systems
from rightcall.erasure.asked_again import left
from rightcall.errors import Malformed
from rightcall.ids import CallId, ErasureId, SubjectId
from rightcall.personal import Personal
from rightcall.recordings.attributing import attribute_call
from rightcall.recordings.using import Answered
from rightcall.recordings.who import Who, covered, shown
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.rules import NO_REGION, normalise
from rightcall.vault.model import DarkReason

router = APIRouter(prefix="/subjects", tags=["subjects"])


class SubjectShape(Shape):
    """`ambiguous`: made because its identifiers were shared, and it could have been any of several people. `nobody_since`: a
    record had made them, the link was undone, and nothing tells of them any more; they are counted nowhere."""

    id: UUID
    ambiguous: bool
    split_from: UUID | None
    created_at: datetime
    nobody_since: datetime | None


class FoundShape(SubjectShape):
    """`erasure`: by which they were erased, where something lies elsewhere still; nobody else who was erased is found."""

    erasure: UUID | None


class IdentifierShape(Shape):
    kind: IdentifierKind
    value: str


class SubjectDetail(SubjectShape):
    """`shown`: name and identifiers are here, and that they were read is in the log. `dark` says why they can no longer be read
    by anyone; null while they can."""

    shown: bool
    name: str | None
    identifiers: list[IdentifierShape]
    dark: DarkReason | None


class IdentifierForm(Form):
    """`region` (ISO 3166) is where a telephone number in national form belongs."""

    kind: IdentifierKind
    value: Line
    region: str = Field(default=NO_REGION, pattern="^[A-Z]{2}$")


class NameForm(Form):
    name: Line


class SplitForm(Form):
    """`moved` belong to the other person alone, such as a customer id; `shared` to both, such as a number. `calls` were theirs:
    with all that is kept of them, and its keys."""

    moved: list[IdentifierForm] = Field(default_factory=list, max_length=50)
    shared: list[IdentifierForm] = Field(default_factory=list, max_length=50)
    calls: list[UUID] = Field(default_factory=list, max_length=500)


@router.get("")
def find(
    door: Annotated[Door, Depends(door_for(Deed.FIND_SUBJECT))],
    tel: Annotated[str | None, Query(max_length=400, description="A telephone number, best as +45…")] = None,
    email: Annotated[str | None, Query(max_length=400)] = None,
    sip: Annotated[str | None, Query(max_length=400)] = None,
    id: Annotated[str | None, Query(max_length=400, description="A customer id.")] = None,
    region: Annotated[str, Query(pattern="^[A-Z]{2}$", description="Where a number in national form belongs.")] = NO_REGION,
) -> Items[FoundShape]:
    """Everyone known by this (an id of yours in whichever letters), and who was and was erased, as long as something about them
    lies elsewhere. Give one of tel, email, sip and id."""
    given = [
        (kind, value)
        for kind, value in (
            (IdentifierKind.TEL, tel),
            (IdentifierKind.EMAIL, email),
            (IdentifierKind.SIP, sip),
            (IdentifierKind.CUSTOMER_ID, id),
        )
        if value is not None
    ]
    if len(given) != 1:
        raise Malformed("Look for one thing at a time: give exactly one of tel, email, sip and id.")
    kind, value = given[0]
    # In a query string a plus stands for a space: a number that begins with one was sent without being escaped.
    text = f"+{value[1:]}" if kind is IdentifierKind.TEL and value.startswith(" ") else value
    identifier = normalise(kind, Personal(text), region)

    def deed(tx: Transaction) -> Items[FoundShape]:
        every = systems.spelt(tx, identifier)
        known = dict.fromkeys(each for one in every for each in subjects.find(tx, door.house.vault, one))
        gone = {each.subject: each.erasure for one in every for each in left(tx, door.house.vault, one)}
        return Items(items=[_found(tx, subject, gone.get(subject)) for subject in known | gone])

    return door.run(deed)


def _found(tx: Transaction, subject: SubjectId, erasure: ErasureId | None) -> FoundShape:
    known = SubjectShape.model_validate(subjects.get(tx, subject))
    return FoundShape(**known.model_dump(), erasure=erasure)


@router.get("/{subject}")
def get_subject(
    door: Annotated[Door, Depends(door_for(Deed.SEE_SUBJECT))],
    subject: UUID,
    purpose: Annotated[
        str | None, Query(max_length=200, description="For which purpose you read who it is: an id or a key.")
    ] = None,
    reason: Annotated[Reason | None, Query(description="Why, in at least two words. Kept nowhere.")] = None,
    case: Annotated[Case | None, Query(description="The reference of the case that it is for, likewise.")] = None,
) -> SubjectDetail:
    """Who this is. Name and identifiers are shown for a purpose alone: the verdict is asked, and that they were read is logged.
    403 with the verdict where it is no."""
    id = SubjectId(subject)

    def deed(tx: Transaction) -> Who | Answered:
        if purpose is None:
            return covered(tx, door.house.vault, id)
        return shown(tx, door.house.tools, id, purpose_of(tx, purpose), by=door.actor, reason=reason, case=case)

    found = door.run(deed)
    if isinstance(found, Answered):
        raise refusal(found.verdict, found.id)
    return _detail(found)


@router.post("/{subject}/identifiers")
def add_identifier(
    door: Annotated[Door, Depends(door_for(Deed.CHANGE_SUBJECT))], subject: UUID, form: IdentifierForm
) -> SubjectDetail:
    """This person is known by this too, from now on. Having it already is fine; others may have it as well."""
    identifier = identifier_of(form)

    def deed(tx: Transaction) -> SubjectDetail:
        id = SubjectId(subject)
        subjects.add_identifier(tx, door.house.vault, door.house.clock, id, identifier, by=door.actor)
        joins.propose(tx, door.house.vault, door.house.clock, [id])
        return _detail(covered(tx, door.house.vault, id))

    return door.run(deed)


@router.post("/{subject}/name")
def give_name(door: Annotated[Door, Depends(door_for(Deed.SAY_WHO))], subject: UUID, form: NameForm) -> SubjectDetail:
    """How the person says that they are called. Whom records tell of under the number that they called from, and who is called
    the same, they may be: that is proposed at once, and decided by a person."""

    def deed(tx: Transaction) -> SubjectDetail:
        house, id = door.house, SubjectId(subject)
        subjects.give_name(tx, house.vault, house.clock, id, Personal(form.name), by=door.actor)
        joins.propose(tx, house.vault, house.clock, [id])
        return _detail(covered(tx, house.vault, id))

    return door.run(deed)


@router.post("/{subject}/split", status_code=201)
def split(door: Annotated[Door, Depends(door_for(Deed.SPLIT_SUBJECT))], subject: UUID, form: SplitForm) -> SubjectDetail:
    """Two people were taken for one: a second person is made, given the calls that were theirs, and answered. Coming calls tell
    the two apart by what one of them alone is known by."""
    moved, shared = [identifier_of(each) for each in form.moved], [identifier_of(each) for each in form.shared]

    def deed(tx: Transaction) -> SubjectDetail:
        vault, id = door.house.vault, SubjectId(subject)
        made = subjects.split(
            tx, vault, door.house.clock, id, moved=moved, shared=shared, by_calls=bool(form.calls), by=door.actor
        )
        for call in dict.fromkeys(form.calls):
            attribute_call(tx, door.house.tools, CallId(call), of=id, to=made, by=door.actor)
        return _detail(covered(tx, vault, made))

    return door.run(deed)


def identifier_of(form: IdentifierForm) -> Identifier:
    return normalise(form.kind, Personal(form.value), form.region)


def _detail(found: Who) -> SubjectDetail:
    of = found.subject
    return SubjectDetail(
        id=of.id,
        ambiguous=of.ambiguous,
        split_from=of.split_from,
        created_at=of.created_at,
        nobody_since=of.nobody_since,
        shown=found.shown,
        name=None if found.name is None else found.name.reveal("answer who this is"),
        identifiers=[IdentifierShape(kind=one.kind, value=one.value.reveal("answer who this is")) for one in found.identifiers],
        dark=found.dark,
    )

"""Asking before something of a person is read in another system, and saying what was read: one line for each use, for its
purpose. And who used what is held about a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from pydantic import AwareDatetime, Field

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Case, Form, Items, Limit, Line, Reason, Shape
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.api.verdicts import VerdictShape, verdict_shape
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import After, FieldName, Ground, Stretch, Use, UseAct
from rightcall.holdings.uses.rules import one_by_one
from rightcall.holdings.uses.saying import look, newest
from rightcall.holdings.uses.whys import actions as whys
from rightcall.holdings.uses.whys.model import Why
from rightcall.ids import HoldingId, ObjectId, StatementId, SubjectId, SystemId
from rightcall.recordings.using import REPORTABLE, Answered, Wanted, report
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining

router = APIRouter(tags=["uses"])
_LONGEST_MS = 2**31 - 1
Key = Annotated[
    str | None, Header(max_length=200, description="Said again under the same key, it is answered as before and counts once.")
]


class StretchForm(Form):
    """Milliseconds from the beginning of what is read; `until_ms` null: to the end."""

    from_ms: int = Field(default=0, ge=0, le=_LONGEST_MS)
    until_ms: int | None = Field(default=None, gt=0, le=_LONGEST_MS)


class StretchShape(Shape):
    """Milliseconds from the beginning; `until_ms` null: to the end."""

    from_ms: int
    until_ms: int | None


class UseForm(Form):
    """What somebody is about to do. A `holding` of the map; or a `subject`, with the `system` and the `object` it lies in, and
    `made_at`, since when the data is there. `fields`: their plain names in the schema, and never a value. `for_speaker`: it
    answers the person's own request."""

    act: UseAct = UseAct.READ
    purpose: Line
    holding: UUID | None = None
    subject: UUID | None = None
    system: UUID | None = None
    object: UUID | None = None
    fields: list[Line] = Field(default_factory=list, max_length=100)
    stretches: list[StretchForm] = Field(default_factory=list, max_length=100)
    made_at: AwareDatetime | None = None
    reason: Reason | None = None
    case: Case | None = None
    for_speaker: bool = False


class UsesForm(Form):
    uses: list[UseForm] = Field(min_length=1, max_length=500)


class AnsweredShape(Shape):
    """`use`: the id of the line in the log. It was written as a use where the verdict is a go; else as one that was refused, and
    nothing may be read."""

    use: UUID
    refused: bool
    verdict: VerdictShape


class UseShape(Shape):
    """One line of the access log: when, for which purpose, by whom in which role, and the verdict that let it, or did not
    (`refused`: nothing was read). `holding` null: what was read is not on the map. `system` null: Rightcall itself. `fields`,
    `stretches`: what of it was read; `age_days`: how old it was then, null where nobody knows."""

    id: UUID
    holding: UUID | None
    subject: UUID
    purpose: UUID
    purpose_key: str
    by: ActorShape
    act: UseAct
    ground: Ground
    fields: list[str]
    stretches: list[StretchShape]
    system: UUID | None
    object: UUID | None
    age_days: int | None
    refused: bool
    verdict: UUID | None
    at: datetime
    statement: UUID


class SaidUseShape(UseShape):
    """And why, as it was said; null where nothing was, and where the person was erased since."""

    reason: str | None
    case: str | None


@router.post("/uses")
def report_use(
    door: Annotated[Door, Depends(door_for(Deed.REPORT_USE))], form: UseForm, idempotency_key: Key = None
) -> AnsweredShape:
    """May this be done? Where the verdict is a go, it counts as done and is in the log; where it is a no, as refused: do not do
    it. Ask before anything is shown or worked with."""
    [answer] = _reported(door, [form], idempotency_key, form.model_dump_json().encode())
    return answer


@router.post("/uses/batch")
def report_uses(
    door: Annotated[Door, Depends(door_for(Deed.REPORT_USE))], form: UsesForm, idempotency_key: Key = None
) -> Items[AnsweredShape]:
    """The same of up to 500 at once, answered in their order, all or none of them."""
    return Items(items=_reported(door, form.uses, idempotency_key, form.model_dump_json().encode()))


@router.get("/subjects/{subject}/uses")
def uses_of_subject(
    door: Annotated[Door, Depends(door_for(Deed.SEE_USES))],
    subject: UUID,
    after: Annotated[UUID | None, Query(description="`next` of the list before.")] = None,
    limit: Limit = 100,
) -> Items[SaidUseShape]:
    """Who used what is or was held about this person, of all subjects that are that person, and who wanted to and was refused;
    newest first."""

    def deed(tx: Transaction) -> Items[SaidUseShape]:
        start = None if after is None else _after(tx, StatementId(after))
        found = uses.of_person(tx, subjects.get(tx, SubjectId(subject)).id, after=start, limit=limit)
        keys, said = keys_of(tx), whys.of_uses(tx, door.house.vault, [use.statement for use in found])
        items = [_with_why(use_shape(use, keys), said.get(use.statement, Why())) for use in found]
        return Items(items=items, next=found[-1].statement if len(found) == limit else None)

    return door.run(deed)


def use_shape(use: Use, keys: Keys) -> UseShape:
    return UseShape(
        id=use.statement,
        holding=use.holding,
        subject=use.subject,
        purpose=use.purpose,
        purpose_key=keys[use.purpose],
        by=ActorShape.of(use.by),
        act=use.act,
        ground=use.ground,
        fields=list(use.fields),
        stretches=[StretchShape(from_ms=each.from_ms, until_ms=each.until_ms) for each in use.stretches],
        system=use.system,
        object=use.object,
        age_days=use.age_days,
        refused=use.refused,
        verdict=use.verdict,
        at=use.at,
        statement=use.statement,
    )


def _with_why(shape: UseShape, why: Why) -> SaidUseShape:
    reason, case = (None if each is None else each.reveal("answer why") for each in (why.reason, why.case))
    return SaidUseShape(**dict(shape), reason=reason, case=case)


def looks_told(looks: Sequence[UseShape]) -> list[str]:
    """In words, the newest first."""
    return newest([_told(each) for each in one_by_one(looks)])


def _told(lines: Sequence[UseShape]) -> str:
    """All fields that were read at once."""
    first, fields = lines[0], list(dict.fromkeys(field for each in lines for field in each.fields))
    return look(at=first.at, role=first.by.role, by=first.by.id, purpose=first.purpose_key, fields=fields, refused=first.refused)


def looked_at(tx: Transaction, subject: SubjectId) -> list[str]:
    """Who looked at this person, whichever of their subjects is named, and used nothing on the map."""
    looks, keys = uses.looks(tx, joining.person(tx, subject)), keys_of(tx)
    return looks_told([use_shape(each, keys) for each in looks])


def _reported(door: Door, forms: list[UseForm], key: str | None, body: bytes) -> list[AnsweredShape]:
    def deed(tx: Transaction) -> list[AnsweredShape]:
        wanted = [_wanted(tx, form) for form in forms]
        return [_answered(each) for each in report(tx, door.house.tools, wanted, by=door.actor, key=key, body=body)]

    return door.run(deed)


def _wanted(tx: Transaction, form: UseForm) -> Wanted:
    if form.act not in REPORTABLE:
        acts = ", ".join(sorted(REPORTABLE))
        raise Malformed(f"What is reported is one of {acts}. Playing goes through us, and is written down there.")
    fields = tuple(FieldName(text=each) for each in dict.fromkeys(form.fields))
    if form.holding is not None:
        _check_fields(holdings.get(tx, HoldingId(form.holding)), fields)
    return Wanted(
        act=form.act,
        purpose=purpose_of(tx, form.purpose),
        holding=None if form.holding is None else HoldingId(form.holding),
        subject=None if form.subject is None else SubjectId(form.subject),
        system=None if form.system is None else SystemId(form.system),
        object=None if form.object is None else ObjectId(form.object),
        fields=fields,
        stretches=tuple(Stretch(from_ms=each.from_ms, until_ms=each.until_ms) for each in form.stretches),
        made_at=form.made_at,
        reason=form.reason,
        case=form.case,
        for_speaker=form.for_speaker,
    )


def _check_fields(holding: Holding, fields: Sequence[FieldName]) -> None:
    """Of what is one field, no other is said to be read: the log tells which are needed."""
    known = holding.place.field
    if known is None or all(each.text == known or each.text.startswith(f"{known}.") for each in fields):
        return
    raise Malformed(f"This holding is the field {known}. Name that one, or none; what lies in another field is another holding.")


def _answered(answered: Answered) -> AnsweredShape:
    return AnsweredShape(
        use=answered.use,
        refused=not answered.verdict.proceeds,
        verdict=verdict_shape(answered.verdict, answered.id),
    )


def _after(tx: Transaction, statement: StatementId) -> After:
    found = uses.of_statements(tx, [statement])
    return After(at=found[0].at, statement=statement)

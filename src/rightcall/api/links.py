"""Whose records in other systems are. What was compared is told in words; the values, beside each other, only to whoever decides,
for a purpose."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Case, Form, Items, Reason, Shape
from rightcall.api.named import purpose_of
from rightcall.api.verdicts import refusal
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.decisions.deeds import DecideAlike, DecideOne
from rightcall.discovery.decisions.model import Asked, First, Waiting
from rightcall.discovery.decisions.over import why_over
from rightcall.discovery.joins import actions as proposals
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Aspect, Compared, Link, LinkReason, LinkState, Outcome
from rightcall.discovery.linking.wording import says
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.discovery.vcons.sent import source_of
from rightcall.ids import LinkId, SubjectId
from rightcall.recordings.beside import Beside, NotShown, Opens, Permitted, Shown, Value, hinted, look, permit
from rightcall.recordings.using import Answered
from rightcall.staff.model import Deed

router = APIRouter(tags=["links"])
SeeDoor = Annotated[Door, Depends(door_for(Deed.SEE_LINKS))]
DecideDoor = Annotated[Door, Depends(door_for(Deed.DECIDE_LINK))]


class ComparedShape(Shape):
    """`bits`: how much more likely this is of one person than of two strangers, as a power of two; `household`: than of two
    people of one household. `others`: how many besides were known to have what agrees, where that was counted."""

    aspect: Aspect
    outcome: Outcome
    bits: float
    household: float
    others: int | None


class LinkShape(Shape):
    """`record`: what was said of one thing in `system`. `score`: the probability that it is about `subject`. `says`: what speaks
    for and against it, in words. `decided_by` is null where nobody had to decide."""

    id: UUID
    record: UUID
    system: UUID
    subject: UUID
    state: LinkState
    score: float
    says: list[str]
    compared: list[ComparedShape]
    linked_at: datetime
    decided_by: ActorShape | None
    decided_at: datetime | None
    reason: LinkReason | None


class AlikeShape(Shape):
    """Records that say the same: `link` is the first of their links, `score` the highest; `state`: doubtful, or undone by a
    person."""

    state: LinkState
    link: UUID
    records: int
    score: float
    says: list[str]
    compared: list[ComparedShape]


class WaitingShape(Shape):
    """What waits on one person: how many `records`, and in which `sorts` of doubt."""

    subject: UUID
    records: int
    sorts: list[AlikeShape]


class DecidedShape(Shape):
    """The `links` that were decided, each by itself in the ledger."""

    state: LinkState
    links: list[UUID]


class FoundShape(Shape):
    """`field`: only where its name looks like one out of a schema. `came_later`: it was found after the record was linked;
    `is_theirs`: it is the person's, by that link. `of_others`: what identifies somebody else who is known here."""

    finding: UUID
    type: str
    field: str | None
    came_later: bool
    is_theirs: bool
    of_others: bool


class LinkDecisionShape(Shape):
    """One step of a link's history; `statement`: where the ledger has it."""

    was: LinkState
    now: LinkState
    reason: LinkReason
    by: ActorShape
    at: datetime
    statement: UUID


class LinkDetail(LinkShape):
    """`findings`: what was found in the record; never the values. `history`: what was decided of it, in order. `over`: why it is
    no question any more, where it is over."""

    over: str | None
    findings: list[FoundShape]
    history: list[LinkDecisionShape]


class ValueShape(Shape):
    """Either `value`, with most of it covered unless it was asked for, or why it is `not_shown`."""

    type: str
    field: str | None
    value: str | None
    not_shown: NotShown | None


class ShownShape(Shape):
    """A `record` of a `system`; both null: what the person is known by here."""

    record: UUID | None
    system: UUID | None
    system_name: str | None
    values: list[ValueShape]


class BesideShape(Shape):
    """The record in doubt, and records of the person whom it may be about, as they are in their systems now. `left_out`: how many
    more of these there are."""

    link: UUID
    revealed: bool
    in_doubt: ShownShape
    theirs: list[ShownShape]
    left_out: int


class DecisionForm(Form):
    reason: LinkReason


@router.get("/links")
def list_links(
    door: SeeDoor,
    state: Annotated[LinkState | None, Query(description="`doubtful` waits for a person; so does `undone`, mostly.")] = None,
    subject: Annotated[UUID | None, Query(description="With all subjects that are the same person.")] = None,
    after: Annotated[UUID | None, Query(description="`next` of the list before.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Items[LinkShape]:
    """The links in the order in which they were made."""

    def deed(tx: Transaction) -> Items[LinkShape]:
        found = linking.page_of_links(
            tx,
            state=state,
            subject=None if subject is None else SubjectId(subject),
            after=None if after is None else LinkId(after),
            limit=limit,
        )
        return Items(items=[_shape(each) for each in found], next=found[-1].id if len(found) == limit else None)

    return door.run(deed)


@router.get("/links/waiting")
def list_waiting(
    door: SeeDoor,
    first: Annotated[First, Query(description="Whom to begin with: those of whom it is likeliest, or on whom most waits.")] = (
        First.LIKELIEST
    ),
    least: Annotated[float, Query(ge=0, le=1, description="Only what waits with at least this score.")] = 0.0,
    system: Annotated[str | None, Query(max_length=200, description="Only records of this system, an id or a name.")] = None,
    after: Annotated[UUID | None, Query(description="`next` of the list before: a subject.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Items[WaitingShape]:
    """What waits for a word, by person and by sort of doubt. What is decided meanwhile makes room: list anew from the first."""

    def deed(tx: Transaction) -> Items[WaitingShape]:
        asked = Asked(first=first, least=least, system=None if system is None else systems.get(tx, system).id)
        found = decisions.waiting(tx, asked, after=None if after is None else SubjectId(after), limit=limit)
        return Items(items=[_waiting(each) for each in found], next=found[-1].subject if len(found) == limit else None)

    return door.run(deed)


@router.get("/links/{link}")
def get_link(door: SeeDoor, link: UUID) -> LinkDetail:
    """One link, with what was found in its record."""
    return door.run(lambda tx: _detail(tx, linking.get(tx, LinkId(link))))


@router.get("/links/{link}/values")
def compare_link(
    door: Annotated[Door, Depends(door_for(Deed.COMPARE_LINK))],
    link: UUID,
    purpose: Annotated[str, Query(max_length=200, description="For which purpose you look: an id or a key.")],
    reason: Annotated[Reason | None, Query(description="Why, in at least two words. Kept nowhere.")] = None,
    case: Annotated[Case | None, Query(description="The reference of the case that it is for, likewise.")] = None,
    reveal: Annotated[bool, Query(description="Whole values. Else most of each is covered.")] = False,
) -> BesideShape:
    """The values of the record in doubt beside those of whom it may be about, read where they lie. The verdict is asked, and what
    may be read is logged before it is. 403 with the verdict where it is no; 409 where there is nothing left to decide."""

    def deed(tx: Transaction) -> tuple[Permitted | Answered, SystemNames]:
        may = permit(tx, door.house.tools, LinkId(link), purpose=purpose_of(tx, purpose), by=door.actor, reason=reason, case=case)
        return may, system_names(tx)

    may, names = door.run(deed)
    if isinstance(may, Answered):
        raise refusal(may.verdict, may.id)
    return _beside(LinkId(link), look(_opens(door), may), names, revealed=reveal)


@router.post("/links/{link}/accept")
def accept_link(door: DecideDoor, link: UUID, form: DecisionForm) -> LinkDetail:
    """The record is about the subject, whatever was said before. 409 where its record is linked to another, or the person was
    erased."""
    return _decide(door, proposals.accept_link, link, form)


@router.post("/links/{link}/refuse")
def refuse_link(door: DecideDoor, link: UUID, form: DecisionForm) -> LinkDetail:
    """The record is not about the subject, and is not proposed again as long as it says the same."""
    return _decide(door, decisions.refuse, link, form)


@router.post("/links/{link}/accept-alike")
def accept_alike(door: DecideDoor, link: UUID, form: DecisionForm) -> DecidedShape:
    """This and all that wait on the same person and say the same, at most 500, each as a decision of its own. 409 where something
    differs, or this one does not wait any more."""
    return _decide_alike(door, proposals.accept_links_alike, link, form, LinkState.CERTAIN)


@router.post("/links/{link}/refuse-alike")
def refuse_alike(door: DecideDoor, link: UUID, form: DecisionForm) -> DecidedShape:
    """This and all that wait on the same person and say the same, at most 500, each as a decision of its own."""
    return _decide_alike(door, decisions.refuse_alike, link, form, LinkState.REFUSED)


@router.post("/links/{link}/undo")
def undo_link(door: DecideDoor, link: UUID, form: DecisionForm) -> LinkDetail:
    """A link that stands was wrong: what was found leaves the person, what it told of them is forgotten, and the record waits for
    a word again."""
    return _decide(door, decisions.undo, link, form)


@router.post("/links/{link}/undo-alike")
def undo_alike(door: DecideDoor, link: UUID, form: DecisionForm) -> DecidedShape:
    """This and all that stand on the same person in the same way and say the same, at most 500, each as a decision of its own."""
    return _decide_alike(door, decisions.undo_alike, link, form, LinkState.UNDONE)


@router.post("/links/{link}/reopen")
def reopen_link(door: DecideDoor, link: UUID, form: DecisionForm) -> LinkDetail:
    """A refusal is taken back: it waits for a word again. 409 where it was not refused, or its record is linked to another."""
    return _decide(door, decisions.reopen, link, form)


def _decide(door: Door, deed: DecideOne, link: UUID, form: DecisionForm) -> LinkDetail:
    house = door.house
    return door.run(lambda tx: _detail(tx, deed(tx, house.vault, house.clock, LinkId(link), reason=form.reason, by=door.actor)))


def _decide_alike(door: Door, deed: DecideAlike, link: UUID, form: DecisionForm, state: LinkState) -> DecidedShape:
    house = door.house
    found = door.run(lambda tx: deed(tx, house.vault, house.clock, LinkId(link), reason=form.reason, by=door.actor))
    return DecidedShape(state=state, links=[each.id for each in found])


def _opens(door: Door) -> Opens:
    house = door.house
    return partial(source_of, house.database, house.vault, door.controller, house.open_system)


def _beside(link: LinkId, found: Beside, names: SystemNames, *, revealed: bool) -> BesideShape:
    return BesideShape(
        link=link,
        revealed=revealed,
        in_doubt=_shown(found.in_doubt, names, revealed),
        theirs=[_shown(each, names, revealed) for each in found.theirs],
        left_out=found.left_out,
    )


def _shown(shown: Shown, names: SystemNames, revealed: bool) -> ShownShape:
    return ShownShape(
        record=shown.record,
        system=shown.system,
        system_name=None if shown.system is None else names.get(shown.system),
        values=[
            ValueShape(type=each.type, field=each.field, value=_told(each, revealed), not_shown=each.not_shown)
            for each in shown.values
        ],
    )


def _told(value: Value, revealed: bool) -> str | None:
    if value.value is None:
        return None
    return value.value.reveal("answer whoever decides whose it is") if revealed else hinted(value.value)


def _waiting(waiting: Waiting) -> WaitingShape:
    sorts = [
        AlikeShape(
            state=each.state,
            link=each.example,
            records=each.records,
            score=each.score,
            says=says(each.compared),
            compared=_each(each.compared),
        )
        for each in waiting.sorts
    ]
    return WaitingShape(subject=waiting.subject, records=waiting.records, sorts=sorts)


def _each(compared: Sequence[Compared]) -> list[ComparedShape]:
    return [ComparedShape.model_validate(each) for each in compared]


def _shape(link: Link) -> LinkShape:
    return LinkShape.model_validate({**_fields(link)})


def _detail(tx: Transaction, link: Link) -> LinkDetail:
    found = [FoundShape.model_validate(each) for each in linking.findings_of(tx, link)]
    history = [LinkDecisionShape.model_validate(each) for each in decisions.history(tx, link.id)]
    return LinkDetail.model_validate({**_fields(link), "over": why_over(tx, link), "findings": found, "history": history})


def _fields(link: Link) -> dict[str, object]:
    return {
        "id": link.id,
        "record": link.record,
        "system": link.system,
        "subject": link.subject,
        "state": link.state,
        "score": link.score,
        "says": says(link.compared),
        "compared": _each(link.compared),
        "linked_at": link.linked_at,
        "decided_by": None if link.decided_by is None else ActorShape.model_validate(link.decided_by),
        "decided_at": link.decided_at,
        "reason": link.reason,
    }

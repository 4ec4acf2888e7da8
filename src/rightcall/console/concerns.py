"""What somebody says is wrong: taken, read, answered, and decided after an appeal. Who raised it nobody is shown here.

The words are on a page of their own, for that somebody read them is written down.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from rightcall.clock import day_of
from rightcall.concerns import actions as concerns
from rightcall.concerns import answering, rules
from rightcall.concerns.model import (
    AboutCall,
    AboutNotice,
    AboutPurpose,
    AboutRule,
    Bearer,
    Concern,
    Identity,
    Outcome,
    Target,
    TargetKind,
    Trace,
    Words,
)
from rightcall.concerns.states import Stage
from rightcall.concerns.wording import shown
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, Unread, one_of, words
from rightcall.console.places import CALLED
from rightcall.console.sheets import page
from rightcall.console.tables import shown as answered
from rightcall.console.why import a_case, a_reason
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Column, Table
from rightcall.design.tongues import in_tongue
from rightcall.errors import Mistake
from rightcall.ids import ConcernId
from rightcall.personal import Personal
from rightcall.policy.in_force import says
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark
from rightcall.vault.saying import CAUSES

router = APIRouter(prefix="/console/concerns")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_CONCERNS))]
Owning = Annotated[Inside, Depends(sending(Deed.OWN_CONCERN))]
Deciding = Annotated[Inside, Depends(sending(Deed.DECIDE_APPEAL))]
_MOST = 1000
"""The newest, which are looked through; a file has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a concern is about, in words where it has a name, and where that is shown; None where there is no such place."""

    kind: TargetKind
    what: str
    place: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    concern: Concern
    about: About
    due_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """`steps`: each with its day alone, for an instant would tell who was at work."""

    listed: Listed
    steps: Sequence[tuple[Trace, date]]
    may_own: bool
    may_answer: bool
    may_decide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was said in turn: with its heading, and None where its key is destroyed. Or why it is withheld."""

    said: Sequence[tuple[str, str | None]]
    withheld: str | None = None


def _table(today: date) -> Table[Concern]:
    def late(each: Concern) -> str:
        return "late" if rules.is_overdue(each, today) else "in time"

    def found(each: Concern) -> str | None:
        return each.final.outcome if each.final else None

    return Table(
        file="concerns",
        columns=(
            Column("about", "About", lambda each: rules.kind_of(each.target), is_picked=True),
            Column("raised", "Raised", lambda each: each.raised_on, is_period=True),
            Column("by", "By", lambda each: each.raised_as, is_picked=True),
            Column("stage", "How far", lambda each: each.state.stage, is_picked=True),
            Column("due", "Due", rules.due_on),
            Column(
                "late",
                "Late",
                lambda each: "late" if rules.is_overdue(each, today) else "in time",
                is_picked=True,
                is_shown=False,
            ),
            Column(
                "found", "What was found", lambda each: each.final.outcome if each.final else None, is_picked=True, is_shown=False
            ),
            Column("id", "Id", lambda each: str(each.id), is_shown=False),
        ),
    )


_STEPS: Table[tuple[Trace, date]] = Table(
    name="steps",
    file="steps",
    columns=(
        Column("day", "Day", lambda row: row[1], is_period=True),
        Column("what", "What", lambda row: row[0].step, is_picked=True),
        Column("by", "By", lambda row: row[0].by.role if row[0].by else None, is_picked=True, words=CALLED),
    ),
)


@router.get("")
def list_concerns(
    request: Request,
    who: Looking,
    purpose: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The newest day first. Those of today the DPO alone sees. `purpose`: only those about this one, by its key."""
    today = day_of(who.house.clock.now())
    most = None if "as" in request.query_params else _MOST

    def deed(tx: Transaction) -> dict[str, object]:
        found = concerns.listed(
            tx,
            before=rules.seen_before(who.actor, today),
            stage=None,
            target=None,
            purpose=None if purpose is None else purposes.by_key(tx, purpose).id,
            overdue_on=None,
            after=None,
            limit=most,
        )
        listed = _table(today).of(found, request.query_params, most)
        said = says(tx, who.house.clock, who.house.rules)
        about = {each.id: _listed(tx, each, today, said) for each in listed}
        return {"listed": listed, "about": about, "overdue": concerns.overdue(tx, who.house.clock)}

    return answered(request, "concerns", who, **who.run(deed), purpose=purpose)


@router.get("/{concern}")
def show(request: Request, who: Looking, concern: UUID) -> Response:
    whole = who.run(lambda tx: _whole(tx, who, concern))
    return _page(request, who, whole)


@router.get("/{concern}/words")
def read(request: Request, who: Looking, concern: UUID) -> Response:
    """With its words, where they are for whoever asks. That they were read is one of its steps."""

    def deed(tx: Transaction) -> tuple[Read, Whole]:
        found = concerns.seen(tx, ConcernId(concern), who.house.clock, who.actor)
        try:
            opened = answering.read(tx, who.house.vault, who.house.clock, found.id, _bearer(who))
        except Mistake as barred:
            return Read(said=(), withheld=str(barred)), _whole(tx, who, concern)
        return Read(said=said_in(opened)), _whole(tx, who, concern)

    opened, whole = who.run(deed)
    return _page(request, who, whole, read=opened)


@router.post("/{concern}/raiser")
def reveal(
    request: Request, who: Annotated[Inside, Depends(sending(Deed.SEE_CONCERNS))], concern: UUID, filled: Sent
) -> Response:
    """Who raised it: with their consent, a reason and a case. They see each of these."""
    house = who.house

    def deed(tx: Transaction) -> Identity | Dark:
        found = concerns.seen(tx, ConcernId(concern), house.clock, who.actor)
        reason = filled.read("reason", lambda text: a_reason(words(text)))
        case = filled.read("case", lambda text: a_case(words(text)))
        return answering.reveal(tx, house.vault, house.clock, found.id, _bearer(who), reason=reason, case=case)

    try:
        identity = who.run(deed)
    except MENDABLE as error:
        whole = who.run(lambda tx: _whole(tx, who, concern))
        return _page(request, who, whole, filled=filled.but(error))
    if isinstance(identity, Dark):
        return html(page(request, "dark", who, says=CAUSES[identity.reason]), status=410)
    name = None if identity.name is None else identity.name.reveal("show who raised a concern")
    return html(page(request, "concern-raiser", who, concern=concern, identity=identity, name=name))


@router.post("/{concern}/own")
def own(request: Request, who: Owning, concern: UUID, filled: Sent) -> Response:
    """Theirs to answer. What is somebody else's is not taken over at one press."""
    house = who.house

    def deed(tx: Transaction, id: ConcernId) -> object:
        if concerns.seen(tx, id, house.clock, who.actor).owner not in (None, who.actor) and not filled.one("sure"):
            raise Unread("sure", "It is somebody else's to answer. Say that they know of it, or cannot be asked.")
        return answering.own(tx, house.vault, house.clock, id, _bearer(who))

    try:
        return _done(who, concern, deed)
    except Unread as error:
        return _page(request, who, who.run(lambda tx: _whole(tx, who, concern)), filled=filled.but(error))


@router.post("/{concern}/answer")
def answer(request: Request, who: Owning, concern: UUID, filled: Sent) -> Response:
    """What its owner found, with words for the raiser."""
    return _found(request, who, concern, filled, answering.answer)


@router.post("/{concern}/decide")
def decide(request: Request, who: Deciding, concern: UUID, filled: Sent) -> Response:
    """What a second person, in another role, finds after the appeal."""
    return _found(request, who, concern, filled, answering.decide)


def _page(request: Request, who: Inside, whole: Whole, *, read: Read | None = None, filled: Filled = EMPTY) -> Response:
    given: dict[str, object] = {"whole": whole, "read": read, "outcomes": list(Outcome), "filled": filled}
    if read is not None or filled.says:
        given["steps"] = _STEPS.of(whole.steps, {})
        # Each look at the words is written down: to order what happened is no such look.
        here = f"/console/concerns/{whole.listed.concern.id}"
        return html(page(request, "concern", who, listed_at=here, **given), status=422 if filled.says else 200)
    return answered(request, "concern", who, **given, steps=_STEPS.of(whole.steps, request.query_params))


def _found(request: Request, who: Inside, concern: UUID, filled: Filled, find: Callable[..., Concern]) -> Response:
    house = who.house

    def deed(tx: Transaction, id: ConcernId) -> Concern:
        outcome, said = filled.read("outcome", one_of(Outcome)), Personal(filled.read("words", words))
        return find(tx, house.vault, house.clock, id, _bearer(who), outcome=outcome, words=said)

    try:
        return _done(who, concern, deed)
    except MENDABLE as error:
        return _page(request, who, who.run(lambda tx: _whole(tx, who, concern)), filled=filled.but(error))


def _done(who: Inside, concern: UUID, deed: Callable[[Transaction, ConcernId], object]) -> Response:
    who.run(lambda tx: deed(tx, concerns.seen(tx, ConcernId(concern), who.house.clock, who.actor).id))
    return onwards(f"/console/concerns/{concern}")


def _bearer(who: Inside) -> Bearer:
    return Bearer(actor=who.actor, secret=Personal(who.secret))


def _whole(tx: Transaction, who: Inside, concern: UUID) -> Whole:
    found = concerns.seen(tx, ConcernId(concern), who.house.clock, who.actor)
    stage, is_owner = found.state.stage, found.owner == who.actor
    return Whole(
        listed=_listed(tx, found, day_of(who.house.clock.now()), says(tx, who.house.clock, who.house.rules)),
        steps=[(each, day_of(each.at)) for each in concerns.traces(tx, found.id)],
        may_own=who.may(Deed.OWN_CONCERN) and stage in (Stage.RAISED, Stage.OWNED) and not is_owner,
        may_answer=stage is Stage.OWNED and is_owner,
        may_decide=who.may(Deed.DECIDE_APPEAL) and stage is Stage.APPEALED,
    )


def _listed(tx: Transaction, concern: Concern, today: date, said: Mapping[str, str]) -> Listed:
    """`said`: what each rule says, by its id."""
    return Listed(
        concern=concern,
        about=_about(tx, concern.target, said),
        due_on=rules.due_on(concern),
        is_late=rules.is_overdue(concern, today),
    )


def _about(tx: Transaction, target: Target, said: Mapping[str, str]) -> About:
    kind = rules.kind_of(target)
    match target:
        case AboutPurpose(purpose):
            return _of_purpose(kind, purposes.get(tx, purpose))
        case AboutNotice(notice):
            words = purposes.notice(tx, notice)
            return _of_purpose(kind, purposes.get(tx, words.purpose), f", {in_tongue(words.language, words.version)}")
        case AboutRule(rule):
            return About(kind=kind, what=said.get(rule, rule), place=f"/console/rules/{rule}")
        case AboutCall(call):
            return About(kind=kind, what="", place=None if call is None else f"/console/calls/{call}")


def _of_purpose(kind: TargetKind, purpose: Purpose, besides: str = "") -> About:
    return About(kind=kind, what=purpose.title + besides, place=f"/console/purposes/{purpose.key}")


def said_in(opened: Words) -> list[tuple[str, str | None]]:
    """What was said in turn, each under its name; None where its key is destroyed."""
    every = (("concern", opened.words), ("answer", opened.answer), ("appeal", opened.appeal), ("decision", opened.decision))
    return [(name, shown(each)) for name, each in every if each is not None]

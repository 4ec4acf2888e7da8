"""Concerns, with a token: raising one, following one's own, and the organisation's side. Without a token: `raisers`.

No answer here tells who raised a concern, save `reveal`, and that only with the raiser's consent. Whoever is in oversight sees a
concern from the day after it was raised on, the DPO at once.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from rightcall.api.concern_shapes import (
    ConcernList,
    ConcernShape,
    ConsentForm,
    IdentityShape,
    NameForm,
    OneShape,
    OwnShape,
    RaisedShape,
    SayForm,
    TargetForm,
    one,
    own_shape,
    raised_shape,
    shape,
    target_of,
    withheld,
)
from rightcall.api.door import Door, door_for, shown_secret
from rightcall.api.forms import Case, Form, Items, Limit, Reason
from rightcall.api.named import keys_of, purpose_of
from rightcall.api.problems import Refusal
from rightcall.clock import day_of
from rightcall.concerns import actions as concerns
from rightcall.concerns import answering, raiser, rules
from rightcall.concerns.keeping import days_of
from rightcall.concerns.model import Anonymous, Bearer, Concern, Customer, Outcome, Raiser, Staff, TargetKind
from rightcall.concerns.states import Stage
from rightcall.database.connection import Transaction
from rightcall.errors import Mistake, NotAllowed
from rightcall.ids import ConcernId, SubjectId
from rightcall.personal import Personal
from rightcall.staff.actions import require
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark

router = APIRouter(prefix="/concerns", tags=["concerns"])
Secret = Annotated[Personal[str], Depends(shown_secret)]
RaisersDoor = Annotated[Door, Depends(door_for(Deed.RAISE_CONCERN))]


class RaiseForm(Form):
    """`anonymous`: nothing about you is kept, and the case code alone leads back. Else your token is sealed with your own
    secret, and `name` with it. `subject`: a customer for whom you enter it; then who it was is sealed under that person's key."""

    about: TargetForm
    words: SayForm
    anonymous: bool = False
    name: NameForm | None = None
    subject: UUID | None = None


class FindingForm(Form):
    """`words` are for the raiser."""

    outcome: Outcome
    words: SayForm


class AppealForm(Form):
    words: SayForm


class RevealForm(Form):
    """Both are shown to the raiser."""

    reason: Reason = Field(description="Why you have to know, in at least two words.")
    case: Case = Field(description="A reference that has a digit in it.")


@router.post("", status_code=201)
def raise_concern(door: RaisersDoor, secret: Secret, form: RaiseForm) -> RaisedShape:
    """Say that something is wrong with a purpose, a rule, a notice or a call. `code` is shown this once: keep it."""

    def deed(tx: Transaction) -> RaisedShape:
        house = door.house
        raised = concerns.raise_concern(
            tx,
            house.vault,
            house.clock,
            target=target_of(tx, house, form.about),
            words=Personal(form.words),
            by=_raiser(door, secret, form),
            days=days_of(house.settings),
        )
        return raised_shape(raised, keys_of(tx), house)

    return door.run(deed)


@router.get("")
def list_concerns(
    door: Annotated[Door, Depends(door_for(Deed.SEE_CONCERNS))],
    stage: Annotated[Stage | None, Query(description="Only those in this stage.")] = None,
    target: Annotated[TargetKind | None, Query(description="Only those about such a thing.")] = None,
    purpose: Annotated[str | None, Query(description="Only those about this purpose, by id or key.")] = None,
    overdue: Annotated[bool, Query(description="Only those that are late.")] = False,
    after: Annotated[UUID | None, Query(description="`next` of the page before.")] = None,
    limit: Limit = 50,
) -> ConcernList:
    """Newest day first. Never who raised them, and never their words. The DPO sees those raised today too."""

    def deed(tx: Transaction) -> ConcernList:
        today = day_of(door.house.clock.now())
        found = concerns.listed(
            tx,
            before=rules.seen_before(door.actor, today),
            stage=stage,
            target=target,
            purpose=None if purpose is None else purpose_of(tx, purpose),
            overdue_on=today if overdue else None,
            after=None if after is None else ConcernId(after),
            limit=limit + 1,
        )
        keys, page = keys_of(tx), found[:limit]
        return ConcernList(
            items=[shape(each, keys, door.house) for each in page],
            next=page[-1].id if len(found) > limit else None,
            overdue=concerns.overdue(tx, door.house.clock),
        )

    return door.run(deed)


@router.get("/mine")
def own_concerns(door: RaisersDoor, secret: Secret) -> Items[ConcernShape]:
    """Those that this very token raised by name. What it raised anonymously only the case code finds."""

    def deed(tx: Transaction) -> Items[ConcernShape]:
        keys = keys_of(tx)
        return Items(items=[shape(each, keys, door.house) for each in raiser.mine(tx, _bearer(door, secret))])

    return door.run(deed)


@router.get("/{concern}")
def get_concern(door: Annotated[Door, Depends(door_for(Deed.SEE_CONCERNS))], secret: Secret, concern: UUID) -> OneShape:
    """One concern and its steps. Its words for the owner and the DPO, after an appeal for whoever may decide it; that they were
    read is a step. `withheld` says why they are not shown."""

    def deed(tx: Transaction) -> OneShape:
        house, found = door.house, _seen(tx, door, concern)
        try:
            words = answering.read(tx, house.vault, house.clock, found.id, _bearer(door, secret))
        except Mistake as barred:
            return withheld(tx, found, keys_of(tx), house, str(barred))
        return one(tx, found, keys_of(tx), house, words)

    return door.run(deed)


@router.get("/{concern}/mine")
def own_concern(door: RaisersDoor, secret: Secret, concern: UUID) -> OwnShape:
    """One's own, with what was answered, and who was shown who raised it. For the token that raised it by name."""

    def deed(tx: Transaction) -> OwnShape:
        return own_shape(tx, door.house, ConcernId(concern), _bearer(door, secret))

    return door.run(deed)


@router.post("/{concern}/own")
def own(door: Annotated[Door, Depends(door_for(Deed.OWN_CONCERN))], secret: Secret, concern: UUID) -> ConcernShape:
    """Take it, to answer it. 409 where you raised it or did what it is about. Another may take it over until it is answered."""

    def deed(tx: Transaction) -> ConcernShape:
        found = answering.own(tx, door.house.vault, door.house.clock, _seen(tx, door, concern).id, _bearer(door, secret))
        return shape(found, keys_of(tx), door.house)

    return door.run(deed)


@router.post("/{concern}/answer")
def answer(
    door: Annotated[Door, Depends(door_for(Deed.OWN_CONCERN))], secret: Secret, concern: UUID, form: FindingForm
) -> ConcernShape:
    """What was found, with words for the raiser. For its owner."""

    def deed(tx: Transaction) -> ConcernShape:
        house = door.house
        by, words = _bearer(door, secret), Personal(form.words)
        found = answering.answer(tx, house.vault, house.clock, _seen(tx, door, concern).id, by, outcome=form.outcome, words=words)
        return shape(found, keys_of(tx), house)

    return door.run(deed)


@router.post("/{concern}/decide")
def decide(
    door: Annotated[Door, Depends(door_for(Deed.DECIDE_APPEAL))], secret: Secret, concern: UUID, form: FindingForm
) -> ConcernShape:
    """What a second person finds after an appeal: nobody who had it before, in another role than who answered. That ends it."""

    def deed(tx: Transaction) -> ConcernShape:
        house = door.house
        by, words = _bearer(door, secret), Personal(form.words)
        found = answering.decide(tx, house.vault, house.clock, _seen(tx, door, concern).id, by, outcome=form.outcome, words=words)
        return shape(found, keys_of(tx), house)

    return door.run(deed)


@router.post("/{concern}/reveal")
def reveal(
    door: Annotated[Door, Depends(door_for(Deed.SEE_CONCERNS))], secret: Secret, concern: UUID, form: RevealForm
) -> IdentityShape:
    """Who raised it: with the raiser's consent, a reason and a case, for whoever may read it. The raiser sees each of these."""

    def deed(tx: Transaction) -> IdentityShape | Dark:
        house = door.house
        by, of = _bearer(door, secret), _seen(tx, door, concern).id
        found = answering.reveal(tx, house.vault, house.clock, of, by, reason=form.reason, case=form.case)
        return found if isinstance(found, Dark) else IdentityShape.of(found)

    result = door.run(deed)
    if isinstance(result, Dark):
        says = "The key that this raiser was sealed with is destroyed. Nobody can say any more who it was."
        raise Refusal("dark", "The raiser is erased", 410, says, reason=result.reason.value)
    return result


@router.post("/{concern}/accept")
def accept(door: RaisersDoor, secret: Secret, concern: UUID) -> OwnShape:
    """You are content with the answer. For the token that raised it by name."""

    def deed(tx: Transaction) -> OwnShape:
        by = _bearer(door, secret)
        raiser.accept(tx, door.house.vault, door.house.clock, ConcernId(concern), by)
        return own_shape(tx, door.house, ConcernId(concern), by)

    return door.run(deed)


@router.post("/{concern}/appeal")
def appeal(door: RaisersDoor, secret: Secret, concern: UUID, form: AppealForm) -> OwnShape:
    """A second person is to decide, once. For the token that raised it by name."""

    def deed(tx: Transaction) -> OwnShape:
        house, by, why = door.house, _bearer(door, secret), Personal(form.words)
        raiser.appeal(tx, house.vault, house.clock, ConcernId(concern), by, why=why, days=days_of(house.settings))
        return own_shape(tx, house, ConcernId(concern), by)

    return door.run(deed)


@router.post("/{concern}/consent")
def consent(door: RaisersDoor, secret: Secret, concern: UUID, form: ConsentForm) -> OwnShape:
    """May it be shown who you are? Withdrawn with `false`, at any time. For the token that raised it by name."""

    def deed(tx: Transaction) -> OwnShape:
        by, change = _bearer(door, secret), raiser.consent if form.shown else raiser.withdraw
        change(tx, door.house.vault, door.house.clock, ConcernId(concern), by)
        return own_shape(tx, door.house, ConcernId(concern), by)

    return door.run(deed)


@router.post("/{concern}/forget")
def forget(door: RaisersDoor, secret: Secret, concern: UUID) -> OwnShape:
    """Your words, and that they are yours, are to go before their term: on the day after it is closed, not today. For the token
    that raised it by name. Again is fine."""

    def deed(tx: Transaction) -> OwnShape:
        by = _bearer(door, secret)
        raiser.forget(tx, door.house.clock, ConcernId(concern), by)
        return own_shape(tx, door.house, ConcernId(concern), by)

    return door.run(deed)


def _bearer(door: Door, secret: Personal[str]) -> Bearer:
    return Bearer(actor=door.actor, secret=secret)


def _raiser(door: Door, secret: Personal[str], form: RaiseForm) -> Raiser:
    if form.anonymous:
        if form.name is not None or form.subject is not None:
            raise NotAllowed("An anonymous concern names nobody. Leave out `name` and `subject`, or `anonymous`.")
        return Anonymous()
    name = None if form.name is None else Personal(form.name)
    if form.subject is not None:
        require(door.actor, Deed.MAKE_REQUEST)
        return Customer(subject=SubjectId(form.subject), name=name)
    return Staff(bearer=_bearer(door, secret), name=name)


def _seen(tx: Transaction, door: Door, concern: UUID) -> Concern:
    return concerns.seen(tx, ConcernId(concern), door.house.clock, door.actor)

"""Breaches of personal data (GDPR Art. 33 and 34): what leaked between two instants, who is affected, how severe it is, the
clock of 72 hours, drafts for the authority and the people. What a leak would mean can be asked at any time: no breach is entered
then, and no clock runs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import PlainTextResponse
from pydantic import AwareDatetime, Field

from rightcall.activities import actions as activities
from rightcall.api.breach_shapes import (
    AffectedShape,
    AssessmentShape,
    BreachShape,
    RehearsalShape,
    assessment_of,
    rehearsed,
    shape,
    shown,
)
from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Items, Limit, Line
from rightcall.api.verdicts import refusal
from rightcall.breaches import actions
from rightcall.breaches.drafts import to_authority
from rightcall.breaches.letters import LetterLanguage, to_person
from rightcall.breaches.model import Breach, Circumstances, LateReason, Nature, NewBreach, Reach, Window, Word
from rightcall.breaches.rehearsing import actions as rehearsing
from rightcall.breaches.weighing import actions as weighing
from rightcall.breaches.weighing.assessing import Tell
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.discovery.systems import actions as systems
from rightcall.errors import NotFound
from rightcall.ids import BreachId, RehearsalId, SubjectId, VerdictId
from rightcall.policy.model import Verdict
from rightcall.staff.model import Deed

router = APIRouter(prefix="/breaches", tags=["breaches"])


class CircumstancesForm(Form):
    """`reach`: who may have it now. `malicious`: somebody meant to; true where nobody knows. `unintelligible`: what leaked is
    sealed under keys that did not leak."""

    nature: list[Nature] = Field(min_length=1, max_length=3)
    reach: Reach = Reach.UNKNOWN
    malicious: bool = True
    unintelligible: bool = False


class LeakForm(Form):
    """`system`: id or name of a registered system; null for Rightcall itself. What lay in it from `began_at` to before
    `until`."""

    system: Line | None = None
    began_at: AwareDatetime
    until: AwareDatetime
    circumstances: CircumstancesForm


class BreachForm(LeakForm):
    """`known_at`: when somebody at the controller became aware of it. The 72 hours count from then."""

    known_at: AwareDatetime


class ToldForm(Form):
    """`told_at`: when they were told; null for now."""

    told_at: AwareDatetime | None = None


class AuthorityToldForm(ToldForm):
    """`late_because`: why, where that was more than 72 hours after it was known (Art. 33(1))."""

    late_because: LateReason | None = None


Seeing = Annotated[Door, Depends(door_for(Deed.SEE_BREACHES))]
Entering = Annotated[Door, Depends(door_for(Deed.ENTER_BREACH))]
Reading = Annotated[Door, Depends(door_for(Deed.SEE_AFFECTED))]
Answering = Annotated[Door, Depends(door_for(Deed.ANSWER_BREACH))]


@router.post("/rehearsals", status_code=202)
def rehearse(door: Seeing, form: LeakForm) -> RehearsalShape:
    """What a leak of this would mean: for a drill, and before anything happened. It is being weighed from now on: look again in a
    moment. No breach is entered, and no clock runs."""

    def deed(tx: Transaction) -> RehearsalShape:
        window, around = _window(tx, form), _circumstances(form.circumstances)
        return rehearsed(tx, rehearsing.ask(tx, door.house.clock, window, around, by=door.actor))

    return door.run(deed)


@router.get("/rehearsals/{rehearsal}")
def get_rehearsal(door: Seeing, rehearsal: UUID) -> RehearsalShape:
    """One, as it was weighed. 404 once its week is over."""
    return door.run(lambda tx: rehearsed(tx, rehearsing.get(tx, RehearsalId(rehearsal))))


def weigh_here(door: Door, form: LeakForm, tell: Tell) -> AssessmentShape:
    """The same, by whoever waits for it in a process of their own."""

    def deed(tx: Transaction) -> AssessmentShape:
        house, window, around = door.house, _window(tx, form), _circumstances(form.circumstances)
        return assessment_of(tx, actions.rehearse(tx, house.vault, house.clock, window, around, tell))

    return door.run(deed)


@router.get("")
def list_breaches(door: Seeing) -> Items[BreachShape]:
    """All there ever were, newest first."""
    return door.run(lambda tx: Items(items=[shape(each) for each in actions.breaches(tx)]))


@router.post("", status_code=201)
def enter(door: Entering, form: BreachForm) -> BreachShape:
    """A breach is known, and the clock runs. Who is affected and how severe it is, is being weighed from now on: look again in a
    moment."""

    def deed(tx: Transaction) -> BreachShape:
        new = NewBreach(window=_window(tx, form), circumstances=_circumstances(form.circumstances), known_at=form.known_at)
        return shown(tx, actions.enter(tx, door.house.clock, new, by=door.actor))

    return door.run(deed)


@router.get("/{breach}")
def get_breach(door: Seeing, breach: UUID) -> BreachShape:
    """One, as it was last weighed."""
    return door.run(lambda tx: shown(tx, actions.get(tx, BreachId(breach))))


@router.post("/{breach}/weigh", status_code=202)
def weigh(door: Entering, breach: UUID) -> BreachShape:
    """It is being weighed anew, by the data map as it is now: look again in a moment."""
    return door.run(lambda tx: shown(tx, actions.ask_weighing(tx, door.house.clock, BreachId(breach), by=door.actor)))


@router.post("/{breach}/circumstances")
def correct(door: Entering, breach: UUID, form: CircumstancesForm) -> BreachShape:
    """More is known of what happened. Severity follows from what was counted last, and it is being weighed anew; what was known
    before stays in the ledger."""
    known = _circumstances(form)
    return door.run(lambda tx: shown(tx, actions.correct(tx, door.house.clock, BreachId(breach), known, by=door.actor)))


@router.get("/{breach}/people")
def affected(
    door: Reading,
    breach: UUID,
    after: Annotated[UUID | None, Query(description="`next` of the list before.")] = None,
    limit: Limit = 100,
) -> Items[AffectedShape]:
    """Who is affected, as it was last weighed, each with the sorts of data that lay open of them. 409 before it was weighed for
    the first time: they are not counted yet."""

    def deed(tx: Transaction) -> Items[AffectedShape]:
        of = actions.get(tx, BreachId(breach))
        weighing.weighed(tx, of)
        found = weighing.affected(tx, of, Walk(id=after, oldest_first=True), limit)
        shapes = [AffectedShape(id=subject, categories=list(categories)) for subject, categories in found.items()]
        return Items(items=shapes, next=shapes[-1].id if len(shapes) == limit else None)

    return door.run(deed)


@router.get("/{breach}/drafts/authority", response_class=PlainTextResponse)
def draft_for_authority(door: Reading, breach: UUID) -> PlainTextResponse:
    """A draft of what the authority is told (Art. 33(3)), as it was last weighed. What only people can say stands in brackets."""

    def deed(tx: Transaction) -> str:
        found, now = actions.get(tx, BreachId(breach)), door.house.clock.now()
        assessed, standing = weighing.weighed(tx, found)
        return to_authority(
            found,
            assessed,
            controllers.get(tx),
            activities.responsibles(tx),
            _name_of(tx, found),
            now=now,
            has_changed=standing.has_changed,
        )

    return PlainTextResponse(door.run(deed))


@router.get("/{breach}/drafts/people/{subject}", response_class=PlainTextResponse)
def draft_for_person(
    door: Reading,
    breach: UUID,
    subject: UUID,
    language: Annotated[LetterLanguage, Query(description="In which language.")] = LetterLanguage.ENGLISH,
) -> PlainTextResponse:
    """A draft of what one affected person is told (Art. 34(2)), in plain words, about what lay open of them. 404 for others."""

    def deed(tx: Transaction) -> str:
        found = actions.get(tx, BreachId(breach))
        categories = weighing.of_person(tx, found, SubjectId(subject))
        if not categories:
            raise NotFound("Nothing of this person lay open in this breach. List its people to see who is affected.")
        return to_person(found, categories, controllers.get(tx), activities.responsibles(tx), language)

    return PlainTextResponse(door.run(deed))


@router.post("/{breach}/authority-told")
def authority_told(door: Answering, breach: UUID, form: AuthorityToldForm | None = None) -> BreachShape:
    """You have told the authority. Rightcall sends nothing itself. Again with a moment puts right what was said."""
    said = form or AuthorityToldForm()
    word = Word(people=False, at=said.told_at, late_because=said.late_because)
    return door.run(lambda tx: shape(actions.told(tx, door.house.clock, BreachId(breach), word, by=door.actor)))


@router.post("/{breach}/people-told")
def people_told(door: Answering, breach: UUID, form: ToldForm | None = None) -> BreachShape:
    """You have told the people who are affected. Rightcall sends nothing itself. Again with a moment puts right what was said."""
    word = Word(people=True, at=None if form is None else form.told_at)
    return door.run(lambda tx: shape(actions.told(tx, door.house.clock, BreachId(breach), word, by=door.actor)))


@router.post("/{breach}/close")
def close(door: Answering, breach: UUID) -> BreachShape:
    """It is dealt with, by what it came to when it was last weighed. 403 with the verdict where it is not: where the authority or
    the people were not told, say. 409 while it is being weighed, and where more is known since."""

    def deed(tx: Transaction) -> tuple[Breach, UUID, Verdict]:
        house = door.house
        return actions.close(tx, house.clock, house.rules, BreachId(breach), by=door.actor)

    closed, id, verdict = door.run(deed)
    if not verdict.proceeds:
        raise refusal(verdict, VerdictId(id))
    return shape(closed)


def _window(tx: Transaction, form: LeakForm) -> Window:
    system = None if form.system is None else systems.get(tx, form.system).id
    return Window(system=system, began_at=form.began_at, until=form.until)


def _circumstances(form: CircumstancesForm) -> Circumstances:
    return Circumstances(
        nature=frozenset(form.nature),
        reach=form.reach,
        malicious=form.malicious,
        unintelligible=form.unintelligible,
    )


def _name_of(tx: Transaction, breach: Breach) -> str:
    system = breach.window.system
    return "Rightcall itself" if system is None else f"the system {systems.get(tx, system).name}"

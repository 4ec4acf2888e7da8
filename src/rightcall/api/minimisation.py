"""Minimisation: what each purpose really reads, what nobody reads, what could be kept less, and what people answer to that."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import Field

from rightcall.actors import Role
from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Shape
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.database.connection import Transaction
from rightcall.design.drawings import html, picture
from rightcall.discovery.systems.naming import system_names
from rightcall.errors import NotFound
from rightcall.ethics.minimisation import actions
from rightcall.ethics.minimisation.drawing import plot
from rightcall.ethics.minimisation.model import Figures, Kind, Proposal, Rejection, State, TermFinding, UnusedAccess
from rightcall.ethics.minimisation.page import page
from rightcall.ethics.minimisation.saying import proposal_says, term_says
from rightcall.holdings.uses.model import Ground
from rightcall.ids import ProposalId
from rightcall.staff.model import Deed

router = APIRouter(prefix="/minimisation", tags=["minimisation"])
Purpose = Annotated[str | None, Query(description="Only this purpose: an id or a key.", max_length=200)]
OnePurpose = Annotated[str, Query(description="The purpose: an id or a key.", max_length=200)]
Seeing = Annotated[Door, Depends(door_for(Deed.SEE_MINIMISATION))]


class PointShape(Shape):
    """Of `watched` holdings that were watched to the end of the term, `late` were read when they were older than `days`; at most
    the share `high` would be (95 %, over all terms tried). `within`: the share of all uses that come until then."""

    days: int
    watched: int
    late: int
    high: float
    within: float


class AgeShape(Shape):
    """`uses` while the data was so many days old; `cases` of them named a case."""

    age_days: int
    uses: int
    cases: int


class TermShape(Shape):
    """`enough_days`: the shortest term that is enough; null where none is proposed. `least_days`: what a law demands. `needed`:
    so many holdings have to be watched to the end. `latest_case`: the oldest that data was when it was read for a case."""

    days: int
    least_days: int
    finding: TermFinding
    says: str
    enough_days: int | None
    watched: int
    needed: int
    latest_case: int | None
    points: list[PointShape]
    ages: list[AgeShape]


class FieldShape(Shape):
    field: str
    uses: int
    last_at: datetime


class KeptShape(Shape):
    """What is kept of one category in one field of one system (null: Rightcall). `old_enough`: of the holdings, so many were
    there and watched all the time; `read`: so many were read in it. `told`: the system says what is read of it."""

    category: str
    system: UUID | None
    field: str | None
    holdings: int
    old_enough: int
    read: int
    told: bool


class FiguresShape(Shape):
    """What the last look found of one purpose. `unplaced`: uses that name nothing on the map. `never`: roles that may use it and
    never did in this time."""

    purpose: UUID
    purpose_key: str
    since: datetime
    until: datetime
    unread_days: int
    uses: dict[Ground, int]
    refused: int
    unplaced: int
    fields: list[FieldShape]
    kept: list[KeptShape]
    never: list[Role]
    term: TermShape


class ProposalShape(Shape):
    """`term_days` or `category` says what would be less; `says` is it in words. `figures`: SHA-256 of what it was made on.
    `review`: the review that was written when it was accepted, to be signed."""

    id: UUID
    purpose: UUID
    purpose_key: str
    kind: Kind
    state: State
    says: str
    term_days: int | None
    category: str | None
    was_days: int
    holdings: int
    uses: int
    late: int
    high: float
    figures: str
    proposed_at: datetime
    answered_by: ActorShape | None
    answered_at: datetime | None
    rejection: Rejection | None
    reason: str | None
    review: UUID | None
    statement: UUID


class AccessShape(Shape):
    """Tokens of a role that may read, older than the time that is asked about, and how many of them read nothing in it."""

    role: Role
    tokens: int
    never_used: int


class MinimisationShape(Items[FiguresShape]):
    looked_at: datetime | None
    proposals: list[ProposalShape]
    access: list[AccessShape]


class AnswerForm(Form):
    """`accept`: the next version of the purpose's review is written, to be signed by people in two roles. `reject` takes a `why`
    and a `reason`, which is kept and is about the purpose, never about a person."""

    answer: Literal["accept", "reject"]
    why: Rejection = Rejection.OTHER
    reason: str = Field(default="", max_length=2000)


class LookShape(Shape):
    """The worker looks as soon as it can; `statement` says in the ledger who wanted it."""

    statement: UUID


@router.get("")
def get_minimisation(door: Seeing, purpose: Purpose = None) -> MinimisationShape:
    """What the last look found, purpose by purpose; all proposals; access that nobody used. Reading changes nothing."""

    def deed(tx: Transaction) -> MinimisationShape:
        unread = door.house.settings.minimisation_unread_days
        return document(
            _figures(tx, purpose),
            actions.proposals(tx),
            actions.unused_access(tx, door.house.clock, unread_days=unread),
            keys_of(tx),
            actions.last_looked_at(tx),
        )

    return door.run(deed)


@router.get("/plot", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
def get_plot(door: Seeing, purpose: OnePurpose) -> Response:
    """The picture of one purpose's term (SVG): uses by age, and what would be read after each shorter term."""

    def deed(tx: Transaction) -> str:
        found = _figures(tx, purpose)
        if not found:
            raise NotFound("No look has been made at this purpose yet. POST /api/v1/minimisation/looks asks for one.")
        return plot(found[0], keys_of(tx)[found[0].purpose])

    return picture(door.run(deed))


@router.get("/page", response_class=HTMLResponse)
def get_page(door: Seeing, purpose: Purpose = None) -> HTMLResponse:
    """The pictures with their tables, as one page."""
    return html(door.run(lambda tx: page(_figures(tx, purpose), actions.proposals(tx), keys_of(tx), system_names(tx))))


@router.get("/proposals/{proposal}")
def get_proposal(door: Seeing, proposal: UUID) -> ProposalShape:
    """One proposal, and what became of it."""
    return door.run(lambda tx: _proposal(actions.get(tx, ProposalId(proposal)), keys_of(tx)))


@router.get("/proposals/{proposal}/figures")
def get_proposal_figures(door: Seeing, proposal: UUID) -> FiguresShape:
    """The figures that it was made on, as they were: whoever signs the review signs their digest."""
    return door.run(lambda tx: _shape(actions.figures_of_proposal(tx, ProposalId(proposal)), keys_of(tx)))


@router.post("/looks", status_code=202)
def ask_look(door: Annotated[Door, Depends(door_for(Deed.LOOK_AT_USES))]) -> LookShape:
    """Look now, not at the next turn."""
    return door.run(lambda tx: LookShape(statement=actions.ask_look(tx, door.house.clock, by=door.actor)))


@router.post("/proposals/{proposal}/answer", status_code=201)
def answer(door: Annotated[Door, Depends(door_for(Deed.ANSWER_PROPOSAL))], proposal: UUID, form: AnswerForm) -> ProposalShape:
    """Accept, which writes a review to be signed (`review`), or reject with a reason. 409 where it is no longer open, and where
    the purpose was never reviewed."""

    def deed(tx: Transaction) -> ProposalShape:
        id, house = ProposalId(proposal), door.house
        if form.answer == "accept":
            found, _ = actions.accept(tx, house.clock, house.rules, id, by=door.actor)
        else:
            found = actions.reject(tx, house.clock, id, form.why, form.reason, by=door.actor)
        return _proposal(found, keys_of(tx))

    return door.run(deed)


def document(
    found: list[Figures], proposals: list[Proposal], access: list[UnusedAccess], keys: Keys, looked_at: datetime | None
) -> MinimisationShape:
    """The whole answer; the command prints the same."""
    return MinimisationShape(
        items=[_shape(figures, keys) for figures in found],
        looked_at=looked_at,
        proposals=[_proposal(each, keys) for each in proposals],
        access=[AccessShape.model_validate(each) for each in access],
    )


def _figures(tx: Transaction, purpose: str | None) -> list[Figures]:
    only = None if purpose is None else purpose_of(tx, purpose)
    return [each for each in actions.figures(tx) if only is None or each.purpose == only]


def _shape(figures: Figures, keys: Keys) -> FiguresShape:
    term = figures.term
    return FiguresShape(
        purpose=figures.purpose,
        purpose_key=keys[figures.purpose],
        since=figures.since,
        until=figures.until,
        unread_days=figures.unread_days,
        uses=dict(figures.uses),
        refused=figures.refused,
        unplaced=figures.unplaced,
        fields=[FieldShape.model_validate(each) for each in figures.fields],
        kept=[KeptShape.model_validate(each) for each in figures.kept],
        never=list(figures.never),
        term=TermShape(
            days=term.days,
            least_days=term.least_days,
            finding=term.finding,
            says=term_says(term),
            enough_days=term.enough_days,
            watched=term.watched,
            needed=term.needed,
            latest_case=term.latest_case,
            points=[PointShape.model_validate(each) for each in term.points],
            ages=[AgeShape.model_validate(each) for each in term.ages],
        ),
    )


def _proposal(found: Proposal, keys: Keys) -> ProposalShape:
    what = found.what
    return ProposalShape(
        id=found.id,
        purpose=what.purpose,
        purpose_key=keys[what.purpose],
        kind=what.kind,
        state=found.state,
        says=proposal_says(what),
        term_days=what.term_days,
        category=what.category,
        was_days=what.was_days,
        holdings=what.holdings,
        uses=what.uses,
        late=what.late,
        high=what.high,
        figures=found.figures.hex(),
        proposed_at=found.proposed_at,
        answered_by=ActorShape.of(found.answered_by),
        answered_at=found.answered_at,
        rejection=found.rejection,
        reason=found.reason,
        review=found.review,
        statement=found.statement,
    )

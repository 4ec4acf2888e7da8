"""Why anything is collected: each purpose with its words, whether it is reviewed, what people answered, and what would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rightcall.concerns import actions as concerns
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality.model import Tally
from rightcall.consent.quality.rules import KINDS
from rightcall.console import columns, naming
from rightcall.console.answers import yes_by_day
from rightcall.console.door import Inside, inside, sending
from rightcall.console.sheets import page, tongue_of
from rightcall.console.tables import file_asked
from rightcall.console.tables import shown as answered
from rightcall.console.translating import Spoken, spoken
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.drawings import picture
from rightcall.design.tables import Column, Shown, Table
from rightcall.discovery.systems.naming import system_names
from rightcall.errors import Malformed, NotFound
from rightcall.ethics.minimisation import actions as minimisation
from rightcall.ethics.minimisation.drawing import plot
from rightcall.ethics.minimisation.model import Figures, Proposal, Rejection, State
from rightcall.ethics.minimisation.saying import STATES, category, proposal_says, term_says, unread_says
from rightcall.ids import ProposalId, PurposeId, ReviewId, SystemId
from rightcall.purposes import actions as purposes
from rightcall.purposes.faults import Fault
from rightcall.purposes.fitting import faults_of
from rightcall.purposes.model import Notice, Purpose
from rightcall.questions import actions as questions
from rightcall.questions.model import DAYS, Said
from rightcall.recordings import actions as recordings
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import History, InForce, Review, Stage, Standing, WhyNot
from rightcall.reviews.rules import stage_of
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/purposes")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_PURPOSES))]
Counting = Annotated[Inside, Depends(inside(Deed.SEE_MINIMISATION))]
Answering = Annotated[Inside, Depends(sending(Deed.ANSWER_PROPOSAL))]
Changing = Annotated[Inside, Depends(sending(Deed.CHANGE_PURPOSES))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """`until`: the last day that its review is in force; None where none is, and then `why_not` says why. `concerns`: those about
    it that are not closed. `proposals`: to keep less, waiting for an answer. None of these two for who may not see them."""

    purpose: Purpose
    until: date | None
    why_not: Sequence[WhyNot]
    concerns: int | None
    proposals: int | None


def _now(each: Listed) -> str:
    return "ended" if each.purpose.ended_at else "runs" if each.until else "rests"


def _less(each: Listed) -> str:
    return "proposed" if each.proposals else "no"


_LISTED: Table[Listed] = Table(
    file="purposes",
    columns=(
        Column("purpose", "Purpose", lambda each: each.purpose.key),
        Column("basis", "Rests on", lambda each: each.purpose.lawful_basis, is_picked=True),
        Column("term", "Kept for", lambda each: each.purpose.term_days),
        Column("now", "Now", _now, is_picked=True),
        Column("concerns", "Open concerns", lambda each: each.concerns, is_shown=False),
        Column("proposals", "Proposals to keep less", lambda each: each.proposals, is_shown=False),
        Column("less", "To keep less", _less, is_picked=True, is_shown=False, options=("proposed", "no")),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What only those see who look after figures."""

    said: Said
    tallies: Sequence[Tally]
    figures: Figures | None
    unread: Sequence[str]
    places: Mapping[SystemId, str]
    proposals: Sequence[Proposal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A proposal that was to be rejected, with what was written, and why that was not taken."""

    proposal: ProposalId
    why: Rejection
    reason: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Was:
    """What a purpose was from then on, until the next; `review`: the one by which it keeps less, None for the first."""

    since: datetime
    term_days: int
    categories: Sequence[str]
    review: ReviewId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    listed: Listed
    categories: Sequence[str]
    notices: Sequence[tuple[Notice, Sequence[Fault]]]
    reviews: Sequence[tuple[History, Stage]]
    counted: Counted | None
    stages: Sequence[Was]
    spoken: Sequence[Spoken]


@router.get("")
def list_purposes(request: Request, who: Looking) -> Response:
    """Those that run or rest; the ones that have ended come last."""

    def deed(tx: Transaction) -> list[Listed]:
        found = sorted(purposes.all_purposes(tx), key=lambda each: each.ended_at is not None)
        standings = reviews_standing.standings(tx, who.house.clock, who.house.rules, found)
        return [_listed(tx, who, each, standings[each.id]) for each in found]

    listed = _LISTED.of(who.run(deed), request.query_params)
    return answered(request, "purposes", who, listed=listed, may_change=who.may(Deed.CHANGE_PURPOSES))


@router.get("/{key}")
def show(request: Request, who: Looking, key: str) -> Response:
    return _page(request, who, key)


def _page(request: Request, who: Inside, key: str, *, unanswered: Unanswered | None = None, unsure: str = "") -> Response:
    """`unanswered`, `unsure`: a form of this page that was not taken, and why."""
    whole, tongue = who.run(lambda tx: _whole(tx, who, key)), tongue_of(request)
    counted = whole.counted
    yeses = None if counted is None else yes_by_day(counted.said, tongue, whole.listed.purpose.title)
    words = {"term_says": term_says, "proposal_says": proposal_says, "states": STATES, "kinds": KINDS, "category": category}
    shown, asked = _tables(whole, request.query_params), file_asked(request, *_tables(whole, request.query_params).values())
    if asked is not None:
        return asked
    may = {
        "may_answer": who.may(Deed.ANSWER_PROPOSAL),
        "may_publish": who.may(Deed.PUBLISH_NOTICE),
        "may_lengthen": who.may(Deed.ASK_LONGER),
        "may_shorten": who.may(Deed.SHORTEN),
        "may_review": who.may(Deed.DRAFT_REVIEW),
        "may_change": who.may(Deed.CHANGE_PURPOSES),
    }
    more = {"days": DAYS, "yeses": yeses, "rejections": list(Rejection), "unanswered": unanswered, "unsure": unsure}
    text = page(request, "purpose", who, whole=whole, **words, **shown, **may, **more)
    return html(text, status=422 if unanswered or unsure else 200)


_STAGES: Table[Was] = Table(
    name="stages",
    file="what-it-was",
    columns=(
        Column("since", "Since", lambda each: each.since, is_period=True),
        Column("term", "Kept for", lambda each: each.term_days),
        Column("what", "What is collected", lambda each: ", ".join(each.categories)),
        Column("by", "By", lambda each: "a review" if each.review else "as it was made", is_picked=True),
    ),
)


def _tables(whole: Whole, address: Mapping[str, str]) -> dict[str, Shown[Any]]:
    counted = whole.counted
    shown: dict[str, Shown[Any]] = {
        "reviewed": naming.reviews().of(whole.reviews, address),
        "stages": _STAGES.of(whole.stages, address),
    }
    if counted is None:
        return shown
    figures = counted.figures
    return shown | {
        "tallies": naming.tallies().of(counted.tallies, address),
        "points": columns.TERMS.of(() if figures is None else figures.term.points, address),
        "fields": columns.FIELDS.of(() if figures is None else figures.fields, address),
        "kept": naming.kept(counted.places).of(() if figures is None else figures.kept, address),
    }


@router.get("/{key}/plot")
def show_plot(who: Counting, key: str) -> Response:
    """The picture of its term: uses by age, and what would be read after each shorter one."""

    def deed(tx: Transaction) -> str:
        purpose = purposes.by_key(tx, key)
        found = _figures(tx, purpose.id)
        if found is None:
            raise NotFound("No look has been made at this purpose yet.")
        return plot(found, purpose.key)

    return picture(who.run(deed))


@router.post("/proposals/{proposal}/accept")
def accept(who: Answering, proposal: UUID) -> Response:
    """A review of the purpose as it would be is written, and waits for signatures."""

    def deed(tx: Transaction) -> str:
        _, made = minimisation.accept(tx, who.house.clock, who.house.rules, ProposalId(proposal), by=who.actor)
        return f"/console/reviews/{made.id}"

    return onwards(who.run(deed))


@router.post("/proposals/{proposal}/reject")
def reject(
    request: Request,
    who: Answering,
    proposal: UUID,
    why: Annotated[Rejection, Form()],
    reason: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    id = ProposalId(proposal)

    def key(tx: Transaction) -> str:
        return purposes.get(tx, minimisation.get(tx, id).what.purpose).key

    def deed(tx: Transaction) -> str:
        minimisation.reject(tx, who.house.clock, id, why, reason, by=who.actor)
        return f"/console/purposes/{key(tx)}"

    try:
        return onwards(who.run(deed))
    except Malformed as error:
        written = Unanswered(proposal=id, why=why, reason=reason, says=str(error))
        return _page(request, who, who.run(key), unanswered=written)


@router.post("/{key}/end")
def end(request: Request, who: Changing, key: str, sure: Annotated[str, Form(max_length=10)] = "") -> Response:
    """Nobody is asked, and nothing is captured for it any more; what is held stays until its day."""
    who.check_fresh()
    if not sure:
        return _page(request, who, key, unsure="Nothing was ended. Tick this where you are sure.")

    def deed(tx: Transaction) -> None:
        purposes.end_purpose(tx, who.house.clock, purposes.by_key(tx, key).id, by=who.actor)
        recordings.look_again(tx, [tx.of])

    who.run(deed)
    return onwards(f"/console/purposes/{key}")


def _whole(tx: Transaction, who: Inside, key: str) -> Whole:
    purpose = purposes.by_key(tx, key)
    standing = reviews_standing.in_force(tx, who.house.clock, who.house.rules, purpose.id)
    name = controllers.get(tx).name
    words = purposes.current_notices(tx, purpose.id)
    return Whole(
        listed=_listed(tx, who, purpose, standing),
        categories=[category(each) for each in purpose.data_categories],
        notices=[(each, faults_of(each, name, purpose.title, purpose.lawful_basis)) for each in words],
        reviews=[(each, stage_of(each, standing)) for each in reviews.of_purpose(tx, purpose.id)],
        counted=_counted(tx, who, purpose.id) if who.may(Deed.SEE_MINIMISATION) and who.may(Deed.SEE_QUALITY) else None,
        stages=_stages(tx, purpose),
        spoken=spoken(tx, who, purpose),
    )


def _stages(tx: Transaction, purpose: Purpose) -> list[Was]:
    """From what it is now back to what it was at first: each review that was opened with a change says what came before."""
    found, now = list[Was](), purpose
    for each in reviews.of_purpose(tx, purpose.id):
        review, opening = each.review, each.opening
        if opening is not None and opening.active and (review.change or review.longer):
            found.append(_was(now, opening.at, review.id))
            now = _before(tx, now, review)
    return [*found, _was(now, purpose.created_at, None)]


def _before(tx: Transaction, now: Purpose, review: Review) -> Purpose:
    """The purpose as it was until this review was opened."""
    if review.longer is not None:
        return replace(now, term_days=review.longer.lengthening.was_days)
    if review.change is None:
        return now
    change = review.change
    term = minimisation.get(tx, change.proposal).what.was_days if change.narrowing.term_days else now.term_days
    return replace(now, term_days=term, data_categories=(*now.data_categories, *sorted(change.narrowing.dropped)))


def _was(purpose: Purpose, since: datetime, review: ReviewId | None) -> Was:
    names = [category(each) for each in purpose.data_categories]
    return Was(since=since, term_days=purpose.term_days, categories=names, review=review)


def _listed(tx: Transaction, who: Inside, purpose: Purpose, standing: Standing) -> Listed:
    until = standing.until if isinstance(standing, InForce) else None
    return Listed(
        purpose=purpose,
        until=until,
        why_not=() if purpose.ended_at else reviews_standing.why_not(tx, standing),
        concerns=concerns.open_about(tx, who.house.clock, purpose.id) if who.may(Deed.SEE_CONCERNS) else None,
        proposals=len(_open_proposals(tx, purpose.id)) if who.may(Deed.SEE_MINIMISATION) else None,
    )


def _open_proposals(tx: Transaction, purpose: PurposeId) -> list[Proposal]:
    return [each for each in minimisation.proposals(tx) if each.what.purpose == purpose and each.state is State.OPEN]


def _counted(tx: Transaction, who: Inside, purpose: PurposeId) -> Counted:
    clock = who.house.clock
    figures, names = _figures(tx, purpose), system_names(tx)
    return Counted(
        said=questions.said_to(tx, clock, purpose),
        tallies=[each for each in quality.tallies(tx, questions.since_when(clock.now())) if each.purpose == purpose],
        figures=figures,
        unread=() if figures is None else unread_says(figures, names),
        places=names,
        proposals=[each for each in minimisation.proposals(tx) if each.what.purpose == purpose],
    )


def _figures(tx: Transaction, purpose: PurposeId) -> Figures | None:
    return next((each for each in minimisation.figures(tx) if each.purpose == purpose), None)

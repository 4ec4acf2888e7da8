"""A review of a purpose: what was answered to the six questions, who could be hurt, what less would do, and who signs it.

It is written by form, and is a draft until people in two roles have signed it. A draft is never changed: better words are the
next version, which begins with those of the one before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.clock import day_of
from rightcall.console import columns
from rightcall.console.acts import DOING
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MOST_ROWS, Filled, Sent, Wrongs
from rightcall.console.places import CALLED
from rightcall.console.review_changed import DECLARED, LAST_DAY, before, changed
from rightcall.console.review_written import LISTS, as_written, read
from rightcall.console.sheets import page
from rightcall.console.tables import shown as answered
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design import drawings
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Column, Table
from rightcall.errors import Malformed, NotFound
from rightcall.ethics.minimisation import actions as minimisation
from rightcall.ethics.minimisation.drawing import plot
from rightcall.ethics.minimisation.saying import category, proposal_says
from rightcall.ids import ReviewId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings import actions as recordings
from rightcall.reviews import actions as reviews
from rightcall.reviews import page as documents
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.checking import QUESTIONS
from rightcall.reviews.exporting import Kind, document_for
from rightcall.reviews.model import (
    Criterion,
    Enough,
    History,
    InForce,
    Likelihood,
    NewReview,
    Severity,
    Stage,
    Standing,
    Volume,
    WhyNot,
)
from rightcall.reviews.rules import MAY_SPEAK, USES, balancing_needed, checked_word, dpia_needed, stage_of, still_needed
from rightcall.reviews.template import ASKED
from rightcall.staff.model import Deed
from rightcall.staff.rules import USING_ROLES

router = APIRouter(prefix="/console/reviews")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_REVIEWS))]
Beginning = Annotated[Inside, Depends(inside(Deed.DRAFT_REVIEW))]
Drafting = Annotated[Inside, Depends(sending(Deed.DRAFT_REVIEW))]
Signing = Annotated[Inside, Depends(sending(Deed.SIGN_REVIEW))]
Counting = Annotated[Inside, Depends(inside(Deed.SEE_MINIMISATION))]
_NAMES = {
    **{f"answers.{name}": question for name, question in QUESTIONS.items()},
    **{f"{part}.{name}": question for part, asked in ASKED.items() for name, question in asked.items()},
    **{f"declared.{name}": question for name, question in DECLARED.items()},
    "expires_on": LAST_DAY,
}
_AFTER_LISTS = {"declared": 3, "balancing": 4, "impact": 5, "expires_on": 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A draft that could be signed now. `yours`: by whoever looks, and it would count; `wrote`: it is theirs."""

    history: History
    purpose: Purpose
    yours: bool
    wrote: bool


def _stands(row: tuple[Purpose, Standing, Sequence[WhyNot]]) -> str:
    return "not in force" if row[2] else "in force"


_WAITING: Table[Waiting] = Table(
    name="waiting",
    file="reviews-that-wait",
    columns=(
        Column("review", "Review", lambda each: f"{each.purpose.title} {each.history.review.version}"),
        Column("written", "Written", lambda each: each.history.review.drafted_at, is_period=True),
        Column("signed", "Signed by", lambda each: ", ".join(sign.by.role.value for sign in each.history.signatures)),
        Column("you", "You", lambda each: "may sign" if each.yours else "wrote it" if each.wrote else None, is_picked=True),
    ),
)
_STANDING: Table[tuple[Purpose, Standing, Sequence[WhyNot]]] = Table(
    file="reviews",
    columns=(
        Column("purpose", "Purpose", lambda row: row[0].title),
        Column("now", "Now", _stands, is_picked=True),
        Column("do", "What to do"),
    ),
)


@router.get("")
def list_reviews(request: Request, who: Looking) -> Response:
    """What waits for a signature, and how each purpose stands."""

    def deed(tx: Transaction) -> tuple[list[Waiting], list[tuple[Purpose, Standing, Sequence[WhyNot]]]]:
        active = purposes.active(tx)
        standings = reviews_standing.standings(tx, who.house.clock, who.house.rules, active)
        return waiting(tx, who), [(each, standings[each.id], reviews_standing.why_not(tx, standings[each.id])) for each in active]

    drafts, listed = who.run(deed)
    tables = {"waiting": _WAITING.of(drafts, request.query_params), "listed": _STANDING.of(listed, request.query_params)}
    return answered(request, "reviews", who, **tables, may_draft=who.may(Deed.DRAFT_REVIEW))


@router.get("/new")
def begin(request: Request, who: Beginning, purpose: Annotated[str, Query(max_length=200)]) -> HTMLResponse:
    """Every question of the review, with the answers of the version before where there is one."""

    def deed(tx: Transaction) -> tuple[Filled, int | None]:
        before = reviews.of_purpose(tx, _active(tx, purpose).id)[:1]
        return (as_written(before[0].review.content), before[0].review.version) if before else (Filled({}), None)

    given, begun = who.run(deed)
    return _form(request, who, purpose, given, begun=begun)


@router.post("")
def draft(request: Request, who: Drafting, given: Sent) -> Response:
    """The next version, to be signed by others; or the form again, where something has to be mended or one more row is asked for.
    Sent twice it is one."""
    more = given.one("more")
    if more in LISTS:
        return _form(request, who, given.one("purpose"), given.one_more(more, dict.fromkeys(LISTS[more], "")))
    wrongs, house = Wrongs(), who.house
    found = read(given, wrongs, day_of(house.clock.now()))
    if found is None:
        return _form(request, who, given.one("purpose"), given, wrongs)
    content, last = found

    def deed(tx: Transaction) -> ReviewId:
        new = NewReview(purpose=_active(tx, given.one("purpose")).id, content=content, expires_on=last)
        made, _ = reviews.draft_again(tx, house.clock, house.rules, new, by=who.actor)
        return made.id

    return onwards(f"/console/reviews/{who.run(deed)}")


@router.get("/{review}")
def show(request: Request, who: Looking, review: UUID) -> Response:
    return answered(request, "review", who, **_shown(request, who, review), filled=EMPTY)


def _shown(request: Request, who: Inside, review: UUID) -> dict[str, object]:
    def deed(tx: Transaction) -> dict[str, object]:
        clock, rules = who.house.clock, who.house.rules
        history = reviews.history(tx, ReviewId(review))
        found = history.review
        purpose = purposes.get(tx, found.purpose)
        standing = reviews_standing.in_force(tx, clock, rules, purpose.id)
        stage = stage_of(history, standing)
        in_force = standing.review if isinstance(standing, InForce) else None
        earlier = before(found, reviews.of_purpose(tx, purpose.id), in_force)
        return {
            "earlier": earlier,
            "is_in_force": earlier is not None and earlier.id == in_force,
            "changed": [] if earlier is None else changed(earlier, found),
            "history": history,
            "harms": columns.HARMS.of(found.content.harms, request.query_params),
            "alternatives": columns.ALTERNATIVES.of(found.content.alternatives, request.query_params),
            "signatures": columns.SIGNATURES.of(history.signatures, request.query_params),
            "purpose": purpose,
            "stage": stage,
            "why_not": reviews_standing.why_not(tx, standing) if standing.review == found.id else (),
            "foretold": reviews.foretold(tx, clock, rules, found) if stage is Stage.DRAFT else (),
            "runs": None if in_force is None else reviews.history(tx, in_force).review,
            "needed": still_needed(history.signatures),
            "dpia": dpia_needed(found.content.declared, purpose.data_categories),
            "lia": balancing_needed(purpose),
            "proposal": None if found.change is None else minimisation.get(tx, found.change.proposal),
        }

    may = {"may_draft": who.may(Deed.DRAFT_REVIEW), "may_count": who.may(Deed.SEE_MINIMISATION)}
    capacity = MAY_SPEAK.get(who.actor.role)
    sayings = {"questions": QUESTIONS, "asked": ASKED, "proposal_says": proposal_says, "worded": documents.worded, "acts": DOING}
    return who.run(deed) | sayings | may | {"capacity": capacity, "me": who.actor}


@router.get("/{review}/plot")
def show_plot(who: Counting, review: UUID) -> Response:
    """The picture of the figures that its change was proposed on, as they were: whoever signs it signs their digest."""

    def deed(tx: Transaction) -> str:
        found = reviews.history(tx, ReviewId(review)).review
        if found.change is None:
            raise NotFound("This review changes nothing of its purpose, so there are no figures to it.")
        return plot(minimisation.figures_of_proposal(tx, found.change.proposal), purposes.get(tx, found.purpose).key)

    return drawings.picture(who.run(deed))


@router.get("/{review}/{kind}")
def read_document(who: Looking, review: UUID, kind: Kind) -> HTMLResponse:
    """The impact assessment, or the balancing test, as it is printed."""
    house = who.house
    return drawings.html(documents.page(who.run(lambda tx: document_for(tx, house.clock, house.rules, ReviewId(review), kind))))


@router.post("/{review}/sign")
def sign(who: Signing, review: UUID) -> Response:
    """For whom one's role speaks. The last signature that is needed asks whether the purpose may run."""

    who.check_fresh()

    def deed(tx: Transaction) -> None:
        capacity = MAY_SPEAK[who.actor.role]
        reviews.sign(tx, who.house.clock, who.house.rules, ReviewId(review), capacity, by=who.actor)
        recordings.look_again(tx, [tx.of])

    who.run(deed)
    return onwards(f"/console/reviews/{review}")


@router.post("/{review}/send-back")
def send_back(request: Request, who: Signing, review: UUID, filled: Sent) -> Response:
    """With a word to its author, from somebody who could sign it and does not."""
    try:
        who.run(
            lambda tx: reviews.send_back(tx, who.house.clock, ReviewId(review), filled.read("words", checked_word), by=who.actor)
        )
    except Malformed as error:
        shown = _shown(request, who, review)
        return html(page(request, "review", who, **shown, filled=filled.but(error)), status=422)
    return onwards(f"/console/reviews/{review}")


@router.post("/{review}/withdraw")
def withdraw(who: Signing, review: UUID) -> Response:
    def deed(tx: Transaction) -> None:
        reviews.withdraw(tx, who.house.clock, ReviewId(review), by=who.actor)
        recordings.look_again(tx, [tx.of])

    who.run(deed)
    return onwards(f"/console/reviews/{review}")


def waiting(tx: Transaction, who: Inside) -> list[Waiting]:
    """Drafts that could be signed now, the oldest first."""
    return [
        Waiting(
            history=each,
            purpose=purposes.get(tx, each.review.purpose),
            yours=_counts(who, each),
            wrote=each.review.author.id == who.actor.id,
        )
        for each in reviews.waiting(tx, who.house.clock, who.house.rules)
    ]


def _counts(who: Inside, history: History) -> bool:
    """Whether their signature would be one more, of another role."""
    signed = {each.by.role for each in history.signatures}
    return who.actor.role in MAY_SPEAK and who.actor.role not in signed and history.review.author.id != who.actor.id


def _active(tx: Transaction, key: str) -> Purpose:
    found = next((each for each in purposes.active(tx) if each.key == key), None)
    if found is None:
        raise NotFound("There is no such purpose, or it has ended. The list of purposes shows those that are.")
    return found


def _form(
    request: Request,
    who: Inside,
    key: str,
    given: Filled,
    wrongs: Wrongs | None = None,
    *,
    begun: int | None = None,
) -> HTMLResponse:
    def deed(tx: Transaction) -> dict[str, object]:
        purpose, own = _active(tx, key), controllers.get(tx).language
        notices = purposes.current_notices(tx, purpose.id)
        return {
            "purpose": purpose,
            "categories": [category(each) for each in purpose.data_categories],
            "told": sorted(notices, key=lambda each: (each.language != own, each.language)),
            "lia": balancing_needed(purpose),
        }

    found = wrongs or Wrongs()
    shown = {"given": given, "wrongs": found, "names": _named(found), "begun": begun, "questions": QUESTIONS, "tests": ASKED}
    return html(
        page(request, "review-written", who, **who.run(deed), **shown, **_CHOICES, most_rows=MOST_ROWS),
        status=422 if found else 200,
    )


def _named(wrongs: Wrongs) -> dict[str, str]:
    """What each field that is amiss asks, as it stands beside it."""
    return {field: _NAMES.get(field) or _row(field) for field in sorted(wrongs, key=_place)}


def _place(field: str) -> tuple[int, int, int]:
    """Where it stands in the form."""
    part, *rest = field.split(".")
    if part in LISTS:
        return list(LISTS).index(part) + 1, int(rest[0]), LISTS[part].index(rest[1])
    return _AFTER_LISTS.get(part, 0), 0, list(_NAMES).index(field)


def _row(field: str) -> str:
    part, nth, _ = field.split(".")
    return f"{'Harm' if part == 'harms' else 'Alternative'} {int(nth) + 1}"


def _pairs(words: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(each.value, documents.worded(each.value)) for each in words]


_CHOICES: Mapping[str, object] = {
    "choices": {
        "likelihood": _pairs(Likelihood),
        "severity": _pairs(Severity),
        "enough": _pairs(Enough),
        "calls": _pairs(Volume),
        "criteria": _pairs(Criterion),
        "acts": [(each.value, DOING[each]) for each in sorted(USES)],
        "roles": [(each.value, CALLED[each]) for each in sorted(USING_ROLES)],
    },
    "yes_no": [("no", "no"), ("yes", "yes")],
}

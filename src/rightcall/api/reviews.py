"""Reviews of purposes: written, signed by people in two roles, in force or not. Without one in force a purpose does not run."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from rightcall.actors import Role
from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Shape, Words
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.api.purposes import WhyNotShape
from rightcall.canonical import canonical_json
from rightcall.database.connection import Transaction
from rightcall.design.drawings import html
from rightcall.ids import PurposeId, ReviewId
from rightcall.policy.model import Act
from rightcall.recordings import actions as recordings
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.checking import faults_of_wording
from rightcall.reviews.documents import bound_of, change_of, content_of, document_of, longer_of
from rightcall.reviews.exporting import Kind, document_for
from rightcall.reviews.model import (
    Capacity,
    Content,
    Criterion,
    End,
    Enough,
    History,
    Likelihood,
    NewReview,
    Novelty,
    Severity,
    Stage,
    Standing,
    Volume,
)
from rightcall.reviews.page import page
from rightcall.reviews.rules import stage_of, still_needed
from rightcall.staff.model import Deed

router = APIRouter(tags=["reviews"])


class Format(StrEnum):
    HTML = "html"
    JSON = "json"


_EXPORTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}, "application/json": {"schema": {"type": "object"}}}}
}


class AnswersForm(Form):
    """The six questions, asked of this purpose, and `said_aloud`: the sentence that an agent would say to the customer's face."""

    what_for: Words
    clear_yes: Words
    what_we_hold: Words
    kept_safe: Words
    need_all: Words
    right_thing: Words
    said_aloud: Words


class HarmForm(Form):
    who: Words
    how: Words
    likelihood: Likelihood
    severity: Severity
    done: Words


class AlternativeForm(Form):
    """Something that needs less data, and why it is not enough, or only in part."""

    what: Words
    enough: Enough
    why: Words


class DeclaredForm(Form):
    """Facts for rules to weigh. `acts`, `roles`: what is done for this purpose, and by whom. `calls`: in thirty days."""

    service_depends_on_yes: bool
    steps_to_accept: int = Field(ge=1, le=20)
    steps_to_decline: int = Field(ge=1, le=20)
    unrecorded_line: Words | None = None
    other_proof: Words | None = None
    whole_call: bool
    acts: list[Act] = Field(min_length=1, max_length=20)
    roles: list[Role] = Field(max_length=10)
    calls: Volume
    criteria: list[Criterion] = Field(default_factory=list, max_length=20)


class BalancingForm(Form):
    """The test of legitimate interests: purpose, necessity, balance."""

    purpose: Words
    necessity: Words
    balance: Words


class ImpactForm(Form):
    """What GDPR Art. 35 asks beside: necessity and proportionality, measures, the DPO's advice, the people's views."""

    necessity: Words
    measures: Words
    advice: Words
    views: Words


class ContentForm(Form):
    answers: AnswersForm
    harms: list[HarmForm] = Field(min_length=1, max_length=50)
    alternatives: list[AlternativeForm] = Field(min_length=1, max_length=50)
    declared: DeclaredForm
    balancing: BalancingForm | None = None
    impact: ImpactForm | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _told_at_once(cls, given: object, form: ModelWrapValidatorHandler[Self]) -> Self:
        """What does not fit the form is told together with answers that are none. These alone `reviews` refuses."""
        try:
            return form(given)
        except ValidationError as error:
            raise ValidationError.from_exception_data(cls.__name__, [*_unfit(error), *_unsaid(error, given)]) from None


class ReviewForm(ContentForm):
    """`expires_on`: the last day it can be in force, a year away at most; half a year where it is left out."""

    expires_on: date | None = None


class SignForm(Form):
    """For whom you speak: an agent `for_agents`, the DPO and a reviewer `for_customers`, others `for_the_house`."""

    capacity: Capacity


class SignatureShape(Shape):
    by: ActorShape
    capacity: Capacity
    signed_at: datetime
    statement: UUID


class ObservedShape(Shape):
    """A use that was seen and that the review does not name."""

    kind: Novelty
    what: str


class BoundShape(Shape):
    """What it is about, each by its SHA-256: the register's entry, the newest notice in each language, the rules that count.
    `set_aside`: the overrides that stood, each of which sets one of these rules aside for it; left out where none did."""

    register_entry: str
    notices: list[str]
    rules: str
    set_aside: list[UUID] = Field(default_factory=list, exclude_if=lambda overrides: not overrides)


class ChangeShape(Shape):
    """What the purpose becomes when the review is opened: `term_days` (null: as it is), `dropped` categories. `figures`: SHA-256
    of what the proposal was made on."""

    term_days: int | None
    dropped: list[str]
    proposal: UUID
    figures: str


class LongerChangeShape(Shape):
    """The purpose keeps for `term_days` and not for `was_days` once the review is opened, what it holds already too; `why`, and
    the `law` that demands it, or null. `verdict`: that it may."""

    term_days: int
    was_days: int
    why: str
    law: str | None
    verdict: UUID


class ReviewShape(Shape):
    """`digest`: SHA-256 of all that a signature stands under. `change`: what opening it makes of the purpose, or null; `longer`:
    the same, where it keeps for longer. `needed`: what is missing, or empty. `verdict`: whether the purpose may be used as the
    review says; `ended`: why it does not count any more."""

    id: UUID
    purpose: UUID
    purpose_key: str
    version: int
    stage: Stage
    why_not: list[WhyNotShape]
    content: ContentForm
    bound: BoundShape
    digest: str
    author: ActorShape
    drafted_at: datetime
    expires_on: date
    signatures: list[SignatureShape]
    needed: str
    opened_at: datetime | None
    verdict: UUID | None
    ended: End | None
    ended_at: datetime | None
    observed: list[ObservedShape]
    statement: UUID
    change: ChangeShape | None
    longer: LongerChangeShape | None


@router.get("/purposes/{purpose}/reviews")
def list_reviews(door: Annotated[Door, Depends(door_for(Deed.SEE_REVIEWS))], purpose: str) -> Items[ReviewShape]:
    """All versions, the newest first. None is ever changed or removed."""

    def deed(tx: Transaction) -> Items[ReviewShape]:
        of, keys = purpose_of(tx, purpose), keys_of(tx)
        found, standing = reviews.of_purpose(tx, of), _standing(tx, door, of)
        return Items(items=[_shape(tx, history, standing, keys) for history in found])

    return door.run(deed)


@router.post("/purposes/{purpose}/reviews", status_code=201)
def draft_review(door: Annotated[Door, Depends(door_for(Deed.DRAFT_REVIEW))], purpose: str, form: ReviewForm) -> ReviewShape:
    """The next version, to be signed by others. It is bound to the purpose, its notices and the rules as they are now."""

    def deed(tx: Transaction) -> ReviewShape:
        new = new_review(purpose_of(tx, purpose), form)
        made = reviews.draft(tx, door.house.clock, door.house.rules, new, by=door.actor)
        return _shown(tx, door, reviews.history(tx, made.id))

    return door.run(deed)


@router.get("/reviews/{review}")
def get_review(door: Annotated[Door, Depends(door_for(Deed.SEE_REVIEWS))], review: UUID) -> ReviewShape:
    """One review with all that happened to it."""
    return door.run(lambda tx: _shown(tx, door, reviews.history(tx, ReviewId(review))))


@router.post("/reviews/{review}/sign")
def sign_review(door: Annotated[Door, Depends(door_for(Deed.SIGN_REVIEW))], review: UUID, form: SignForm) -> ReviewShape:
    """One signature; the last that is needed asks for the verdict, and brings the review into force where it is yes. Recorders
    read it within a second, in calls that go on too."""

    def deed(tx: Transaction) -> ReviewShape:
        house = door.house
        signed = reviews.sign(tx, house.clock, house.rules, ReviewId(review), form.capacity, by=door.actor)
        recordings.look_again(tx, [tx.of])
        return _shown(tx, door, signed)

    return door.run(deed)


@router.post("/reviews/{review}/withdraw")
def withdraw_review(door: Annotated[Door, Depends(door_for(Deed.SIGN_REVIEW))], review: UUID) -> ReviewShape:
    """Taken back for good, by whoever wrote or signed it, or by the DPO. Nothing runs on it any more. Again is fine."""

    def deed(tx: Transaction) -> ReviewShape:
        withdrawn = reviews.withdraw(tx, door.house.clock, ReviewId(review), by=door.actor)
        recordings.look_again(tx, [tx.of])
        return _shown(tx, door, withdrawn)

    return door.run(deed)


@router.get("/reviews/{review}/{kind}", response_class=Response, responses=_EXPORTS)
def export_review(
    door: Annotated[Door, Depends(door_for(Deed.SEE_REVIEWS))],
    review: UUID,
    kind: Kind,
    format: Annotated[Format, Query(description="html prints on A4; json has the schema of reference/reviews.md.")] = Format.HTML,
) -> Response:
    """The impact assessment or the balancing test, with what the register and the verdicts say. What is not known is said."""
    house = door.house
    document = door.run(lambda tx: document_for(tx, house.clock, house.rules, ReviewId(review), kind))
    if format is Format.JSON:
        return Response(canonical_json(document), media_type="application/json")
    return html(page(document))


def _unfit(error: ValidationError) -> Iterator[InitErrorDetails]:
    for each in error.errors(include_url=False):
        kind = PydanticCustomError(each["type"], each["msg"], each.get("ctx"))
        yield InitErrorDetails(type=kind, loc=each["loc"], input=each["input"])


def _unsaid(error: ValidationError, given: object) -> Iterator[InitErrorDetails]:
    """Each answer once: of one that does not fit its form nothing more is said."""
    unfit = {each["loc"] for each in error.errors(include_url=False)}
    for place, says in faults_of_wording(given if isinstance(given, Mapping) else {}):
        if place not in unfit:
            yield InitErrorDetails(type=PydanticCustomError("wording", "this {says}", {"says": says}), loc=place, input=None)


def new_review(purpose: PurposeId, form: ReviewForm) -> NewReview:
    return NewReview(purpose=purpose, content=content_from(form), expires_on=form.expires_on)


def content_from(form: ContentForm) -> Content:
    """The form's names are the document's."""
    return content_of(form.model_dump(mode="json", include=set(ContentForm.model_fields)))


def _standing(tx: Transaction, door: Door, purpose: PurposeId) -> Standing:
    return reviews_standing.in_force(tx, door.house.clock, door.house.rules, purpose)


def _shown(tx: Transaction, door: Door, history: History) -> ReviewShape:
    return _shape(tx, history, _standing(tx, door, history.review.purpose), keys_of(tx))


def _shape(tx: Transaction, history: History, standing: Standing, keys: Keys) -> ReviewShape:
    review, opening, ending = history.review, history.opening, history.ending
    whys = reviews_standing.why_not(tx, standing) if standing.review == review.id else ()
    return ReviewShape(
        id=review.id,
        purpose=review.purpose,
        purpose_key=keys[review.purpose],
        version=review.version,
        stage=stage_of(history, standing),
        why_not=[WhyNotShape.model_validate(why) for why in whys],
        content=ContentForm.model_validate(document_of(review.content)),
        bound=BoundShape.model_validate(bound_of(review.bound)),
        digest=review.digest.hex(),
        author=ActorShape.of(review.author),
        drafted_at=review.drafted_at,
        expires_on=review.expires_on,
        signatures=[
            SignatureShape(by=ActorShape.of(each.by), capacity=each.capacity, signed_at=each.signed_at, statement=each.statement)
            for each in history.signatures
        ],
        needed=still_needed(history.signatures),
        opened_at=None if opening is None else opening.at,
        verdict=None if opening is None else opening.verdict,
        ended=None if ending is None else ending.why,
        ended_at=None if ending is None else ending.at,
        observed=[ObservedShape(kind=each.kind, what=each.what.value) for each in history.observed],
        statement=review.statement,
        change=None if review.change is None else ChangeShape.model_validate(change_of(review.change)["change"]),
        longer=None if review.longer is None else LongerChangeShape.model_validate(longer_of(review.longer)["longer"]),
    )

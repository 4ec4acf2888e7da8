"""Purposes in other languages: what customers read of them, beside the words that the company wrote."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Items, Language, Line, Shape, Words
from rightcall.api.named import purpose_of
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId, ReviewId
from rightcall.purposes import actions as purposes
from rightcall.purposes.translations import actions as translations
from rightcall.purposes.translations.model import HarmWords, NewTranslation, Translation
from rightcall.reviews.model import Review
from rightcall.reviews.translating import said_of, to_translate
from rightcall.staff.model import Deed

router = APIRouter(prefix="/purposes/{purpose}/translations", tags=["purposes"])


class HarmWordsForm(Form):
    """One harm of the review, said again."""

    who: Words
    how: Words
    done: Words


class TranslationForm(Form):
    """`said_aloud` and `harms`: what customers read of the purpose's review, each harm in the review's order; both left out
    where only the title and the reason are translated."""

    language: Language
    title: Line
    justification: Words
    said_aloud: Words | None = None
    harms: list[HarmWordsForm] = Field(default_factory=list, max_length=50)


class SentTranslation(TranslationForm):
    """`review`: the one whose sentences it says again; left out for the one in force, else the newest."""

    review: UUID | None = None


class HarmWordsShape(Shape):
    who: str
    how: str
    done: str


class ReviewWordsShape(Shape):
    """`of`: the SHA-256 of the sentences of the review that it says again: it is shown wherever a review says exactly these."""

    of: str
    said_aloud: str
    harms: list[HarmWordsShape]


class TranslationShape(Shape):
    """`retired_at`: since when whoever reads this language reads the company's own words again."""

    purpose: UUID
    language: str
    version: int
    title: str
    justification: str
    review: ReviewWordsShape | None
    digest: str
    created_at: datetime
    retired_at: datetime | None


@router.get("")
def list_translations(door: Annotated[Door, Depends(door_for(Deed.SEE_PURPOSES))], purpose: str) -> Items[TranslationShape]:
    """All versions in all languages, in each language the newest first."""

    def deed(tx: Transaction) -> Items[TranslationShape]:
        of = purposes.get(tx, purpose_of(tx, purpose)).id
        return Items(items=[_shape(each) for each in translations.of_purpose(tx, of)])

    return door.run(deed)


@router.post("", status_code=201)
def translate(
    door: Annotated[Door, Depends(door_for(Deed.PUBLISH_NOTICE))], purpose: str, form: SentTranslation
) -> TranslationShape:
    """The next version in this language, shown at once; the one there is where that says exactly this. Nothing lapses by it."""

    def deed(tx: Transaction) -> TranslationShape:
        of, house = purpose_of(tx, purpose), door.house
        wanted = None if form.review is None else ReviewId(form.review)
        new = new_translation(of, form, to_translate(tx, house.clock, house.rules, of, wanted))
        made, _ = translations.translate(tx, house.clock, new, by=door.actor)
        return _shape(made)

    return door.run(deed)


@router.post("/{language}/retire")
def retire(door: Annotated[Door, Depends(door_for(Deed.PUBLISH_NOTICE))], purpose: str, language: Language) -> TranslationShape:
    """Whoever reads this language reads the company's own words again, until another translation is published."""

    def deed(tx: Transaction) -> TranslationShape:
        return _shape(translations.retire(tx, door.house.clock, purpose_of(tx, purpose), language, by=door.actor))

    return door.run(deed)


def new_translation(purpose: PurposeId, form: TranslationForm, review: Review | None) -> NewTranslation:
    harms = [HarmWords(who=each.who, how=each.how, done=each.done) for each in form.harms]
    return NewTranslation(
        purpose=purpose,
        language=form.language,
        title=form.title,
        justification=form.justification,
        review=said_of(review, form.said_aloud, harms),
    )


def _shape(found: Translation) -> TranslationShape:
    review = found.review
    return TranslationShape(
        purpose=found.purpose,
        language=found.language,
        version=found.version,
        title=found.title,
        justification=found.justification,
        review=None
        if review is None
        else ReviewWordsShape(
            of=review.of.hex(),
            said_aloud=review.said_aloud,
            harms=[HarmWordsShape.model_validate(each) for each in review.harms],
        ),
        digest=found.digest.hex(),
        created_at=found.created_at,
        retired_at=found.retired_at,
    )

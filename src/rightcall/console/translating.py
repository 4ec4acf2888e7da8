"""A purpose said again in another language, by form: its title, why it is, and what customers read of its review, each beside the
words that the company wrote. It is shown at once, and nothing lapses by it (docs/adr/0058-said-again.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, Filled, Sent, Wrongs
from rightcall.console.sheets import page
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tongues import NAMES
from rightcall.errors import Malformed
from rightcall.ids import ReviewId
from rightcall.languages import canonical_language
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.purposes.translations import actions as translations
from rightcall.purposes.translations.model import HarmWords, NewTranslation, ReviewWords, Translation
from rightcall.purposes.translations.rules import is_own, missing
from rightcall.reviews.model import Review
from rightcall.reviews.translating import said_of, sentences_of, to_translate
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/purposes/{key}/translations")
Opening = Annotated[Inside, Depends(inside(Deed.PUBLISH_NOTICE))]
Publishing = Annotated[Inside, Depends(sending(Deed.PUBLISH_NOTICE))]
_HARM = ("who", "how", "done")
_EMPTY = "Translate this too."


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A language in which customers read. `translation`: None where they read the company's own words. `is_whole`: what they read
    of the review is translated too, as that is now."""

    language: str
    translation: Translation | None
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form is about. `before`: what is read in this language now."""

    purpose: Purpose
    language: str
    review: Review | None
    before: Translation | None


def spoken(tx: Transaction, who: Inside, purpose: Purpose) -> list[Spoken]:
    """Each language that pages speak, and whatever else it was translated into."""
    own, every = controllers.get(tx).language, translations.of_purpose(tx, purpose.id)
    review = to_translate(tx, who.house.clock, who.house.rules, purpose.id)
    found = [
        Spoken(
            language=each.language,
            translation=each,
            is_whole=review is None or _words_of(review, every, each.language) is not None,
        )
        for each in translations.current(tx, purpose.id)
    ]
    left = [Spoken(language=each, translation=None, is_whole=False) for each in missing(NAMES, every, own)]
    return sorted(found + left, key=lambda each: (_place(each.language), each.language))


def _place(language: str) -> int:
    """Those that pages speak come first, in their order."""
    return list(NAMES).index(language) if language in NAMES else len(NAMES)


@router.get("")
def begin(key: str, who: Opening, language: Annotated[str, Query(max_length=35)] = "") -> Response:
    """On to the form for a language that was named."""
    who.run(lambda tx: purposes.by_key(tx, key))
    return onwards(f"/console/purposes/{key}/translations/{canonical_language(language)}")


@router.get("/{language}")
def show(request: Request, who: Opening, key: str, language: str) -> HTMLResponse:
    def deed(tx: Transaction) -> tuple[Asked, Filled]:
        asked = _asked(tx, who, key, language)
        return asked, _as_written(tx, asked)

    asked, given = who.run(deed)
    return _form(request, who, asked, given)


@router.post("/{language}")
def translate(request: Request, who: Publishing, key: str, language: str, given: Sent) -> Response:
    wrongs = Wrongs()

    def deed(tx: Transaction) -> Asked:
        asked = _asked(tx, who, key, language, given.one("review"))
        for name in _needed(asked, given):
            if not given.one(name):
                wrongs[name] = _EMPTY
        if not wrongs:
            wrongs.reading("title", lambda: translations.translate(tx, who.house.clock, _new(asked, given), by=who.actor))
        return asked

    asked = who.run(deed)
    return _form(request, who, asked, given, wrongs) if wrongs else onwards(f"/console/purposes/{key}#languages")


@router.post("/{language}/retire")
def retire(who: Publishing, key: str, language: str) -> Response:
    """Whoever reads this language reads the company's own words again."""

    def deed(tx: Transaction) -> None:
        translations.retire(tx, who.house.clock, purposes.by_key(tx, key).id, language, by=who.actor)

    who.run(deed)
    return onwards(f"/console/purposes/{key}#languages")


def _asked(tx: Transaction, who: Inside, key: str, language: str, review: str = "") -> Asked:
    purpose, tag = purposes.by_key(tx, key), canonical_language(language)
    own = controllers.get(tx).language
    if is_own(tag, own):
        raise Malformed(f"The register is written in {own}, and its own words never change. Choose another language.")
    wanted = ReviewId(UUID(review)) if review else None
    return Asked(
        purpose=purpose,
        language=tag,
        review=to_translate(tx, who.house.clock, who.house.rules, purpose.id, wanted),
        before=next((each for each in translations.current(tx, purpose.id) if each.language == tag), None),
    )


def _words_of(review: Review | None, every: Sequence[Translation], language: str) -> ReviewWords | None:
    """What is read of exactly this review in this language."""
    if review is None:
        return None
    of = sentences_of(review.content)
    read = (each.review for each in every if each.language == language and each.retired_at is None)
    return next((each for each in read if each is not None and each.of == of), None)


def _as_written(tx: Transaction, asked: Asked) -> Filled:
    """As it would stand in the form, to be said better."""
    if asked.before is None:
        return EMPTY
    given = {"title": asked.before.title, "justification": asked.before.justification}
    words = _words_of(asked.review, translations.of_purpose(tx, asked.purpose.id), asked.language)
    if words is not None:
        given["said_aloud"] = words.said_aloud
        for nth, harm in enumerate(words.harms):
            given |= {f"harms.{nth}.who": harm.who, f"harms.{nth}.how": harm.how, f"harms.{nth}.done": harm.done}
    return Filled({name: [said] for name, said in given.items()})


def _fields(asked: Asked) -> list[str]:
    """Those of the review."""
    if asked.review is None:
        return []
    return ["said_aloud", *(f"harms.{nth}.{name}" for nth in range(len(asked.review.content.harms)) for name in _HARM)]


def _needed(asked: Asked, given: Filled) -> list[str]:
    """What is read of the review is translated as a whole or not at all."""
    fields = _fields(asked)
    return ["title", "justification", *(fields if any(given.one(each) for each in fields) else [])]


def _new(asked: Asked, given: Filled) -> NewTranslation:
    count = 0 if asked.review is None else len(asked.review.content.harms)
    harms = [HarmWords(**{name: given.one(f"harms.{nth}.{name}") for name in _HARM}) for nth in range(count)]
    said = given.one("said_aloud")
    return NewTranslation(
        purpose=asked.purpose.id,
        language=asked.language,
        title=given.one("title"),
        justification=given.one("justification"),
        review=said_of(asked.review, said, harms) if said else None,
    )


def _form(request: Request, who: Inside, asked: Asked, given: Filled, wrongs: Wrongs | None = None) -> HTMLResponse:
    found = wrongs or Wrongs()
    return html(page(request, "purpose-translated", who, asked=asked, given=given, wrongs=found), status=422 if found else 200)

"""What a translation must be before it is shown to anybody. No rule here reads a clock or a database."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rightcall.canonical import Json, canonical_json, sha256
from rightcall.errors import Malformed
from rightcall.ids import ControllerId
from rightcall.languages import canonical_language, fallbacks
from rightcall.purposes.model import Purpose
from rightcall.purposes.translations.model import HarmWords, NewTranslation, ReviewWords, Translation

LONGEST_TITLE = 200
LONGEST_WORDS = 5_000


def checked(new: NewTranslation, own_language: str) -> NewTranslation:
    """The same, in NFC and trimmed, its language in canonical form. Malformed where something is missing, and where it is of the
    language that the company writes in: those words are the register's own."""
    language = canonical_language(new.language)
    if is_own(language, own_language):
        raise Malformed(
            f"The register is written in {own_language}, and its own words never change. Translate them into another language."
        )
    return replace(
        new,
        language=language,
        title=_checked("title", new.title, LONGEST_TITLE),
        justification=_checked("justification", new.justification),
        review=None if new.review is None else _checked_review(new.review),
    )


def is_own(language: str, own_language: str) -> bool:
    """Whether it is what the company writes in, wherever that is spoken."""
    return fallbacks(language)[-1] == fallbacks(own_language)[-1]


def missing(languages: Iterable[str], known: Iterable[Translation], own_language: str) -> list[str]:
    """Those of the languages in which there is no translation, wherever they are spoken."""
    told = {fallbacks(each.language)[-1] for each in known if each.retired_at is None}
    return [each for each in languages if each not in told and not is_own(each, own_language)]


def sentences_digest(said_aloud: str, harms: Sequence[tuple[str, str, str]]) -> bytes:
    """Of what customers read of a review, by which a translation is known to be of exactly that."""
    return sha256(canonical_json({"said_aloud": said_aloud, "harms": [list(each) for each in harms]}))


def digest_of(controller: ControllerId, new: NewTranslation, version: int) -> bytes:
    return sha256(canonical_json(_document(controller, new, version)))


def said(purpose: Purpose, translation: Translation | None) -> Purpose:
    """The purpose as whoever reads the translation's language reads it."""
    if translation is None:
        return purpose
    return replace(purpose, title=translation.title, justification=translation.justification)


def same(new: NewTranslation, known: Translation) -> bool:
    """Whether it says nothing else."""
    return (new.title, new.justification, new.review) == (known.title, known.justification, known.review)


def _document(controller: ControllerId, new: NewTranslation, version: int) -> Json:
    review = new.review
    return {
        "controller": str(controller),
        "purpose": str(new.purpose),
        "language": new.language,
        "version": version,
        "title": new.title,
        "justification": new.justification,
        "review": None
        if review is None
        else {
            "of": review.of.hex(),
            "said_aloud": review.said_aloud,
            "harms": [{"who": each.who, "how": each.how, "done": each.done} for each in review.harms],
        },
    }


def _checked_review(review: ReviewWords) -> ReviewWords:
    said = _checked("said_aloud", review.said_aloud)
    return replace(review, said_aloud=said, harms=tuple(_checked_harms(review.harms)))


def _checked_harms(harms: Sequence[HarmWords]) -> Iterator[HarmWords]:
    for nth, each in enumerate(harms):
        place = f"harms.{nth}"
        yield HarmWords(
            who=_checked(f"{place}.who", each.who),
            how=_checked(f"{place}.how", each.how),
            done=_checked(f"{place}.done", each.done),
        )


def _checked(name: str, words: str, longest: int = LONGEST_WORDS) -> str:
    text = unicodedata.normalize("NFC", words).strip()
    if not text:
        raise Malformed(f"{name} is empty. Translate it too, or leave out the whole of which it is a part.")
    if len(text) > longest:
        raise Malformed(f"{name} is too long: at most {longest} characters.")
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in text):
        raise Malformed(f"{name} holds control characters. Give plain text.")
    return text

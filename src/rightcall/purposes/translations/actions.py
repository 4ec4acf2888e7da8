"""Translating purposes. Every change is a statement in the ledger.

A translation changes nothing of what is done, and nobody says yes to it: that is to the words of a notice. So it ends no review,
and whoever may publish notices publishes it (docs/adr/0058-said-again.md).
"""

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import PurposeId
from rightcall.languages import canonical_language, fallbacks
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.purposes import actions as purposes
from rightcall.purposes import store as purposes_store
from rightcall.purposes.model import Purpose
from rightcall.purposes.translations import rules, store
from rightcall.purposes.translations.model import InLanguage, NewTranslation, OwnWords, Translation
from rightcall.purposes.translations.statements import PurposeTranslated, TranslationRetired


def translate(tx: Transaction, clock: Clock, new: NewTranslation, *, by: Actor) -> tuple[Translation, bool]:
    """The next version in this language, and True; the newest where that says exactly this already. Of a purpose that has ended
    too: whoever has something held for it reads of it."""
    valid = rules.checked(new, controllers.get(tx).language)
    purposes_store.lock_purpose(tx, valid.purpose)
    purposes.get(tx, valid.purpose)
    before = store.latest(tx, valid.purpose, valid.language)
    if before is not None and before.retired_at is None and rules.same(valid, before):
        return before, False
    version = 1 if before is None else before.version + 1
    made = Translation(
        purpose=valid.purpose,
        language=valid.language,
        version=version,
        title=valid.title,
        justification=valid.justification,
        review=valid.review,
        digest=rules.digest_of(tx.of, valid, version),
        created_at=clock.now(),
    )
    store.insert(tx, made)
    said = PurposeTranslated(
        at=made.created_at,
        controller=tx.of,
        purpose=made.purpose,
        version=version,
        digest=Digest(made.digest),
        review=made.review is not None,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said)
    return made, True


def retire(tx: Transaction, clock: Clock, purpose: PurposeId, language: str, *, by: Actor) -> Translation:
    """Whoever reads this language reads the company's own words again, until another translation is published. Again is fine;
    NotFound where there is none."""
    purposes_store.lock_purpose(tx, purpose)
    newest = store.latest(tx, purpose, canonical_language(language))
    if newest is None:
        raise NotFound("This purpose was never translated into this language. List its translations to see those there are.")
    at = clock.now()
    if store.retire(tx, purpose, newest.language, at):
        digest = Digest(newest.digest)
        said = TranslationRetired(at=at, controller=tx.of, purpose=purpose, digest=digest, actor=by.id, role=by.role)
        ledger.append(tx, said)
    return store.latest(tx, purpose, newest.language) or newest


def of_purpose(tx: Transaction, purpose: PurposeId) -> list[Translation]:
    """All versions in all languages, in each language the newest first."""
    return store.of_purpose(tx, purpose)


def current(tx: Transaction, purpose: PurposeId) -> list[Translation]:
    """The newest in each language, where that is read."""
    newest: dict[str, Translation] = {}
    for each in store.of_purpose(tx, purpose):
        newest.setdefault(each.language, each)
    return [each for each in newest.values() if each.retired_at is None]


def in_language(tx: Transaction, language: str) -> InLanguage:
    """What is read in it. Nothing where it is the company's own: whoever reads that reads the register itself."""
    if rules.is_own(language, controllers.get(tx).language):
        return InLanguage()
    found = store.in_language(tx, fallbacks(language)[-1])
    newest: dict[PurposeId, Translation] = {}
    for each in found:
        newest.setdefault(each.purpose, each)
    reviews = {(each.purpose, each.review.of): each.review for each in found if each.review is not None}
    return InLanguage(purposes=newest, reviews=reviews)


def register_in(tx: Transaction, language: str) -> list[Purpose]:
    """All purposes, each with its title and its reason in this language, where it is translated."""
    found = in_language(tx, language).purposes
    return [rules.said(each, found.get(each.id)) for each in purposes.all_purposes(tx)]


def untranslated(tx: Transaction, language: str) -> OwnWords:
    """What of the register stands in another language than this one."""
    own = controllers.get(tx).language
    if rules.is_own(language, own):
        return OwnWords()
    found = in_language(tx, language).purposes
    left = [each for each in purposes.all_purposes(tx) if each.id not in found]
    return OwnWords(language=own, words=tuple(words for each in left for words in (each.title, each.justification)))

"""Keeping the purpose register and its notices. Every change is a statement in the ledger."""

from dataclasses import replace

from rightcall.actors import Actor
from rightcall.canonical import canonical_json, sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import NoticeId, PurposeId, ReviewId, VerdictId, new_id
from rightcall.languages import fallbacks
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.purposes import rules, store
from rightcall.purposes.faults import VoidNotice
from rightcall.purposes.fitting import Wording, fit, voids
from rightcall.purposes.model import LawfulBasis, Lengthening, Narrowing, NewNotice, NewPurpose, Notice, Purpose
from rightcall.purposes.statements import (
    NoticePublished,
    NoticeRetired,
    PurposeCreated,
    PurposeEnded,
    PurposeLengthened,
    PurposeNarrowed,
    PurposeShortened,
)


def create_purpose(tx: Transaction, clock: Clock, new: NewPurpose, *, by: Actor) -> Purpose:
    """Malformed where the register would be incomplete; Conflict where the key is taken."""
    valid = rules.checked_purpose(new)
    purpose = Purpose(
        id=PurposeId(new_id()),
        key=valid.key,
        title=valid.title,
        justification=valid.justification,
        lawful_basis=valid.lawful_basis,
        staff_basis=valid.staff_basis,
        data_categories=valid.data_categories,
        may_use=valid.may_use,
        term_days=valid.term_days,
        dpv_purpose=valid.dpv_purpose,
        on_withdrawal=valid.on_withdrawal,
        legal_duty=valid.legal_duty,
        created_at=clock.now(),
    )
    if not store.insert_purpose(tx, purpose):
        raise Conflict(f"There is a purpose with the key {valid.key} already. Choose another key.")
    statement = PurposeCreated(
        at=purpose.created_at,
        controller=tx.of,
        purpose=purpose.id,
        lawful_basis=purpose.lawful_basis,
        staff_basis=purpose.staff_basis,
        term_days=purpose.term_days,
        on_withdrawal=purpose.on_withdrawal,
        entry=Digest(sha256(canonical_json(rules.register_entry(valid)))),
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, statement)
    return purpose


def end_purpose(tx: Transaction, clock: Clock, purpose: PurposeId, *, by: Actor) -> Purpose:
    """Nobody is asked and nothing is captured for it any more. What was captured stays until its term. Ended twice is once."""
    get(tx, purpose)
    at = clock.now()
    if store.end_purpose(tx, purpose, at):
        ledger.append(tx, PurposeEnded(at=at, controller=tx.of, purpose=purpose, actor=by.id, role=by.role))
    return get(tx, purpose)


def narrow(tx: Transaction, clock: Clock, purpose: PurposeId, change: Narrowing, *, review: ReviewId, by: Actor) -> Purpose:
    """What is captured from now on is kept so long, and of so many sorts; what is held already ends as soon, which follows from
    the statement. Conflict where that is no less than now; the database
    holds that `review` was opened with it."""
    store.lock_purpose(tx, purpose)
    found = get(tx, purpose)
    rules.check_narrowing(found, change)
    narrowed = change.of(found)
    store.change_purpose(tx, narrowed)
    said = PurposeNarrowed(
        at=clock.now(),
        controller=tx.of,
        purpose=purpose,
        review=review,
        term_days=narrowed.term_days,
        categories=len(narrowed.data_categories),
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said)
    return narrowed


def shorten(tx: Transaction, clock: Clock, purpose: PurposeId, term_days: int, *, by: Actor) -> Purpose:
    """A shorter term, at once and by one person's word: what is captured from now on, and what is held already, which follows
    from the statement. Nothing brings back what is over by then. Conflict where that is no shorter, and where a law may demand
    the term that it has."""
    store.lock_purpose(tx, purpose)
    found = get(tx, purpose)
    if found.ended_at is not None:
        raise Conflict("This purpose has ended. What is kept for it ends by the terms that it had.")
    change = Narrowing(term_days=term_days)
    rules.check_shortening(found, change)
    shortened = change.of(found)
    store.change_purpose(tx, shortened)
    said = PurposeShortened(
        at=clock.now(),
        controller=tx.of,
        purpose=purpose,
        was_days=found.term_days,
        term_days=shortened.term_days,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said)
    return shortened


def lengthen(
    tx: Transaction, clock: Clock, purpose: PurposeId, change: Lengthening, *, review: ReviewId, verdict: VerdictId, by: Actor
) -> Purpose:
    """What is captured from now on is kept so long; what is held already too, which follows from the statement. Conflict where
    that is no longer than now; the database holds that `review` was opened with it."""
    store.lock_purpose(tx, purpose)
    found = get(tx, purpose)
    rules.check_lengthening(found, change)
    lengthened = change.of(found)
    store.change_purpose(tx, lengthened)
    said = PurposeLengthened(
        at=clock.now(),
        controller=tx.of,
        purpose=purpose,
        review=review,
        verdict=verdict,
        was_days=change.was_days,
        term_days=change.term_days,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said)
    return lengthened


def publish_notice(tx: Transaction, clock: Clock, new: NewNotice, *, by: Actor) -> Notice:
    """The next version of the words in this language. Earlier versions stay as they were. VoidNotice where a yes
    to them would be none."""
    valid = rules.checked_notice(new)
    store.lock_purpose(tx, valid.purpose)
    purpose = get(tx, valid.purpose)
    _refuse_void(valid, purpose.lawful_basis)
    if purpose.ended_at is not None:
        raise Conflict("This purpose has ended. Make a new purpose, and publish the notice for that one.")
    latest = store.latest_notice(tx, valid.purpose, valid.language)
    version = 1 if latest is None else latest.version + 1
    document = rules.notice_document(tx.of, valid.purpose, valid.language, version, valid.text, valid.keypad)
    notice = Notice(
        id=NoticeId(new_id()),
        purpose=valid.purpose,
        language=valid.language,
        version=version,
        text=valid.text,
        digest=rules.notice_digest(document),
        keypad=valid.keypad,
        created_at=clock.now(),
    )
    store.insert_notice(tx, notice)
    statement = NoticePublished(
        at=notice.created_at,
        controller=tx.of,
        notice=notice.id,
        purpose=notice.purpose,
        version=version,
        digest=Digest(notice.digest),
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, statement)
    return notice


def retire_notice(tx: Transaction, clock: Clock, id: NoticeId, *, by: Actor) -> Notice:
    """Nobody is asked in its language any more, until other words are published in it. Answers go on pointing at it, and a yes to
    it stands. Again is fine; Conflict where it is not what people are told now."""
    found = notice(tx, id)
    store.lock_purpose(tx, found.purpose)
    latest = store.latest_notice(tx, found.purpose, found.language)
    if latest is None or latest.id != id:
        raise Conflict("Nobody hears these words any more. Retire the newest version in this language, if any.")
    if latest.retired_at is not None:
        return latest
    at = clock.now()
    store.set_retired(tx, id, at)
    ledger.append(tx, NoticeRetired(at=at, controller=tx.of, notice=id, purpose=found.purpose, actor=by.id, role=by.role))
    return replace(latest, retired_at=at)


def _refuse_void(new: NewNotice, basis: LawfulBasis) -> None:
    faults = voids(fit(Wording(text=new.text, language=new.language, keypad=new.keypad, basis=basis)).faults)
    if faults:
        raise VoidNotice(faults)


def get(tx: Transaction, purpose: PurposeId) -> Purpose:
    return _found(store.purpose_by_id(tx, purpose))


def by_key(tx: Transaction, key: str) -> Purpose:
    return _found(store.purpose_by_key(tx, key) if rules.is_key(key) else None)


def active(tx: Transaction) -> list[Purpose]:
    """Those not ended, in the order they were made."""
    return [purpose for purpose in store.purposes(tx) if purpose.ended_at is None]


def all_purposes(tx: Transaction) -> list[Purpose]:
    return store.purposes(tx)


def known(tx: Transaction) -> dict[PurposeId, Purpose]:
    """The same, by their ids."""
    return {each.id: each for each in all_purposes(tx)}


def titles(tx: Transaction) -> dict[PurposeId, str]:
    return {each.id: each.title for each in all_purposes(tx)}


def notice(tx: Transaction, notice: NoticeId) -> Notice:
    found = store.notice_by_id(tx, notice)
    if found is None:
        raise NotFound("There is no such notice. List the purpose's notices to see their ids.")
    return found


def current_notice(tx: Transaction, purpose: PurposeId, language: str) -> Notice:
    """The latest version in this language (a region falls back to its language: `da-DK` to `da`); NotFound if none."""
    for tag in fallbacks(language):
        found = store.latest_notice(tx, purpose, tag)
        if found is not None and found.retired_at is None:
            return found
    raise NotFound("No notice is published for this purpose in this language, so nobody can be asked. Publish one first.")


def notices(tx: Transaction, purpose: PurposeId) -> list[Notice]:
    """All versions in all languages, by language and version."""
    return store.notices(tx, purpose)


def current_notices(tx: Transaction, purpose: PurposeId) -> list[Notice]:
    """The latest version in each language, in the order of the languages: the words that people are told now."""
    latest = {each.language: each for each in store.notices(tx, purpose)}
    return [each for each in latest.values() if each.retired_at is None]


def words_in(tx: Transaction, language: str) -> dict[PurposeId, Notice]:
    """What people are told of each purpose now, in a language such as `da`: of those that have words in it."""
    return {each.purpose: each for each in store.notices_in(tx, language)}


def _found(purpose: Purpose | None) -> Purpose:
    if purpose is None:
        raise NotFound("There is no such purpose. List the purposes to see their ids and keys.")
    return purpose

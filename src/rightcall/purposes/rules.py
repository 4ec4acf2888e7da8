"""What a purpose and a notice must be before they enter the register. No rule here reads a clock or a database."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from rightcall.actors import Role
from rightcall.canonical import Json, canonical_json, sha256
from rightcall.errors import Conflict, Malformed
from rightcall.ids import ControllerId, PurposeId
from rightcall.languages import canonical_language
from rightcall.purposes import terms
from rightcall.purposes.citing import is_citation
from rightcall.purposes.model import Keypad, LawfulBasis, Lengthening, Narrowing, NewNotice, NewPurpose, Purpose

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_DIGITS = frozenset("0123456789*#")
LONGEST_TERM_DAYS = 36_525
LONGEST_NOTICE = 5_000
DUTIES_WITH_RULES = ("mifid",)
"""The short names that rules in the law packs go by; a test holds them to be all."""
_HOW_TO_NAME_IT = (
    "Give legal_duty as lawyers cite it, with its article or section, such as AO § 147;"
    " MiFID II, for which there are rules of law, as mifid."
)


def checked_purpose(new: NewPurpose) -> NewPurpose:
    """The same, trimmed; Malformed says the first thing that is missing and how to give it."""
    for _, fault in faults_of_purpose(new):
        raise fault
    categories = tuple(dict.fromkeys(new.data_categories))
    return replace(new, title=new.title.strip(), justification=new.justification.strip(), data_categories=categories)


def is_key(text: str) -> bool:
    """Whether a purpose could have it."""
    return _KEY.fullmatch(text) is not None


def faults_of_purpose(new: NewPurpose) -> Iterator[tuple[str, Malformed]]:
    """Each with the part of the purpose that it is in."""
    if not is_key(new.key):
        yield "key", Malformed("A purpose's key is a short name in lower case, such as training or complaint-evidence.")
    if not new.title.strip():
        yield "title", Malformed("A purpose needs a title that a caller would understand.")
    if not new.justification.strip():
        yield "justification", Malformed("A purpose needs a justification: say why this data is needed for it.")
    if not 1 <= new.term_days <= LONGEST_TERM_DAYS:
        yield "term_days", Malformed(f"A purpose needs a term of at least 1 and at most {LONGEST_TERM_DAYS} days.")
    if not new.may_use:
        says = "Say which roles may use what is kept for this purpose. If nobody may, do not collect it."
        yield "may_use", Malformed(says)
    if Role.ADMINISTRATOR in new.may_use:
        says = "Administrators manage accounts and see no personal data, so no purpose is theirs. Leave them out."
        yield "may_use", Malformed(says)
    yield from _faults_of_duty(new)
    yield from _faults_of_terms(new)


def _faults_of_duty(new: NewPurpose) -> Iterator[tuple[str, Malformed]]:
    is_duty = new.lawful_basis is LawfulBasis.LEGAL_OBLIGATION
    if new.legal_duty is None:
        if is_duty:
            says = (
                "A purpose that rests on a legal obligation names the law that demands it, since a duty of no law keeps nothing"
            )
            yield "legal_duty", Malformed(f"{says}. {_HOW_TO_NAME_IT}")
        return
    if not is_duty:
        says = "A purpose names a legal duty only where its lawful basis is legal_obligation. Leave legal_duty out."
        yield "legal_duty", Malformed(says)
    if not is_key(new.legal_duty) and not is_citation(new.legal_duty):
        yield "legal_duty", Malformed(f"This names no law. {_HOW_TO_NAME_IT}")
    known = next((each for each in DUTIES_WITH_RULES if each in new.legal_duty.casefold()), new.legal_duty)
    if known != new.legal_duty:
        yield (
            "legal_duty",
            Malformed(f"There are rules of law for this duty, which go by its short name. Give legal_duty as {known}."),
        )


def _faults_of_terms(new: NewPurpose) -> Iterator[tuple[str, Malformed]]:
    if not new.data_categories:
        says = "Name the categories of data that this purpose needs, such as pd:VoiceCommunicationRecording."
        yield "data_categories", Malformed(says)
    try:
        terms.check_purpose(new.dpv_purpose)
    except Malformed as error:
        yield "dpv_purpose", error
    try:
        terms.check_categories(new.data_categories)
    except Malformed as error:
        yield "data_categories", error


def check_narrowing(purpose: Purpose, change: Narrowing) -> None:
    """Conflict unless the purpose keeps less by it than it does, and something at all."""
    if change.term_days is not None and change.term_days < 1:
        raise Conflict("A term has a day at least. A purpose that is to keep nothing is ended, not shortened.")
    if change.term_days is not None and change.term_days >= purpose.term_days:
        raise Conflict(f"This is no shorter term: it is {purpose.term_days} days already. Look at what is proposed now.")
    if not change.dropped <= set(purpose.data_categories):
        raise Conflict("A category to be dropped is not collected for this purpose any more. Look at what is proposed now.")
    if change.dropped >= set(purpose.data_categories):
        raise Conflict("Nothing would be left to collect. A purpose that reads nothing is ended, not narrowed.")
    if change.term_days is None and not change.dropped:
        raise Conflict("Nothing is changed by this. Give a shorter term, or a category to drop.")


def check_shortening(purpose: Purpose, change: Narrowing) -> None:
    """Conflict unless it is a shorter term that one person may give."""
    if purpose.lawful_basis is LawfulBasis.LEGAL_OBLIGATION:
        raise Conflict(
            "A law demands that this is kept, and maybe for as long. Have a proposal to keep less signed by two: see"
            " rightcall minimisation."
        )
    check_narrowing(purpose, change)


def check_lengthening(purpose: Purpose, change: Lengthening) -> None:
    """Conflict unless the purpose keeps for longer by it than it does now, and for as long as it was asked on."""
    if change.was_days != purpose.term_days:
        raise Conflict(f"The term is {purpose.term_days} days now, and another when this was asked. Look at it, and ask anew.")
    if not purpose.term_days < change.term_days <= LONGEST_TERM_DAYS:
        raise Malformed(
            f"This is no longer term: it is {purpose.term_days} days already. Give more, up to {LONGEST_TERM_DAYS}; a shorter one"
            " is proposed by what is really read: docs/howto/minimisation.md."
        )


def checked_notice(new: NewNotice) -> NewNotice:
    """The same, with its text in NFC and trimmed and its language in canonical form."""
    text = checked_words(new.text)
    if new.keypad is not None:
        check_keypad(new.keypad)
    return replace(new, text=text, language=canonical_language(new.language))


def checked_words(words: str) -> str:
    """The words of a notice in NFC and trimmed."""
    text = unicodedata.normalize("NFC", words).strip()
    if not text:
        raise Malformed("A notice needs the words that are played or shown.")
    if len(text) > LONGEST_NOTICE:
        raise Malformed(f"A notice of more than {LONGEST_NOTICE} characters is not clear and plain. Shorten it.")
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in text):
        raise Malformed("The notice holds control characters. Give plain text.")
    return text


def check_keypad(keypad: Keypad) -> None:
    """Equal effort (CJEU C-61/19): one key for yes, one for no."""
    if len(keypad.yes) != 1 or len(keypad.no) != 1:
        raise Malformed("Yes and no take one key each, so that a no costs no more than a yes.")
    if keypad.yes not in _DIGITS or keypad.no not in _DIGITS:
        raise Malformed("A key is one of 0 to 9, * and #.")
    if keypad.yes == keypad.no:
        raise Malformed("Yes and no need different keys.")


def notice_document(
    controller: ControllerId, purpose: PurposeId, language: str, version: int, text: str, keypad: Keypad | None
) -> dict[str, Json]:
    """Everything a notice is. Its digest is taken over the canonical form of this, and a receipt can carry it whole."""
    return {
        "controller": str(controller),
        "purpose": str(purpose),
        "language": language,
        "version": version,
        "text": text,
        "keypad": None if keypad is None else {"yes": keypad.yes, "no": keypad.no},
    }


def notice_digest(document: Json) -> bytes:
    return sha256(canonical_json(document))


def register_entry(new: NewPurpose) -> Json:
    """A purpose as it is committed to in the ledger."""
    return {
        "key": new.key,
        "title": new.title,
        "justification": new.justification,
        "lawful_basis": new.lawful_basis.value,
        "staff_basis": new.staff_basis.value,
        "data_categories": list(new.data_categories),
        "may_use": sorted(role.value for role in new.may_use),
        "term_days": new.term_days,
        "dpv_purpose": new.dpv_purpose,
        "on_withdrawal": new.on_withdrawal.value,
        **({} if new.legal_duty is None else {"legal_duty": new.legal_duty}),
    }

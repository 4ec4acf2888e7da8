"""What is on record here of a party of a question about no call: their no counts, whatever the one who asks was told elsewhere.

A dialler asks before there is a call, and may have a yes that was taken back here since. So where a party is named by a number or
as a person known here, the newest answer to the purpose of each who is known by it is looked up; a no of any of them is the
party's. A yes is never made of one that is not told.
"""

from collections.abc import Iterable
from dataclasses import replace

from rightcall.api.what_if import PartyForm
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId, SubjectId
from rightcall.personal import Personal
from rightcall.policy.model import PartyFacts, Said
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault

_NO_REGION = "ZZ"


def is_on_record(form: PartyForm) -> bool:
    return form.number is not None or form.subject is not None


def with_their_no(tx: Transaction, vault: Vault, form: PartyForm, purpose: PurposeId, facts: PartyFacts) -> PartyFacts:
    """NotFound where `subject` is nobody."""
    noes = [no for subject in _known(tx, vault, form) if (no := _no(tx, subject, purpose)) is not None]
    return replace(facts, answer=Said.of(noes[0])) if noes and facts.answer not in map(Said.of, noes) else facts


def _known(tx: Transaction, vault: Vault, form: PartyForm) -> Iterable[SubjectId]:
    found: dict[SubjectId, None] = {}
    if form.subject is not None:
        found[subjects.get(tx, SubjectId(form.subject)).id] = None
    if form.number is not None:
        number = normalise(IdentifierKind.TEL, Personal(form.number), _NO_REGION)
        found |= dict.fromkeys(subjects.find(tx, vault, number))
    return found


def _no(tx: Transaction, subject: SubjectId, purpose: PurposeId) -> Answer | None:
    """Their newest answer, where it is a no. Of two at one instant the no counts."""
    answers = [each for each in consent.choices_of_subject(tx, subject) if each.purpose == purpose]
    newest = max(answers, key=lambda each: (each.made_at, each.answer is not Answer.GRANTED, each.sequence), default=None)
    return None if newest is None or newest.answer is Answer.GRANTED else newest.answer

"""What is on record here of a party of a question about no call: their no counts, whatever the one who asks was told elsewhere.

A dialler asks before there is a call, and may have a yes that was taken back here since. So where a party is named by a number or
as a person known here, the newest answer to the purpose of each who is known by it is looked up; a no of any of them is the
party's. A yes is never made of one that is not told.
"""

from collections.abc import Iterator
from dataclasses import replace

from rightcall.api.what_if import PartyForm
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId, SubjectId
from rightcall.policy.model import PartyFacts, Said
from rightcall.purposes.model import MAY_BE_OBJECTED_TO
from rightcall.subjects import actions as subjects
from rightcall.subjects import restricting
from rightcall.subjects.rules import international
from rightcall.vault.actions import Vault


def is_on_record(form: PartyForm) -> bool:
    return form.number is not None or form.subject is not None


def with_their_no(tx: Transaction, vault: Vault, form: PartyForm, purpose: PurposeId, facts: PartyFacts) -> PartyFacts:
    """NotFound where `subject` is nobody. That they restricted the use of what is kept of them, or objected, counts likewise."""
    known = list(_known(tx, vault, form))
    latest = (consent.latest_of_subject(tx, subject, purpose) for subject in known)
    no = next((each.answer for each in latest if each is not None and each.answer is not Answer.GRANTED), None)
    limits = [restricting.limits_of(tx, subject) for subject in known]
    if no is None and facts.basis in MAY_BE_OBJECTED_TO and any(each.objected for each in limits):
        no = Answer.REFUSED
    facts = replace(facts, restricted=facts.restricted or any(each.restricted for each in limits))
    return facts if no is None else replace(facts, answer=Said.of(no))


def _known(tx: Transaction, vault: Vault, form: PartyForm) -> Iterator[SubjectId]:
    if form.subject is not None:
        yield subjects.get(tx, SubjectId(form.subject)).id
    if form.number is not None:
        yield from subjects.find(tx, vault, international(form.number))

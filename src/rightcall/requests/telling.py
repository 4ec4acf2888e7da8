"""Who is told what is right (GDPR Art. 16, Art. 19): the recipients of what was wrong (`informing`), and those who look after a
system in which nobody puts it right from here (`keepers`). Rightcall writes each letter; a person sends it, says so, and enters
what came back.
"""

from typing import assert_never

from rightcall.activities.model import Recipient
from rightcall.activities.telling.letters import Letter
from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.holdings import actions as holdings
from rightcall.requests.corrections.model import KeptCorrection, ToKeepers, ToRecipient
from rightcall.requests.corrections.sealing import value_of
from rightcall.requests.corrections.standing import check_stands, correction_of
from rightcall.requests.informing import actions as informing
from rightcall.requests.informing.letters import letter_of
from rightcall.requests.informing.model import Reply
from rightcall.requests.keepers import actions as keepers
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


def letter(tx: Transaction, vault: Vault, clock: Clock, to: ToKeepers | ToRecipient) -> Letter:
    """Conflict once the person was erased: then nobody knows any more what is right."""
    match to:
        case ToKeepers():
            return keepers.letter(tx, vault, clock, to)
        case ToRecipient():
            kept = correction_of(tx, to.request, to.correction)
            recipient, _ = informing.notice(tx, kept.id, to.recipient)
            return _to_recipient(tx, vault, clock, kept, recipient)
    assert_never(to)


def tell(tx: Transaction, clock: Clock, to: ToKeepers | ToRecipient, *, by: Actor) -> None:
    """Somebody says that the letter went out. Again changes nothing."""
    match to:
        case ToKeepers():
            return keepers.tell(tx, clock, to, by=by)
        case ToRecipient():
            kept = correction_of(tx, to.request, to.correction)
            check_stands(tx, kept)
            return informing.tell(tx, clock, kept.id, to.recipient, by=by)
    assert_never(to)


def answer(tx: Transaction, clock: Clock, to: ToKeepers | ToRecipient, answer: Reply, *, by: Actor) -> None:
    """What they said; a recipient, also after the request was answered. Conflict before they were told."""
    match to:
        case ToKeepers():
            return keepers.answer(tx, clock, to, answer, by=by)
        case ToRecipient():
            kept = correction_of(tx, to.request, to.correction)
            return informing.answer(tx, clock, kept.id, to.recipient, answer, by=by)
    assert_never(to)


def _to_recipient(tx: Transaction, vault: Vault, clock: Clock, kept: KeptCorrection, to: Recipient) -> Letter:
    value, known = value_of(tx, vault, kept), joining.known_by(tx, vault, kept.subject)
    if isinstance(value, Dark) or isinstance(known, Dark):
        raise Conflict("The person was erased, so nobody knows any more what is right. The erasure has letters of its own.")
    for_whom = "write to recipients of a correction"
    who = [(each.kind.value, each.value.reveal(for_whom)) for each in known]
    what = holdings.get(tx, kept.holding).category
    return letter_of(controllers.get(tx), to, kept.id, who, what, value.reveal(for_whom), clock.now())

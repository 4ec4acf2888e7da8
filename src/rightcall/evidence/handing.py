"""A receipt that its person shows is proof of who they are, so whoever works here has one only to hand it on: for a day after the
answer, by a deed that the ledger has and the person sees. What is kept on file is a copy, which opens nothing.
"""

from collections.abc import Sequence
from datetime import timedelta

from rightcall.actors import Actor, Role
from rightcall.canonical import canonical_json, parse_json
from rightcall.clock import Clock
from rightcall.consent import actions as consent
from rightcall.database.connection import Transaction
from rightcall.errors import Breach, Conflict
from rightcall.evidence import actions as evidence
from rightcall.evidence import store
from rightcall.evidence.model import Handed, HandedOut, Receipt
from rightcall.evidence.statements import ReceiptHandedOut
from rightcall.evidence.vocabulary import PROOFS, stated
from rightcall.ids import ChoiceId
from rightcall.ledger import actions as ledger
from rightcall.ledger.checkpoint import VerifierKey
from rightcall.ledger.model import NotYet
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_FOR = timedelta(days=1)
TOO_LATE = (
    "A receipt, and the link to an answer, are handed on within a day of the answer. After that they are on the person's own "
    "page, and the DPO can hand them out."
)


def receipt(
    tx: Transaction, vault: Vault, clock: Clock, choice: ChoiceId, *, key: VerifierKey, by: Actor
) -> Receipt | NotYet | Dark:
    """The whole receipt, to be handed on. Conflict a day after the answer, but for the DPO."""
    _check_day(tx, clock, choice, by)
    found = evidence.receipt(tx, vault, clock, choice, key=key)
    if isinstance(found, Receipt):
        _note(tx, clock, choice, Handed.RECEIPT, by)
    return found


def link(tx: Transaction, clock: Clock, choice: ChoiceId, *, by: Actor) -> None:
    """That somebody is handed the link to this answer. Conflict as for its receipt."""
    _check_day(tx, clock, choice, by)
    _note(tx, clock, choice, Handed.LINK, by)


def copy(tx: Transaction, vault: Vault, clock: Clock, choice: ChoiceId, *, key: VerifierKey) -> Receipt | NotYet | Dark:
    """The receipt for whoever looks into it: all of it but what shows whose it is, so that it opens no page of theirs."""
    found = evidence.receipt(tx, vault, clock, choice, key=key)
    if not isinstance(found, Receipt):
        return found
    document = parse_json(found.file)
    if not isinstance(document, dict) or not isinstance(document[PROOFS], dict):
        raise Breach("An issued document cannot be read. Tell the DPO.")
    proofs = stated({**document[PROOFS], "opening": None})
    file = canonical_json({**document, PROOFS: proofs})
    return Receipt(id=found.id, choice=choice, file=file)


def handed_out(tx: Transaction, choices: Sequence[ChoiceId]) -> list[HandedOut]:
    """To whoever works here, in the order of time."""
    return store.handed_out(tx, choices)


def _check_day(tx: Transaction, clock: Clock, choice: ChoiceId, by: Actor) -> None:
    made_at = consent.choice(tx, choice).made_at
    if by.role is not Role.DPO and clock.now() > made_at + _FOR:
        raise Conflict(TOO_LATE)


def _note(tx: Transaction, clock: Clock, choice: ChoiceId, what: Handed, by: Actor) -> None:
    at = clock.now()
    store.insert_handed_out(tx, HandedOut(choice=choice, what=what, role=by.role, at=at))
    ledger.append(tx, ReceiptHandedOut(at=at, controller=tx.of, choice=choice, what=what, actor=by.id, role=by.role))

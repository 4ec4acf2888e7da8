"""Who received what was wrong is told what is right (GDPR Art. 19). Rightcall writes the letter; a person sends it, says so, and
enters what came back. The letter itself is in `telling`, which knows the value.
"""

from collections.abc import Sequence

from rightcall.activities import actions as activities
from rightcall.activities.model import Recipient
from rightcall.activities.telling.actions import purposes_of
from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.holdings.model import Holding
from rightcall.ids import CorrectionId, RecipientId, SubjectId
from rightcall.ledger.actions import append
from rightcall.requests.informing import store
from rightcall.requests.informing.model import Informed, Reply
from rightcall.requests.informing.statements import RecipientInformed, RecipientReplied
from rightcall.subjects.joining import actions as joining


def plan(tx: Transaction, correction: CorrectionId, held: Holding, subject: SubjectId) -> None:
    """Whoever receives data, or received it, for a purpose that this is held for; where nobody said for which, for any that
    something of the person is held for."""
    purposes = set(held.purposes) or {purpose for each in joining.person(tx, subject) for purpose in purposes_of(tx, each)}
    store.insert(tx, correction, [each.id for each in activities.recipients(tx) if purposes & set(each.purposes)])


def notices(tx: Transaction, corrections: Sequence[CorrectionId]) -> list[tuple[Recipient, Informed]]:
    """Each with who it is."""
    found = store.of_corrections(tx, corrections)
    known = {each.id: each for each in activities.recipients(tx)} if found else {}
    return [(known[each.recipient], each) for each in found]


def notice(tx: Transaction, correction: CorrectionId, recipient: RecipientId) -> tuple[Recipient, Informed]:
    for to, found in notices(tx, [correction]):
        if to.id == recipient:
            return to, found
    raise NotFound("This recipient is not to be told of this correction. List the corrections to see who is.")


def untold(tx: Transaction, corrections: Sequence[CorrectionId]) -> int:
    return sum(each.told_at is None for each in store.of_corrections(tx, corrections))


def tell(tx: Transaction, clock: Clock, correction: CorrectionId, recipient: RecipientId, *, by: Actor) -> None:
    """Somebody says that the letter went out. Again changes nothing."""
    _, found = notice(tx, correction, recipient)
    at = clock.now()
    if store.was_told(tx, found, at=at, by=by):
        said = RecipientInformed(at=at, controller=tx.of, correction=correction, recipient=recipient, actor=by.id, role=by.role)
        append(tx, said)


def answer(tx: Transaction, clock: Clock, correction: CorrectionId, recipient: RecipientId, answer: Reply, *, by: Actor) -> None:
    """What the recipient said. Another answer later replaces it here, and both stand in the ledger. Conflict before it was
    told."""
    _, found = notice(tx, correction, recipient)
    if found.told_at is None:
        raise Conflict("This recipient was not told yet. Send the letter, say so, and enter the answer then.")
    if found.answer is answer:
        return
    at = clock.now()
    store.answered(tx, found, answer, at=at, by=by)
    said = RecipientReplied(
        at=at, controller=tx.of, correction=correction, recipient=recipient, answer=answer, actor=by.id, role=by.role
    )
    append(tx, said)

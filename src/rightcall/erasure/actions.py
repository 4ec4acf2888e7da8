"""Destroying what opens a person's data, then disposing of the bytes, each confirmed (GDPR Art. 17; NIST SP 800-88).

The keys go first, in one transaction and in the same time whatever the volume: from then on nobody can read anything. The bytes
follow, object by object. Deliberately elsewhere: when it is done (`requests`, `retention`), and the certificate (`evidence`).
"""

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.erasure import store
from rightcall.erasure.model import Erasure
from rightcall.erasure.statements import ErasureConfirmed, SubjectErased
from rightcall.errors import NotFound
from rightcall.ids import ErasureId, StatementId, SubjectId, new_id
from rightcall.ledger.actions import append
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault


def begin(tx: Transaction, clock: Clock, *, erasure: ErasureId, subject: SubjectId) -> Erasure:
    """Write down that this person is to be erased. Again is fine."""
    subjects.get(tx, subject)
    store.insert_erasure(tx, erasure, subject, clock.now())
    return get(tx, erasure)


def get(tx: Transaction, erasure: ErasureId) -> Erasure:
    found = store.erasure_for_update(tx, erasure)
    if found is None:
        raise NotFound("There is no such erasure of this controller.")
    return found


def latest_of(tx: Transaction, subject: SubjectId) -> Erasure | None:
    latest = store.latest_of(tx, subject)
    return None if latest is None else get(tx, latest)


def destroy(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId, epoch: int) -> Erasure:
    """The person's key, and with it every grant, is destroyed; identifiers and name are deleted. Again changes nothing.

    `epoch` is the present one: the person's key may have been wrapped under it or under an earlier one, none under a later one.
    """
    found = get(tx, erasure)
    if found.destroyed_at is not None:
        return found
    vault.destroy_subject(tx, found.subject)
    identifiers = subjects.forget_identifiers(tx, found.subject)
    statement = StatementId(new_id())
    at = clock.now()
    append(
        tx,
        SubjectErased(at=at, controller=tx.of, erasure=erasure, subject=found.subject, epoch=epoch, identifiers=identifiers),
        id=statement,
    )
    store.set_destroyed(tx, erasure, at=at, epoch=epoch, identifiers=identifiers, statement=statement)
    return get(tx, erasure)


def confirm(tx: Transaction, clock: Clock, *, erasure: ErasureId, disposed: int, held: int) -> Erasure:
    """Everything is confirmed gone but for the `held` slices. Call it only when nothing else is left. Again changes nothing."""
    found = get(tx, erasure)
    if found.confirmed_at is not None:
        return found
    statement = StatementId(new_id())
    at = clock.now()
    append(
        tx,
        ErasureConfirmed(at=at, controller=tx.of, erasure=erasure, subject=found.subject, disposed=disposed, held=held),
        id=statement,
    )
    store.set_confirmed(tx, erasure, at=at, disposed=disposed, held=held, statement=statement)
    return get(tx, erasure)

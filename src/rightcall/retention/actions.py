"""Ending terms and holds: one key for each purpose and day, whatever the volume, and one for each hold (GDPR Art. 5(1)(e)).

Deliberately elsewhere: deleting the bytes that went dark (`erasure.disposal`), which follows from the statement.
"""

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.erasure import certifying
from rightcall.ids import StatementId, new_id
from rightcall.ledger.actions import append
from rightcall.retention.statements import EpochTurned, TermEnded
from rightcall.vault.actions import Vault


def end_due_terms(tx: Transaction, vault: Vault, clock: Clock) -> int:
    """Destroys the keys of all terms of this controller that are over, and says how many that were. Again finds none."""
    due = vault.terms_due(tx)
    for purpose, last_day in due:
        vault.end_term(tx, purpose, last_day)
        append(tx, TermEnded(at=clock.now(), controller=tx.of, purpose=purpose, last_day=last_day))
    return len(due)


def epoch_turned(tx: Transaction, clock: Clock, *, epoch: int, rewrapped: int | None) -> int:
    """Say once for this controller that a new epoch began, and certify its erasures from before anew. How many that were.

    Call it after the key service confirmed that the earlier keys are destroyed; again is fine, and certifies what was confirmed
    since. `rewrapped` is None where whoever notices the turn did not make it.
    """
    statement = StatementId(new_id())
    if certifying.is_first_to_say(tx, epoch=epoch, statement=statement):
        append(tx, EpochTurned(at=clock.now(), controller=tx.of, epoch=epoch, rewrapped=rewrapped), id=statement)
    return certifying.certify_backups(tx, clock, epoch=epoch)

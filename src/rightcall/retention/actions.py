"""Ending terms: one key for each purpose and day, whatever the volume; ending sooner what was to be kept longer, and keeping for
longer where a verdict and a review say so (GDPR Art. 5(1)(e)).

Deliberately elsewhere: deleting the bytes that went dark (`erasure.disposal`), which follows from the statement.
"""

from datetime import datetime, timedelta

from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.erasure import certifying
from rightcall.holdings import actions as holdings
from rightcall.holdings.longer import store as longer
from rightcall.holdings.longer.model import Lasted
from rightcall.holdings.rules import ids_root
from rightcall.ids import PurposeId, StatementId, new_id
from rightcall.ledger.actions import append
from rightcall.purposes import actions as purposes
from rightcall.retention.model import Behind, Lengthened, Shortened
from rightcall.retention.statements import EpochTurned, KeysReplaced, TermEnded, TermsLengthened, TermsShortened
from rightcall.reviews import actions as reviews
from rightcall.vault.actions import Vault


def end_due_terms(tx: Transaction, vault: Vault, clock: Clock) -> int:
    """Destroys the keys of all terms of this controller that are over, and says how many that were. Again finds none."""
    due = vault.terms_due(tx)
    for purpose, last_day in due:
        vault.end_term(tx, purpose, last_day)
        append(tx, TermEnded(at=clock.now(), controller=tx.of, purpose=purpose, last_day=last_day))
    return len(due)


def shorten(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    *,
    purpose: PurposeId,
    made_before: datetime,
    after: Behind | None,
    looked_at: int,
) -> Shortened:
    """What is kept for the purpose ends as soon as the purpose says now, whatever it said when each was made: a page of it. Again
    changes nothing."""
    days = purposes.get(tx, purpose).term_days
    found, behind = holdings.kept_for(tx, purpose, after=after, looked_at=looked_at)
    last_days = {holding: day_of(made_at) + timedelta(days=days) for holding, made_at in found}
    moved = vault.shortening(purpose, made_before=made_before).move(tx, last_days)
    sooner = holdings.keep_until(tx, purpose, last_days)
    if sooner:
        root = ids_root(sooner)
        said = TermsShortened(at=clock.now(), controller=tx.of, purpose=purpose, term_days=days, count=len(sooner), root=root)
        append(tx, said)
    return Shortened(sooner=len(sooner), moved=moved.moved, stuck=moved.stuck, behind=behind)


def lengthen(
    tx: Transaction, vault: Vault, clock: Clock, *, purpose: PurposeId, after: Behind | None, looked_at: int
) -> Lengthened:
    """What was kept for all of the purpose's term, before that was made longer, is kept as long as the purpose says now: a page
    of it, the next to go first. What is over is over. Again changes nothing."""
    days = purposes.get(tx, purpose).term_days
    lasted = [Lasted(days=each.was_days, until=each.opened_at) for each in reviews.lengthenings(tx, purpose)]
    found, behind = longer.whole_term(tx, purpose, lasted, today=day_of(clock.now()), after=after, looked_at=looked_at)
    last_days = {holding: made_on + timedelta(days=days) for holding, made_on in found}
    moved, stuck = vault.lengthening(purpose).move(tx, last_days)
    if moved:
        longer.keep_until(tx, purpose, {holding: last_days[holding] for holding in moved})
        root = ids_root(sorted(moved))
        said = TermsLengthened(at=clock.now(), controller=tx.of, purpose=purpose, term_days=days, count=len(moved), root=root)
        append(tx, said)
    return Lengthened(longer=len(moved), stuck=stuck, behind=behind)


def renew_keys(tx: Transaction, vault: Vault, *, purpose: PurposeId, made_before: datetime) -> None:
    """From now on nothing is kept under the purpose's keys from before. Again changes nothing."""
    vault.shortening(purpose, made_before=made_before).begin(tx)


def replace_keys(tx: Transaction, vault: Vault, clock: Clock, *, purpose: PurposeId, made_before: datetime) -> int:
    """The purpose's term keys from before are destroyed, once all that lives was moved. How many went; again finds none."""
    keys = vault.shortening(purpose, made_before=made_before).end(tx)
    if keys:
        append(tx, KeysReplaced(at=clock.now(), controller=tx.of, purpose=purpose, keys=keys))
    return keys


def epoch_turned(tx: Transaction, clock: Clock, *, epoch: int, rewrapped: int | None) -> int:
    """Say once for this controller that a new epoch began, and certify its erasures from before anew. How many that were.

    Call it after the key service confirmed that the earlier keys are destroyed; again is fine, and certifies what was confirmed
    since. `rewrapped` is None where whoever notices the turn did not make it.
    """
    statement = StatementId(new_id())
    if certifying.is_first_to_say(tx, epoch=epoch, statement=statement):
        append(tx, EpochTurned(at=clock.now(), controller=tx.of, epoch=epoch, rewrapped=rewrapped), id=statement)
    return certifying.certify_backups(tx, clock, epoch=epoch)

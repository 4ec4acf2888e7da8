"""What a person wants of everything that is kept of them: that it is kept alone (GDPR Art. 18), or not used on an interest of the
controller's or a public task (Art. 21). A fact about the subject, read in the transaction of every verdict: it counts at once.

It holds for the whole person: for each of joined subjects, and for one that is joined later. What it forbids, the law packs say;
who asked, and that it stands, is said in the ledger by the request that it comes from.
"""

from collections.abc import Sequence

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.subjects import store
from rightcall.subjects.model import Limit, Limits


def limits_of(tx: Transaction, subject: SubjectId) -> Limits:
    return store.limits_of(tx, subject)


def limit(tx: Transaction, clock: Clock, person: Sequence[SubjectId], what: Limit, *, stands: bool) -> None:
    """From now on it stands, or stands no longer, for all subjects of this person (`joining.hold`). Again changes nothing."""
    store.set_limit(tx, person, what, clock.now() if stands else None)

"""What a person wants of everything that is kept of them: that it is kept alone (GDPR Art. 18), or not used on an interest of the
controller's or a public task (Art. 21). A fact about the subject, read in the transaction of every verdict: it counts at once.

It holds for the whole person: for each of joined subjects, and for one that is joined later; and for whoever may be the same
person, until somebody says whether they are (`discovery.joins.doubt`). What it forbids, the law packs say; who asked, and that it
stands, is said in the ledger by the request that it comes from.
"""

from collections.abc import Mapping, Sequence

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.subjects import store
from rightcall.subjects.model import Limit, Limits, Since


def limits_of(tx: Transaction, subject: SubjectId) -> Limits:
    return store.limits_of(tx, subject)


def own_limits(tx: Transaction, subjects: Sequence[SubjectId]) -> dict[SubjectId, Since]:
    """What each of these wants themselves, whatever those want who may be the same person."""
    return store.own_limits(tx, subjects)


def hold_in_doubt(tx: Transaction, found: Mapping[SubjectId, Since]) -> int:
    """From now on this counts for each of these, since somebody who may be the same person wants it; where it is empty, nothing
    does. For how many it is another than before."""
    return store.set_in_doubt(tx, found) if found else 0


def limit(tx: Transaction, clock: Clock, person: Sequence[SubjectId], what: Limit, *, stands: bool) -> None:
    """From now on it stands, or stands no longer, for all subjects of this person (`joining.hold`). Again changes nothing."""
    store.set_limit(tx, person, what, clock.now() if stands else None)

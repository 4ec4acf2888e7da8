"""What a certificate is made of: the facts of one erasure as they stand now.

Certified twice: when everything is confirmed gone, with the last day that a backup's keys still open; and again once that
epoch's key is destroyed, so that backups are covered too.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from rightcall.calls import actions as calls
from rightcall.clock import Clock
from rightcall.consent import actions as consent
from rightcall.database.connection import Transaction
from rightcall.erasure import actions, store
from rightcall.erasure.model import Erasure
from rightcall.errors import Breach
from rightcall.evidence import actions as evidence
from rightcall.evidence.model import CertificateId, Disposal, Ground, Opening, Remainder
from rightcall.evidence.model import Erasure as Facts
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.ids import HoldingId, RequestId, StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """`until`: the last day that keys in a backup still open; None once `turned`, a later epoch's statement, says otherwise."""

    until: date | None
    turned: StatementId | None


def certify(tx: Transaction, clock: Clock, erasure: Erasure, backups: Backups) -> CertificateId:
    """Write the certificate of a confirmed erasure. Breach where it is not: nothing is certified that did not happen."""
    if erasure.destroyed is None or erasure.confirmed is None or erasure.confirmed_at is None:
        raise Breach("An erasure that is not confirmed cannot be certified. Tell the DPO.")
    opening = Opening.fresh(erasure.subject)
    acts = [erasure.destroyed, erasure.confirmed, *([backups.turned] if backups.turned else [])]
    kept = [holding for holding in holdings.of_subject(tx, erasure.subject) if holdings.holds(tx, holding.id)]
    facts = Facts(
        subject=opening.commitment,
        request=RequestId(erasure.id),
        done_at=erasure.confirmed_at,
        disposals=tuple(Disposal(statement=act) for act in acts),
        destroyed=_destroyed(tx, erasure, kept),
        remains=_remains(tx, erasure, kept),
        backups_until=backups.until,
    )
    return evidence.certify(tx, clock, facts, opening)


def _destroyed(tx: Transaction, erasure: Erasure, kept: list[Holding]) -> tuple[tuple[str, int], ...]:
    counts = Counter(holdings.count_of_subject(tx, erasure.subject))
    counts.subtract(holding.kind for holding in kept)
    return tuple((kind.value, number) for kind, number in sorted(counts.items()) if number > 0)


def _remains(tx: Transaction, erasure: Erasure, kept: list[Holding]) -> tuple[Remainder, ...]:
    remains = [_held(tx, holding.id) for holding in kept]
    choices = len(consent.choices_of_subject(tx, erasure.subject))
    timelines = len(calls.of_subject(tx, erasure.subject))
    if choices:
        remains.append(Remainder(ground=Ground.CHOICES, count=choices))
    if timelines:
        remains.append(Remainder(ground=Ground.TIMELINE, count=timelines))
    return tuple(remains)


def _held(tx: Transaction, holding: HoldingId) -> Remainder:
    until = max(hold.until for hold in holdings.holds(tx, holding))
    return Remainder(ground=Ground.HOLD, count=1, until=until, holding=holding)


def certify_backups(tx: Transaction, clock: Clock, *, epoch: int, turned: StatementId) -> int:
    """A new certificate for each erasure from before `epoch`. `turned` says in the ledger that no key from then exists."""
    erasures = store.in_backups(tx, epoch)
    for erasure in erasures:
        certify(tx, clock, actions.get(tx, erasure), Backups(until=None, turned=turned))
        store.set_turned(tx, erasure, turned)
    return len(erasures)

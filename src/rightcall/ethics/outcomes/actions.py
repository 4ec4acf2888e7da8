"""Taking down how calls went, and forgetting it again.

Reported by the contact centre's systems, call by call or in bulk; where they say nothing, what the wire told. A row goes with the
person who was in the call (GDPR Art. 17), and when it is too old to be compared: what was added up until then names nobody.
"""

from datetime import datetime

from rightcall.calls import actions as calls
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ethics.outcomes import rules, store
from rightcall.ethics.outcomes.model import CallOutcome, Changes, Report
from rightcall.ids import CallId, SubjectId
from rightcall.vault.actions import Vault


def report(tx: Transaction, vault: Vault, clock: Clock, call: CallId, told: Report) -> CallOutcome:
    """The same again changes nothing; another report of the call replaces it, whole. What a look has counted stays counted.

    Malformed where a figure cannot be. Conflict while the call is on, and where somebody in it was erased: of them nothing is
    written down any more.
    """
    valid = rules.checked(told)
    ended_at, now = calls.get(tx, call).ended_at, clock.now()
    if ended_at is None:
        raise Conflict("This call is still on, so nobody knows yet how it went. Report it once it is over.")
    if not all(vault.subject_exists(tx, subject) for subject in store.subjects_in(tx, call)):
        raise Conflict("Somebody in this call was erased, so nothing more is written down about it. Leave this call out.")
    store.upsert_report(tx, call, valid, now)
    if day_of(ended_at) < day_of(now):
        store.upsert_change(tx, call, now)
    return get(tx, call)


def get(tx: Transaction, call: CallId) -> CallOutcome:
    calls.get(tx, call)
    found = store.outcome_of(tx, call)
    if found is None:
        raise NotFound("How this call went was not reported, or is no longer kept.")
    return found


def take_in_seen(tx: Transaction, clock: Clock, *, since: datetime, until: datetime) -> int:
    """What the wire told of the calls that ended in this time. Again finds none."""
    return store.take_in_seen(tx, since=since, until=until, at=clock.now())


def forget_subject(tx: Transaction, clock: Clock, subject: SubjectId) -> int:
    """Of all calls that the person was in, as whoever. How many rows that were. Again finds none."""
    return store.forget_subject(tx, subject, clock.now())


def changes(tx: Transaction) -> Changes | None:
    """Whether what is known of calls of earlier days has changed since it was last counted; what became known of calls of today
    is counted once the day is over."""
    return store.changes(tx)


def forget_changes(tx: Transaction) -> None:
    """They are about to be counted. Waits for those that are under way."""
    store.forget_changes(tx)


def forget_before(tx: Transaction, clock: Clock, before: datetime) -> int:
    """What is too old to be compared. How many rows that were."""
    return store.forget_before(tx, before, clock.now())

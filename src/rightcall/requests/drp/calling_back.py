"""Telling an agent by itself how far a request is (section 2.03), where it named an address for it.

The protocol asks for no signature: the agent believes it no further than that it asks for the status, with its token, if it wants
to be sure. It is told again until it takes it; after sixty days, the longest that the protocol has a finished request kept,
nobody is called any more.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from rightcall.canonical import canonical_json
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.erasure.elsewhere.rules import pause
from rightcall.requests.drp import actions, rules, store
from rightcall.requests.drp.model import Callback, DrpId, Status, Told, Trouble

_LOOKS_EVERY = timedelta(minutes=1)
_GIVES_UP = timedelta(days=60)
_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One round: what an agent is told, and where."""

    callback: Callback
    told: Told
    body: bytes = field(repr=False)


def to_tell(tx: Transaction, clock: Clock) -> list[tuple[DrpId, int]]:
    """What there is something new to tell of, and for which time. The rest is looked at again in a minute."""
    now, new, known = clock.now(), [], []
    for each in store.callbacks_due(tx, now, _MOST):
        is_known = rules.digest_of(actions.told(tx, clock, each.drp)) == each.told
        known.append(each.drp.id) if is_known else new.append((each.drp.id, each.round))
    store.look_later(tx, known, now + _LOOKS_EVERY)
    return new


def prepare(tx: Transaction, clock: Clock, request: DrpId, round: int, verification_url: str | None) -> Call | None:
    """None where this round was ended, or there is nothing new any more."""
    found = store.callback_by_id(tx, request)
    if found is None or found.round != round:
        return None
    told = actions.told(tx, clock, found.drp)
    if rules.digest_of(told) == found.told:
        return None
    return Call(callback=found, told=told, body=canonical_json(dict(rules.status_of(told, verification_url))))


def end_round(tx: Transaction, clock: Clock, call: Call, trouble: Trouble | None) -> bool:
    """Writes down what came of it. False where that was done before."""
    before = store.callback_by_id(tx, call.callback.drp.id)
    if before is None or before.round != call.callback.round:
        return False
    now = clock.now()
    if trouble is None:
        done = replace(before, told=rules.digest_of(call.told), failures=0, failing_since=None)
        store.end_round(tx, done, look_at=now, trouble=None)
        if call.told.status is not Status.IN_PROGRESS:
            store.forget_callback(tx, before.drp.id)
        return True
    since = before.failing_since or now
    failed = replace(before, failures=before.failures + 1, failing_since=since)
    again = now + pause(failed.failures, is_escalated=trouble is Trouble.INSIDE)
    store.end_round(tx, failed, look_at=again, trouble=trouble)
    if now - since >= _GIVES_UP:
        store.forget_callback(tx, before.drp.id)
    return True


untold = store.untold

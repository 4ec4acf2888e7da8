"""Asking what a leak would mean, and weighing it in the way that a breach is weighed. No breach is entered, no clock runs, and
who would be affected is counted and not kept."""

from datetime import timedelta

from rightcall.actors import Actor
from rightcall.breaches import rules
from rightcall.breaches.model import Circumstances, Window
from rightcall.breaches.rehearsing import store
from rightcall.breaches.rehearsing.model import Rehearsal
from rightcall.breaches.statements import BreachRehearsed
from rightcall.breaches.weighing.assessing import Tell, assess
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import RehearsalId, new_id
from rightcall.ledger.actions import append
from rightcall.vault.actions import Vault

KEPT = timedelta(days=7)


def ask(tx: Transaction, clock: Clock, window: Window, circumstances: Circumstances, *, by: Actor) -> Rehearsal:
    """The worker weighs it from now on. Malformed where no leak can have been then. Older ones go."""
    at = clock.now()
    rules.check_window(window, at)
    asked = Rehearsal(
        id=RehearsalId(new_id()),
        window=window,
        circumstances=circumstances,
        asked_by=by,
        asked_at=at,
        assessed=None,
        progress=None,
    )
    forget(tx, clock)
    store.insert(tx, asked)
    said = BreachRehearsed(
        at=at,
        controller=tx.of,
        rehearsal=asked.id,
        system=window.system,
        began_at=window.began_at,
        until=window.until,
        actor=by.id,
        role=by.role,
    )
    append(tx, said)
    return asked


def get(tx: Transaction, id: RehearsalId) -> Rehearsal:
    found = store.rehearsal(tx, id)
    if found is None:
        raise NotFound("There is no such rehearsal here: each goes a week after it was asked for. Ask again what it would mean.")
    return found


def weigh(tx: Transaction, vault: Vault, clock: Clock, rehearsal: RehearsalId, tell: Tell) -> bool:
    """By the worker. False where there is no need: it is gone, or was weighed. `tell` has a transaction of its own."""
    found = store.rehearsal(tx, rehearsal)
    if found is None or not found.is_under_way:
        return False
    return store.keep(tx, rehearsal, assess(tx, vault, clock, found.window, found.circumstances, tell=tell))


def forget(tx: Transaction, clock: Clock) -> None:
    """Those whose week is over."""
    store.forget(tx, clock.now() - KEPT)


tell_progress = store.tell_progress

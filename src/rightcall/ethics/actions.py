"""Flags: which purposes are not freely given because a no is treated worse, and what a person answers to that.

`flagged` is a fact of the policy's question (`detriment_found`). Deliberately elsewhere: finding gaps (`looking`).
"""

from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ethics import store
from rightcall.ethics.model import Explanation, Flag, FlagId
from rightcall.ethics.rules import TRIALS
from rightcall.ethics.statements import FlagAnswered, LookAsked
from rightcall.ids import PurposeId, StatementId, new_id
from rightcall.ledger.actions import append


def flagged(tx: Transaction) -> frozenset[PurposeId]:
    """Purposes with a gap that was not lifted."""
    return frozenset(store.flagged_purposes(tx))


def on_trial(tx: Transaction, costly: frozenset[PurposeId]) -> frozenset[PurposeId]:
    """Those of `costly`, which `flagged` told, about which people are asked again: each of their flags was answered, and the
    trial goes on. What is captured meanwhile may be used once the flag is lifted, and not before."""
    return costly - frozenset(store.untried_purposes(tx)) if costly else costly


def flags(tx: Transaction) -> list[Flag]:
    """All there ever were, the oldest first."""
    return store.flags(tx)


def flag(tx: Transaction, id: FlagId) -> Flag:
    found = next((each for each in flags(tx) if each.id == id), None)
    if found is None:
        raise NotFound("There is no such flag. GET /api/v1/parity shows those there are.")
    return found


def last_looked_at(tx: Transaction) -> datetime | None:
    """None before the first look."""
    last = store.last_look(tx)
    return None if last is None else last[0]


def answer(tx: Transaction, clock: Clock, id: FlagId, explanation: Explanation, *, by: Actor) -> Flag:
    """What a person answers. It lifts nothing by itself: people are asked again, on trial, and calls from a day after it on
    have to show the gap gone. The first is the DPO's; once its trial has lapsed, a supervisor, who is another person, may answer
    for a second. Conflict otherwise, and once the flag is lifted."""
    found = flag(tx, id)
    if found.lifted_at is not None:
        raise Conflict("This flag was lifted. There is nothing left to answer.")
    if found.is_on_trial:
        raise Conflict("This flag was answered, and its trial goes on. Wait until a look has lifted it or let it lapse.")
    if found.answers >= len(TRIALS):
        raise Conflict("Both trials of this flag were in vain, so there is no other. End the purpose, and ask for a new one.")
    if found.answers == 0 and by.role is not Role.DPO:
        raise Conflict("The first answer to a flag is the DPO's. Ask the DPO.")
    if found.answers == 1 and (by.role is not Role.SUPERVISOR or found.answered_by is None or by.id == found.answered_by.id):
        raise Conflict("The first answer was in vain. The second is a supervisor's, who is not the person who gave the first.")
    at, statement = clock.now(), StatementId(new_id())
    said = FlagAnswered(
        at=at,
        controller=tx.of,
        flag=id,
        purpose=found.purpose,
        measure=found.measure,
        explanation=explanation,
        actor=by.id,
        role=by.role,
    )
    append(tx, said, id=statement)
    store.insert_answer(tx, id, explanation, by=by, at=at, statement=statement)
    return flag(tx, id)


def ask_look(tx: Transaction, clock: Clock, *, by: Actor) -> StatementId:
    """The worker looks as soon as it can. Looking more often does no harm: the account holds at any time."""
    return append(tx, LookAsked(at=clock.now(), controller=tx.of, actor=by.id, role=by.role))

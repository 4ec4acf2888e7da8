"""Writing down what happened to a concern: a row, and in the ledger a commitment that tells a stranger nothing.

The raiser's steps name nobody and have no instant but the beginning of their day.
"""

from datetime import UTC, date, datetime, time

from rightcall.actors import Actor
from rightcall.canonical import Json, canonical_json
from rightcall.clock import Clock, day_of, milliseconds_of
from rightcall.concerns import store
from rightcall.concerns.codes import random_id
from rightcall.concerns.model import AboutCall, AboutNotice, AboutPurpose, AboutRule, Concern, Outcome, Step, Target, Trace
from rightcall.concerns.rules import kind_of
from rightcall.concerns.statements import ConcernStep
from rightcall.database.connection import Transaction
from rightcall.ids import ConcernId, StatementId, SubjectId
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Commitment
from rightcall.vault.actions import Vault


def begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def step_of_raiser(tx: Transaction, vault: Vault, clock: Clock, concern: Concern, key: SubjectId, step: Step) -> None:
    """`key` is the concern's own key."""
    at = begin_of(day_of(clock.now()))
    _say(tx, vault, concern, key, Trace(step=step, at=at, by=None))


def step_of_office(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    concern: Concern,
    key: SubjectId,
    step: Step,
    *,
    by: Actor,
    outcome: Outcome | None = None,
) -> None:
    _say(tx, vault, concern, key, Trace(step=step, at=clock.now(), by=by, outcome=outcome))


def write_step(
    tx: Transaction, vault: Vault, concern: Concern, key: SubjectId, trace: Trace, *, besides: bytes = b""
) -> tuple[StatementId, Commitment]:
    """The row of a step whose statement is of another kind: its id and its commitment, which binds `besides` too."""
    statement = StatementId(random_id())
    store.insert_step(tx, concern.id, trace, statement)
    return statement, Commitment(vault.commit(tx, key, statement, step_bytes(concern.id, concern.target, trace) + besides))


def step_bytes(concern: ConcernId, target: Target, trace: Trace) -> bytes:
    """What the commitment of a step is over."""
    return canonical_json(
        {
            "concern": str(concern),
            "about": kind_of(target).value,
            "target": _id_of(target),
            "step": trace.step.value,
            "at": milliseconds_of(trace.at),
            "actor": None if trace.by is None else str(trace.by.id),
            "role": None if trace.by is None else trace.by.role.value,
            "outcome": None if trace.outcome is None else trace.outcome.value,
        }
    )


def _say(tx: Transaction, vault: Vault, concern: Concern, key: SubjectId, trace: Trace) -> None:
    statement, step = write_step(tx, vault, concern, key, trace)
    ledger.append(tx, ConcernStep(at=begin_of(day_of(trace.at)), controller=tx.of, step=step), id=statement)


def _id_of(target: Target) -> Json:
    match target:
        case AboutPurpose(purpose):
            return str(purpose)
        case AboutRule(rule):
            return rule
        case AboutNotice(notice):
            return str(notice)
        case AboutCall(call):
            return None if call is None else str(call)

"""The organisation's side: taking a concern, reading it, answering it, deciding an appeal, and asking who raised it.

Each of these is written down with who did it. Who raised a concern is shown while the raiser consents, with a reason and a case,
and to nobody who may not read the concern.
"""

from rightcall.actors import Actor
from rightcall.canonical import canonical_json, sha256
from rightcall.clock import Clock, day_of
from rightcall.concerns import actions, rules, sealing, store
from rightcall.concerns.codes import random_id
from rightcall.concerns.course import store as course
from rightcall.concerns.doers import doers
from rightcall.concerns.model import (
    AboutNotice,
    AboutPurpose,
    AboutRule,
    Bearer,
    Concern,
    Finding,
    Identity,
    Outcome,
    SealedLook,
    Step,
    Trace,
    Words,
)
from rightcall.concerns.raiser import has_raised
from rightcall.concerns.rules import Asking, Bar
from rightcall.concerns.statements import ConcernUpheld, IdentityShown
from rightcall.concerns.states import Event, after
from rightcall.concerns.steps import begin_of, step_of_office, write_step
from rightcall.concerns.wording import ANSWER, DECISION, LOOK, envelope_in, opened
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotAllowed
from rightcall.ids import ConcernId, StatementId
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.personal import Personal
from rightcall.policy.reasons import WANTED_CASE, WANTED_REASON, names_case, says_why
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


def own(tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId, by: Bearer) -> Concern:
    """This is theirs to answer now. Whoever had it before has it no more."""
    found = actions.locked(tx, concern)
    state = after(found.state, Event.OWNED)
    _refuse(rules.bar_to_own(_asking(tx, clock, found, by)))
    course.set_owner(tx, concern, state, by.actor)
    return _said(tx, vault, clock, found, Step.OWNED, by.actor)


def read(tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId, by: Bearer) -> Words:
    """The words, for who has to do with them. That they were read is written down."""
    found = actions.locked(tx, concern)
    _refuse(rules.bar_to_read(found, _asking(tx, clock, found, by)))
    words = opened(tx, vault, concern)
    if found.forgotten_on is None:
        _said(tx, vault, clock, found, Step.READ, by.actor)
    return words


def answer(
    tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId, by: Bearer, *, outcome: Outcome, words: Personal[str]
) -> Concern:
    """What the owner found, with words for the raiser."""
    found = actions.locked(tx, concern)
    state = after(found.state, Event.ANSWERED)
    _refuse(rules.bar_to_answer(found, _asking(tx, clock, found, by)))
    sealed = envelope_in(tx, vault, concern).seal(tx, vault, rules.checked_words(words), ANSWER)
    finding = Finding(outcome=outcome, by=by.actor, at=clock.now())
    course.set_answer(tx, concern, state, finding, sealed)
    _say_upheld(tx, found, finding)
    return _said(tx, vault, clock, found, Step.ANSWERED, by.actor, outcome)


def decide(
    tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId, by: Bearer, *, outcome: Outcome, words: Personal[str]
) -> Concern:
    """What a second person found after the appeal. That is the end of it."""
    found = actions.locked(tx, concern)
    state = after(found.state, Event.DECIDED)
    _refuse(rules.bar_to_decide(found, _asking(tx, clock, found, by)))
    sealed = envelope_in(tx, vault, concern).seal(tx, vault, rules.checked_words(words), DECISION)
    finding = Finding(outcome=outcome, by=by.actor, at=clock.now())
    course.set_decision(tx, concern, state, finding, sealed, day_of(finding.at))
    _say_upheld(tx, found, finding)
    return _said(tx, vault, clock, found, Step.DECIDED, by.actor, outcome)


def reveal(
    tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId, by: Bearer, *, reason: str, case: str
) -> Identity | Dark:
    """Who raised it. NotAllowed without the raiser's consent; the raiser sees who looked, why and for which case."""
    found = actions.locked(tx, concern)
    if not says_why(reason):
        raise Malformed(f"Give a reason that {WANTED_REASON}.")
    if not names_case(case):
        raise Malformed(f"Give a case that {WANTED_CASE}.")
    _refuse(rules.bar_to_read(found, _asking(tx, clock, found, by)))
    if not found.may_be_shown:
        raise NotAllowed("The raiser does not consent to being known, so nobody is shown who it is.")
    raiser, place = store.sealed_raiser(tx, concern), envelope_in(tx, vault, concern)
    identity = sealing.open_identity(tx, vault, concern, found.raised_as, raiser, place)
    if not isinstance(identity, Dark):
        _write_look(tx, vault, clock, found, by.actor, canonical_json({"reason": reason.strip(), "case": case.strip()}))
    return identity


def _write_look(tx: Transaction, vault: Vault, clock: Clock, concern: Concern, by: Actor, why: bytes) -> None:
    key = store.sealed_words(tx, concern.id).key
    look = SealedLook(at=clock.now(), by=by, why=vault.seal_value(tx, key, why, LOOK))
    course.insert_look(tx, concern.id, random_id(), look)
    trace = Trace(step=Step.SHOWN, at=look.at, by=by)
    statement, step = write_step(tx, vault, concern, key, trace, besides=why)
    said = IdentityShown(at=begin_of(day_of(look.at)), controller=tx.of, step=step, actor=by.id, role=by.role)
    ledger.append(tx, said, id=statement)


def _asking(tx: Transaction, clock: Clock, concern: Concern, by: Bearer) -> Asking:
    steps = [trace for trace, _ in store.steps(tx, concern.id)]
    return Asking(
        actor=by.actor,
        raised_it=has_raised(tx, concern.id, by),
        doers=doers(tx, concern),
        had_it={trace.by.id for trace in steps if trace.by is not None and trace.step in (Step.OWNED, Step.ANSWERED)},
        nobody_else=rules.is_overdue(concern, day_of(clock.now())) or not actions.answerable(tx, clock, concern),
    )


def _refuse(bar: Bar | None) -> None:
    if bar in (Bar.RAISED_IT, Bar.DID_IT, Bar.SAME_PERSON):
        raise Conflict(bar.value)
    if bar is not None:
        raise NotAllowed(bar.value)


def _say_upheld(tx: Transaction, concern: Concern, finding: Finding) -> None:
    """For whoever must act on it: a review lapses, a notice is mended."""
    if not finding.outcome.finds_fault:
        return
    target = concern.target
    statement = ConcernUpheld(
        at=finding.at,
        controller=tx.of,
        about=rules.kind_of(target),
        purpose=target.purpose if isinstance(target, AboutPurpose) else None,
        notice=target.notice if isinstance(target, AboutNotice) else None,
        rule=Digest(sha256(target.rule.encode())) if isinstance(target, AboutRule) else None,
        outcome=finding.outcome,
        actor=finding.by.id,
        role=finding.by.role,
    )
    ledger.append(tx, statement, id=StatementId(random_id()))


def _said(
    tx: Transaction, vault: Vault, clock: Clock, concern: Concern, step: Step, by: Actor, outcome: Outcome | None = None
) -> Concern:
    key = store.sealed_words(tx, concern.id).key
    step_of_office(tx, vault, clock, concern, key, step, by=by, outcome=outcome)
    return actions.get(tx, concern.id)

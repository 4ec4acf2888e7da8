"""Raising a concern, and looking at concerns.

Deliberately elsewhere: what the raiser does next (`raiser`), what the organisation does (`answering`), the clocks (`keeping`),
and the published rates (`rates`).
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.clock import Clock, day_of
from rightcall.concerns import rules, sealing, store
from rightcall.concerns.codes import digest_of, new_code, random_id
from rightcall.concerns.doers import doers
from rightcall.concerns.model import (
    AboutCall,
    AboutNotice,
    AboutPurpose,
    AboutRule,
    Anonymous,
    Concern,
    Customer,
    Days,
    Raised,
    RaisedAs,
    Raiser,
    SealedRaiser,
    SealedWords,
    Staff,
    Step,
    System,
    Target,
    Trace,
)
from rightcall.concerns.rates import Rates, rates_of, span
from rightcall.concerns.sealing import Envelope
from rightcall.concerns.states import RAISED, Stage
from rightcall.concerns.steps import step_of_raiser
from rightcall.concerns.wording import WORDS
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import ConcernId, PurposeId
from rightcall.personal import Personal
from rightcall.policy.in_force import in_force
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.staff import actions as staff
from rightcall.staff.members import actions as members
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault

_NO_SUCH = "There is no such concern of this controller. List the concerns to see their ids."


def raise_concern(
    tx: Transaction, vault: Vault, clock: Clock, *, target: Target, words: Personal[str], by: Raiser, days: Days
) -> Raised:
    """A concern, and the case code that the raiser keeps: shown now and never again. NotFound where there is no such target."""
    check_target(tx, target)
    words = rules.checked_words(words)
    today = day_of(clock.now())
    concern = _new(target, by, today, days)
    _check_lives(tx, vault, by)
    envelope = Envelope(key=sealing.new_key(tx, vault))
    sealed = SealedWords(
        key=envelope.key,
        subject=None,
        words=envelope.seal(tx, vault, words, WORDS),
        answer=None,
        appeal=None,
        decision=None,
    )
    code = None if isinstance(by, System) else new_code()
    store.insert_concern(tx, concern, sealed, _sealed_raiser(tx, vault, concern.id, by, code))
    if code is not None:
        store.insert_code(tx, concern.id, digest_of(code))
    step_of_raiser(tx, vault, clock, concern, envelope.key, Step.RAISED)
    return Raised(concern=concern, answerable=answerable(tx, clock, concern), code=code)


def about_rule(tx: Transaction, clock: Clock, rules: RuleSet, rule: str) -> AboutRule:
    """A rule of the law, of the charter, or of the house rules that this controller goes by now; NotFound else. `rules`: the
    deployment's."""
    if rule not in {each.id for each in in_force(tx, clock, rules).rules.rules}:
        raise NotFound(
            "There is no such rule in force. A verdict names those that decided it; `rightcall rules show` prints all."
        )
    return AboutRule(rule)


def check_target(tx: Transaction, target: Target) -> None:
    """NotFound where this controller has no such purpose, notice or call; Malformed where it cannot be a rule's id. Whether there
    is such a rule, `about_rule` says, for whoever has the rules at hand."""
    match target:
        case AboutPurpose(purpose):
            purposes.get(tx, purpose)
        case AboutNotice(notice):
            purposes.notice(tx, notice)
        case AboutRule(rule):
            rules.checked_rule(rule)
        case AboutCall(call):
            if call is not None:
                calls.get(tx, call)


def get(tx: Transaction, concern: ConcernId) -> Concern:
    found = store.concern_by_id(tx, concern)
    if found is None:
        raise NotFound(_NO_SUCH)
    return found


def locked(tx: Transaction, concern: ConcernId) -> Concern:
    """As it is, and stays until the transaction ends."""
    store.lock_concern(tx, concern)
    return get(tx, concern)


def seen(tx: Transaction, concern: ConcernId, clock: Clock, by: Actor) -> Concern:
    """One that they may know of by now; NotFound for a later one, in the same words as where there is none."""
    today, found = day_of(clock.now()), store.concern_by_id(tx, concern)
    before = rules.seen_before(by, today)
    if found is None or found.raised_on >= before:
        raise NotFound(_NO_SUCH if before > today else f"{_NO_SUCH} {rules.SHOWN_TOMORROW}")
    return found


listed = store.concerns_page


def traces(tx: Transaction, concern: ConcernId) -> list[Trace]:
    """What happened to it, in order."""
    return [trace for trace, _ in store.steps(tx, concern)]


def overdue(tx: Transaction, clock: Clock) -> int:
    """How many wait for an answer or a decision that is late."""
    today = day_of(clock.now())
    return sum(rules.is_overdue(concern, today) for concern in store.not_closed(tx))


def unowned(tx: Transaction, clock: Clock, by: Actor) -> int:
    """How many that they may know of by now nobody has taken on."""
    before = rules.seen_before(by, day_of(clock.now()))
    raised = [each for each in store.not_closed(tx) if each.state.stage is Stage.RAISED]
    return sum(before is None or each.raised_on < before for each in raised)


def published(tx: Transaction, clock: Clock) -> Rates:
    """What anyone may know."""
    today = day_of(clock.now())
    return rates_of(store.raised_between(tx, *span(today)), today)


def answerable(tx: Transaction, clock: Clock, concern: Concern) -> bool:
    """Whether there is a supervisor or a DPO who did not do what it is about. Whether one of them raised it, nobody is told."""
    now, barred = clock.now(), doers(tx, concern)
    tokens = [(each.id, each.role) for each in staff.tokens(tx) if each.revoked_at is None and now < each.expires_at]
    people = [(each.id, each.role) for each in members.members(tx) if each.is_active]
    return any(role in rules.MAY_ANSWER and id not in barred for id, role in (*tokens, *people))


def upheld_since(tx: Transaction, purpose: PurposeId, at: datetime) -> bool:
    """Whether a concern about the purpose or one of its notices was upheld, in whole or in part, at `at` or later. Where a second
    person decided, their word counts."""
    notices = [notice.id for notice in purposes.notices(tx, purpose)]
    return store.faulted_since(tx, purpose, notices, at)


def open_about(tx: Transaction, clock: Clock, purpose: PurposeId) -> int:
    """How many concerns about the purpose or one of its notices are not closed; those raised today count from tomorrow on."""
    notices = [notice.id for notice in purposes.notices(tx, purpose)]
    return store.open_about(tx, purpose, notices, day_of(clock.now()))


def _new(target: Target, by: Raiser, today: date, days: Days) -> Concern:
    return Concern(
        id=ConcernId(random_id()),
        target=target,
        raised_as=_as(by),
        raised_on=today,
        state=RAISED,
        owner=None,
        answer_due_on=today + timedelta(days=days.answer),
        answer=None,
        appealed_on=None,
        decision_due_on=None,
        decision=None,
        closed_on=None,
        escalated_for=None,
        may_be_shown=False,
        forgotten_on=None,
    )


def _as(by: Raiser) -> RaisedAs:
    match by:
        case Anonymous():
            return RaisedAs.ANONYMOUS
        case Staff():
            return RaisedAs.STAFF
        case Customer():
            return RaisedAs.CUSTOMER
        case System():
            return RaisedAs.SYSTEM


def _check_lives(tx: Transaction, vault: Vault, by: Raiser) -> None:
    if not isinstance(by, Customer):
        return
    subjects.get(tx, by.subject)
    if not vault.subject_exists(tx, by.subject):
        raise Conflict("This person was erased, so nothing can be kept for them. Raise the concern anonymously.")


def _sealed_raiser(tx: Transaction, vault: Vault, concern: ConcernId, by: Raiser, code: Personal[str] | None) -> SealedRaiser:
    if code is None:
        return sealing.NOBODY
    match by:
        case Staff():
            named = replace(by, name=rules.checked_name(by.name))
            return sealing.seal_staff(tx, vault, concern, named, code)
        case Customer():
            named_customer = replace(by, name=rules.checked_name(by.name))
            return sealing.seal_customer(tx, vault, concern, named_customer, code)
        case Anonymous() | System():
            return sealing.NOBODY

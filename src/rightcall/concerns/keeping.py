"""The clocks of concerns, for the worker: what is late goes to the DPO, what nobody appeals lapses, what is over is forgotten.

Run again and again, it does each thing once. After a restore it does again what the backup did not know.
"""

from dataclasses import dataclass
from datetime import UTC, date, timedelta

from rightcall.actors import SYSTEM
from rightcall.clock import Clock, day_of
from rightcall.concerns import actions, rules, store
from rightcall.concerns.course import store as course
from rightcall.concerns.model import Concern, Days, Step
from rightcall.concerns.states import Event, Stage, after
from rightcall.concerns.steps import step_of_office
from rightcall.concerns.wording import sealed_anew
from rightcall.database.connection import Transaction
from rightcall.ids import ConcernId
from rightcall.settings import Settings
from rightcall.vault.actions import Vault

_KNOCKS_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """`overdue`: how many wait for an answer or a decision that is late. The others: how many times it was done just now."""

    overdue: int
    escalated: int
    lapsed: int
    forgotten: int


def keep(tx: Transaction, vault: Vault, clock: Clock, *, days: Days) -> Kept:
    """All that is due for this controller today."""
    today, waiting = day_of(clock.now()), store.not_closed(tx)
    overdue = [concern for concern in waiting if rules.is_overdue(concern, today)]
    course.forget_knocks(tx, clock.now() - timedelta(hours=_KNOCKS_HOURS))
    for concern in store.bound_to_subject(tx):
        _unbind(tx, vault, concern)
    return Kept(
        overdue=len(overdue),
        escalated=sum(_escalate(tx, vault, clock, each.id) for each in overdue if each.escalated_for != rules.due_on(each)),
        lapsed=sum(_lapse(tx, vault, clock, each.id) for each in waiting if _has_lapsed(each, clock, days)),
        forgotten=sum(_forget(tx, vault, clock, each) for each in _to_forget(tx, today, days)),
    )


def days_of(settings: Settings) -> Days:
    return Days(answer=settings.concern_answer_days, appeal=settings.concern_appeal_days, keep=settings.concern_keep_days)


def admits(tx: Transaction, clock: Clock, most_an_hour: int) -> bool:
    """Counts one more that comes without a token in this hour; False where that is too many for this controller."""
    hour = clock.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return course.count_knock(tx, hour) <= most_an_hour


def _escalate(tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId) -> bool:
    """To the DPO: it shows in the list, once for each day that something was due on. The ledger has a step like any other."""
    found = actions.locked(tx, concern)
    due = rules.due_on(found)
    if due is None or found.escalated_for == due or not rules.is_overdue(found, day_of(clock.now())):
        return False
    course.set_escalated(tx, concern, due)
    _say(tx, vault, clock, found, Step.ESCALATED)
    return True


def _has_lapsed(concern: Concern, clock: Clock, days: Days) -> bool:
    until = rules.appeal_until(concern, days)
    return concern.state.stage is Stage.ANSWERED and until is not None and until < day_of(clock.now())


def _lapse(tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId) -> bool:
    """The time to appeal is over."""
    found = actions.locked(tx, concern)
    if found.state.stage is not Stage.ANSWERED:
        return False
    course.set_closed(tx, concern, after(found.state, Event.LAPSED), day_of(clock.now()))
    _say(tx, vault, clock, found, Step.LAPSED)
    return True


def _to_forget(tx: Transaction, today: date, days: Days) -> list[ConcernId]:
    """What the raiser wants gone goes on a later day, so that its instant does not tell theirs."""
    return store.to_forget(tx, closed_before=today - timedelta(days=days.keep), today=today)


def _forget(tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId) -> bool:
    """Destroys every key of it. What stays is what it was about, its days and its outcome."""
    found = actions.locked(tx, concern)
    if found.forgotten_on is not None:
        return False
    _say(tx, vault, clock, found, Step.FORGOTTEN)
    raiser = store.sealed_raiser(tx, concern)
    for key in (store.sealed_words(tx, concern).key, raiser.key, raiser.consent_key):
        if key is not None:
            vault.destroy_subject(tx, key)
    if raiser.consent_key is not None:
        course.clear_consent(tx, raiser.consent_key)
    course.set_forgotten(tx, concern, day_of(clock.now()))
    return True


def _unbind(tx: Transaction, vault: Vault, concern: ConcernId) -> None:
    """Lays its words under its own key alone, so that the raiser's erasure does not darken them and tell whose they were. What is
    dark already stays dark."""
    if actions.locked(tx, concern).forgotten_on is None:
        course.set_words(tx, concern, sealed_anew(tx, vault, concern))


def _say(tx: Transaction, vault: Vault, clock: Clock, concern: Concern, step: Step) -> None:
    step_of_office(tx, vault, clock, concern, store.sealed_words(tx, concern.id).key, step, by=SYSTEM)

"""Answering the six questions, each from what its rooms keep."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from rightcall.breaches import actions as breaches
from rightcall.breaches.weighing import actions as weighing
from rightcall.clock import Clock, day_of
from rightcall.concerns import actions as concerns
from rightcall.consent.model import Answer
from rightcall.copies import actions as copies
from rightcall.copies.model import Drill
from rightcall.database.connection import Transaction
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.systems import actions as systems
from rightcall.ethics import actions as ethics
from rightcall.ethics.minimisation import actions as minimisation
from rightcall.ethics.minimisation.model import State
from rightcall.holdings.holds import actions as holds
from rightcall.ids import PurposeId
from rightcall.policy import overriding
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.questions import store
from rightcall.questions.model import DAYS, Answers, Day, Held, Needed, Right, Safe, Said, SaidYes, Stands, Why
from rightcall.requests import actions as requests
from rightcall.requests import staying
from rightcall.retention import coming as retention
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import InForce
from rightcall.safety import actions as safety
from rightcall.safety.model import WeaknessState
from rightcall.safety.rules import SEVERITY
from rightcall.staff import actions as staff
from rightcall.staff.members import actions as members
from rightcall.vault.actions import Vault


def answer(tx: Transaction, vault: Vault, clock: Clock, rules: RuleSet, drill: Drill | None) -> Answers:
    """`drill`: the last of this deployment (`last_drill`), which is no controller's alone."""
    now = clock.now()
    since = since_when(now)
    return Answers(
        at=now,
        why=_why(tx, clock, rules),
        said_yes=_said_yes(tx, since),
        held=_held(tx, clock),
        safe=_safe(tx, clock, drill, since),
        needed=_needed(tx, vault, clock),
        right=_right(tx, clock, since),
    )


def last_drill(system_tx: Transaction) -> Drill | None:
    return copies.newest_drilled(system_tx)


def _why(tx: Transaction, clock: Clock, rules: RuleSet) -> Why:
    active = purposes.active(tx)
    standings = reviews_standing.standings(tx, clock, rules, active)
    found = [Stands(purpose=each, runs=isinstance(standings[each.id], InForce)) for each in active]
    return Why(purposes=tuple(sorted(found, key=lambda each: (not each.runs, each.purpose.title))))


def said_to(tx: Transaction, clock: Clock, purpose: PurposeId) -> Said:
    """What people answered to one purpose in the last days."""
    since = since_when(clock.now())
    return Said(days=_days(store.answers_by_day(tx, since, purpose), since))


def since_when(now: datetime) -> datetime:
    """The first instant of the days that are counted."""
    return datetime.combine(day_of(now) - timedelta(days=DAYS - 1), time(), UTC)


def _said_yes(tx: Transaction, since: datetime) -> SaidYes:
    return SaidYes(days=_days(store.answers_by_day(tx, since), since), quarantined=store.quarantined(tx))


def _days(counted: Mapping[tuple[date, Answer], int], since: datetime) -> tuple[Day, ...]:
    first = day_of(since)
    return tuple(
        Day(
            day=day,
            yes=counted.get((day, Answer.GRANTED), 0),
            no=counted.get((day, Answer.REFUSED), 0),
            withdrawn=counted.get((day, Answer.WITHDRAWN), 0),
        )
        for day in (first + timedelta(days=nth) for nth in range(DAYS))
    )


def _held(tx: Transaction, clock: Clock) -> Held:
    cells = seeing.data_map(tx, clock)
    return Held(
        things=sum(each.items for each in cells),
        systems=sum(each.retired_at is None for each in systems.systems(tx)),
        nobodys=sum(each.nobodys for each in cells),
        pairs=joins.count_waiting(tx),
        unknown=len(seeing.not_known(tx)),
    )


def _safe(tx: Transaction, clock: Clock, drill: Drill | None, since: datetime) -> Safe:
    weaknesses, now = safety.of_system(tx), clock.now()
    open_breaches = [each for each in breaches.breaches(tx) if each.closed_at is None]
    return Safe(
        weaknesses=Counter(SEVERITY[each.kind] for each in weaknesses if each.state is WeaknessState.OPEN),
        accepted=Counter(SEVERITY[each.kind] for each in weaknesses if each.state is WeaknessState.ACCEPTED),
        unseen=len(safety.never_looked_at(tx)),
        drill=drill,
        breaches=len(open_breaches),
        owed=Counter(weighing.owed(tx, clock, open_breaches).values()),
        let_in=sum(each.created_at >= since for each in members.members(tx)),
        tokens=sum(each.created_at >= since and each.opens(now) for each in staff.tokens(tx)),
    )


def _needed(tx: Transaction, vault: Vault, clock: Clock) -> Needed:
    tell, today = staying.to_tell(tx), day_of(clock.now())
    found = retention.coming(tx, vault, clock, days=DAYS)
    return Needed(
        ending=tuple(sorted(found.going.items())),
        by_hand=sum(each.items for each in found.ending if each.system is not None),
        late=sum(each.items for each in retention.late(tx, vault, clock)),
        holds=len(holds.standing(tx)),
        proposals=sum(each.state is State.OPEN for each in minimisation.proposals(tx)),
        to_tell=sum(each.many for each in tell),
        erasures_late=sum(each.is_late(today) for each in tell),
    )


def _right(tx: Transaction, clock: Clock, since: datetime) -> Right:
    waiting = requests.unanswered(tx, clock).values()
    now = clock.now()
    return Right(
        stopped=store.stopped(tx, since),
        requests=sum(each.requests for each in waiting),
        requests_late=sum(each.late for each in waiting),
        concerns_late=concerns.overdue(tx, clock),
        overrides=sum(each.is_in_force(now) for each in overriding.overrides(tx, clock)),
        gaps=sum(each.stands for each in ethics.flags(tx)),
    )


answers = store.answers
stops = store.stops

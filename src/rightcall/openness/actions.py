"""What a controller tells everybody: what stands now, and what was counted over the twelve whole months before this one."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from rightcall.activities import actions as activities
from rightcall.breaches import actions as breaches
from rightcall.breaches.model import Breach, Nature
from rightcall.breaches.weighing import actions as weighing
from rightcall.clock import Clock, day_of
from rightcall.concerns import actions as concerns
from rightcall.concerns.rates import band, span
from rightcall.consent.model import Answer
from rightcall.database.connection import Transaction
from rightcall.ethics import actions as ethics
from rightcall.ethics import standing
from rightcall.ids import PurposeId
from rightcall.ledger import actions as ledger
from rightcall.openness import store
from rightcall.openness.model import Answers, Fairness, Gap, Incident, LetGo, Met, Months, Now, Reason
from rightcall.openness.rules import answers_of, is_told, met, set_aside
from rightcall.policy import overriding
from rightcall.policy.model import RuleSet
from rightcall.policy.overrides.model import Override
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.requests.model import RequestKind
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import Content, InForce, Standing

_A_YEAR = timedelta(days=365)


def now(tx: Transaction, clock: Clock, rules: RuleSet, *, checkpoint: str | None) -> Now:
    """`checkpoint`: the ledger's latest, which is no controller's alone (`latest_checkpoint`)."""
    at = clock.now()
    return Now(
        at=at,
        reasons=_reasons(tx, clock, rules),
        recipients=tuple(each for each in activities.recipients(tx) if each.ended_at is None),
        overrides=tuple(set_aside(each) for each in overrides_told(tx, clock)),
        fairness=fairness(tx),
        incidents=tuple(_incident(tx, each) for each in breaches.breaches(tx) if each.known_at > at - _A_YEAR),
        checkpoint=checkpoint,
    )


def overrides_told(tx: Transaction, clock: Clock) -> list[Override]:
    """Those of the last year of which everybody may know by now."""
    return [each for each in overriding.overrides(tx, clock) if is_told(each, last_day(clock))]


def latest_checkpoint(system_tx: Transaction) -> str | None:
    return ledger.latest_checkpoint(system_tx)


def last_day(clock: Clock) -> date:
    """The day as of which `months` counts: as long as it is the same, so are they."""
    return span(day_of(clock.now()))[1]


def months(tx: Transaction, clock: Clock) -> Months:
    """Reads all choices of a year: whoever asks often keeps the answer until `last_day` is another."""
    first, last = span(day_of(clock.now()))
    since, until = _midnight(first), _midnight(last + timedelta(days=1))
    return Months(
        first=first,
        last=last,
        answers=_answers(tx, since, until),
        requests=_requests(tx, since, until),
        let_go=LetGo(
            things=band(store.disposed(tx, since, until)),
            people=band(store.erased(tx, since, until)),
            days=store.terms_ended(tx, since, until),
        ),
        concerns=concerns.published(tx, clock),
    )


def _reasons(tx: Transaction, clock: Clock, rules: RuleSet) -> tuple[Reason, ...]:
    active = purposes.active(tx)
    standings = reviews_standing.standings(tx, clock, rules, active)
    return tuple(Reason(purpose=each, review=_content(tx, standings.get(each.id))) for each in active)


def _content(tx: Transaction, found: Standing | None) -> Content | None:
    return reviews.history(tx, found.review).review.content if isinstance(found, InForce) else None


def fairness(tx: Transaction) -> Fairness:
    known = standing.known(tx)
    flags = [each for each in ethics.flags(tx) if each.stands]
    tried = ethics.on_trial(tx, frozenset(each.purpose for each in flags))
    gaps = tuple(
        Gap(
            purpose=each.purpose,
            measure=each.measure,
            found_at=each.flagged_at,
            tried_since=each.answered_at if each.purpose in tried else None,
        )
        for each in flags
    )
    return Fairness(looked_at=known.looked_at, compared=len(known.accounts), gaps=gaps)


def _incident(tx: Transaction, breach: Breach) -> Incident:
    assessed = weighing.standing(tx, breach).assessed
    return Incident(
        natures=tuple(each for each in Nature if each in breach.circumstances.nature),
        people=None if assessed is None else band(assessed.people),
        known_at=breach.known_at,
        authority_told_at=breach.authority_told_at,
        people_told_at=breach.people_told_at,
        closed_at=breach.closed_at,
    )


def _answers(tx: Transaction, since: datetime, until: datetime) -> tuple[Answers, ...]:
    found = store.first_answers(tx, since, until)
    return tuple(_answer(each, found.get(each.id, {})) for each in purposes.active(tx) if each.id in found)


def _answer(purpose: Purpose, counted: Mapping[Answer, int]) -> Answers:
    return answers_of(
        PurposeId(purpose.id),
        counted.get(Answer.GRANTED, 0),
        counted.get(Answer.REFUSED, 0),
        counted.get(Answer.WITHDRAWN, 0),
    )


def _requests(tx: Transaction, since: datetime, until: datetime) -> tuple[Met, ...]:
    found = store.requests(tx, since, until)
    none = store.Asked(received=0, days=(), late=0)
    asked = ((kind, found.get(kind, none)) for kind in RequestKind)
    return tuple(met(kind, each.received, each.days, each.late) for kind, each in asked)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

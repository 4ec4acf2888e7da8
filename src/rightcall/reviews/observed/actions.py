"""The worker's round: what was done is held against the reviews, and which of them lapsed by it is written down."""

from datetime import datetime, timedelta

from rightcall.actors import SYSTEM
from rightcall.clock import Clock, day_of
from rightcall.concerns import actions as concerns
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId, ReviewId
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.reviews import record, store
from rightcall.reviews import rules as deciding
from rightcall.reviews.model import End, InForce, NotInForce, Review
from rightcall.reviews.observed import store as observed
from rightcall.reviews.standing import standings

_LATE = timedelta(minutes=10)
_COUNTED_OVER = timedelta(days=30)


def observe(tx: Transaction, clock: Clock, rules: RuleSet) -> dict[ReviewId, End]:
    """The worker's round: reads what was done since the last one, and writes down which reviews have lapsed and why. Those."""
    at, register = clock.now(), purposes.all_purposes(tx)
    for standing in standings(tx, clock, rules, register).values():
        if isinstance(standing, InForce):
            _observe(tx, record.get(tx, standing.review), at)
    lapsed: dict[ReviewId, End] = {}
    for purpose, standing in standings(tx, clock, rules, register).items():
        if isinstance(standing, InForce) and _end_faulted(tx, standing.review, at):
            lapsed[standing.review] = End.CONCERN_UPHELD
        if isinstance(standing, NotInForce) and standing.review is not None:
            why = _lapse(tx, purpose, standing, standing.review, at)
            lapsed |= {} if why is None else {standing.review: why}
    return lapsed


def _observe(tx: Transaction, review: Review, at: datetime) -> None:
    """A use may be committed a little after its instant, so each round reads the end of the last one again."""
    opened_at, until = observed.observed_until(tx, review.id)
    since = max(until - _LATE, opened_at)
    used = observed.uses(tx, review.purpose, acts=sorted(deciding.USES), since=since, until=at)
    counts = day_of(until) != day_of(at)
    calls = observed.captured_calls(tx, review.purpose, since=at - _COUNTED_OVER, until=at) if counts else None
    for each in deciding.unnamed(review.content, used, calls):
        observed.insert_observation(tx, review.id, each, at)
    observed.observed_up_to(tx, review.id, at)


def _end_faulted(tx: Transaction, review: ReviewId, at: datetime) -> bool:
    """Whether a concern about its purpose was upheld since it was opened. Then it ends."""
    found = record.get(tx, review)
    opened_at, _ = observed.observed_until(tx, review)
    if not concerns.upheld_since(tx, found.purpose, opened_at):
        return False
    store.lock(tx, found.purpose)
    if store.ending(tx, review) is not None:
        return False
    record.end(tx, found, End.CONCERN_UPHELD, at, SYSTEM)
    return True


def _lapse(tx: Transaction, purpose: PurposeId, standing: NotInForce, review: ReviewId, at: datetime) -> End | None:
    """Why it has lapsed, where that was not written down yet."""
    why = deciding.lapse(standing.whys)
    store.lock(tx, purpose)
    if why is None or store.ending(tx, review) is not None:
        return None
    record.end(tx, record.get(tx, review), why, at, SYSTEM)
    return why

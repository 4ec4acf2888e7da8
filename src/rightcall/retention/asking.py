"""Another term, with what is kept already: how much that would be about. And asking for a longer one: the verdict, and the next
version of the purpose's review, which people in two roles sign.

The DPO asks, since the law wants somebody to answer for it; nobody signs who asked. Where the basis is a yes the answer is no:
it covers no longer than it was asked for. Deliberately elsewhere: what follows once it is signed (`lengthening`), and keeping one
thing of one person longer (`holdings.holds`).
"""

from rightcall.actors import Actor
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.discovery.mapping import actions as mapping
from rightcall.discovery.mapping.model import Redated
from rightcall.errors import Conflict, Malformed
from rightcall.holdings.holds.model import Law
from rightcall.holdings.longer import store as longer
from rightcall.holdings.longer.model import Reach, Sooner
from rightcall.ids import PurposeId
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Lengthening, Narrowing
from rightcall.purposes.rules import check_lengthening, check_shortening
from rightcall.retention.model import LongerAsked
from rightcall.reviews import actions as reviews
from rightcall.reviews.model import Longer, NewReview
from rightcall.reviews.weighing import weigh_longer

LONGEST_WHY = 2000
LOOKED_AT = 5000
"""Things of ours, and as many in each other system, that are looked at where somebody waits for a page."""


def reach(tx: Transaction, clock: Clock, purpose: PurposeId) -> Reach:
    """What of ours a longer term would be about, as things stand."""
    return longer.reach(tx, purpose, purposes.get(tx, purpose).term_days, day_of(clock.now()))


def first_reach(tx: Transaction, clock: Clock, purpose: PurposeId, most: int = LOOKED_AT) -> Reach:
    """The same of the first that end: all of it where there is no more than that."""
    return longer.first_reach(tx, purpose, purposes.get(tx, purpose).term_days, day_of(clock.now()), most)


def sooner(tx: Transaction, clock: Clock, purpose: PurposeId, term_days: int) -> Sooner:
    """What of ours a shorter term would be about, as things stand. Conflict where one person may give no such term."""
    _check_shorter(tx, purpose, term_days)
    return longer.sooner(tx, purpose, term_days, day_of(clock.now()))


def first_sooner(tx: Transaction, clock: Clock, purpose: PurposeId, term_days: int, most: int = LOOKED_AT) -> Sooner:
    """The same of the first that end, as `first_reach`."""
    _check_shorter(tx, purpose, term_days)
    return longer.first_sooner(tx, purpose, term_days, day_of(clock.now()), most)


def reach_elsewhere(tx: Transaction, clock: Clock, purpose: PurposeId, most: int | None = None) -> list[Redated]:
    """What a longer term, of however many days, would be about in other systems; `most` as `mapping.by_term`."""
    return mapping.by_term(tx, clock, purpose, purposes.get(tx, purpose).term_days + 1, most=most)


def sooner_elsewhere(tx: Transaction, clock: Clock, purpose: PurposeId, term_days: int, most: int | None = None) -> list[Redated]:
    """What a shorter term would be about in other systems, where nothing goes by itself."""
    return mapping.by_term(tx, clock, purpose, term_days, most=most)


def ask_longer(
    tx: Transaction, clock: Clock, rules: RuleSet, purpose: PurposeId, term_days: int, *, law: Law | None, why: str, by: Actor
) -> LongerAsked:
    """Conflict where the purpose was never reviewed, or has another term meanwhile. Malformed where it is no longer term, or
    nobody says why."""
    found, words = purposes.get(tx, purpose), why.strip()
    change = Lengthening(was_days=found.term_days, term_days=term_days)
    check_lengthening(found, change)
    if not 10 <= len(words) <= LONGEST_WHY:
        raise Malformed(f"Say why it is needed for longer, in 10 to {LONGEST_WHY} characters: whoever signs reads it.")
    histories = reviews.of_purpose(tx, purpose)
    if not histories:
        raise Conflict("This purpose was never reviewed. Review it first; a longer term is the next version of its review.")
    id, verdict = weigh_longer(tx, rules, clock, found, term_days=term_days, law_named=law is not None, by=by)
    if not verdict.proceeds or verdict.overrides:
        return LongerAsked(id=id, verdict=verdict, review=None)
    wanted = Longer(lengthening=change, verdict=id, law=None if law is None else law.text, why=words)
    new = NewReview(purpose=purpose, content=histories[0].review.content, longer=wanted)
    return LongerAsked(id=id, verdict=verdict, review=reviews.draft(tx, clock, rules, new, by=by))


def _check_shorter(tx: Transaction, purpose: PurposeId, term_days: int) -> None:
    check_shortening(purposes.get(tx, purpose), Narrowing(term_days=term_days))

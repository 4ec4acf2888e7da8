"""The one question that everything else asks of reviews: is one in force for this purpose, and if not, why?"""

from collections.abc import Iterator, Mapping, Sequence

from rightcall.clock import Clock, day_of
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId, ReviewId
from rightcall.policy import actions as policy
from rightcall.policy.adoption.model import InForce as RulesInForce
from rightcall.policy.model import RuleSet, Verdict
from rightcall.policy.situations import DesignFacts
from rightcall.policy.unknown import not_known
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.reviews import rules as deciding
from rightcall.reviews import store
from rightcall.reviews.model import InForce, Standing, Why, WhyNot


def in_force(tx: Transaction, clock: Clock, rules: RuleSet, purpose: PurposeId) -> Standing:
    """Whether a review of this purpose is in force now, or why not. `rules` are those of the deployment."""
    return standings(tx, clock, rules, [purposes.get(tx, purpose)])[purpose]


def standings(tx: Transaction, clock: Clock, rules: RuleSet, of: Sequence[Purpose]) -> dict[PurposeId, Standing]:
    """The same for many purposes at once, by a few indexed reads: what settling a call asks. What counts is what the controller's
    own house rules are now, beside the law."""
    return standings_under(tx, clock, policy.in_force(tx, clock, rules), of, places_of(tx)) if of else {}


def standings_under(
    tx: Transaction, clock: Clock, now: RulesInForce, of: Sequence[Purpose], places: frozenset[str]
) -> dict[PurposeId, Standing]:
    """The same, where the rules in force and the places whose law applies were read in this transaction already."""
    newest, day = {each.purpose: each for each in store.newest(tx)}, day_of(clock.now())
    return {
        each.id: deciding.standing(newest.get(each.id), each, rules=now.rules, asides=now.asides, places=places, day=day)
        for each in of
    }


def reviewed(tx: Transaction, clock: Clock, rules: RuleSet) -> dict[PurposeId, DesignFacts]:
    """The purposes of which a review is in force, and how each is set up: what is asked before anything is done for one."""
    return _designs(standings(tx, clock, rules, purposes.active(tx)))


def reviewed_under(
    tx: Transaction, clock: Clock, now: RulesInForce, active: Sequence[Purpose], places: frozenset[str]
) -> dict[PurposeId, DesignFacts]:
    """The same, where all that it rests on save the reviews was read in this transaction already."""
    return _designs(standings_under(tx, clock, now, active, places))


def _designs(found: Mapping[PurposeId, Standing]) -> dict[PurposeId, DesignFacts]:
    return {purpose: each.design for purpose, each in found.items() if isinstance(each, InForce)}


def ended_by(tx: Transaction, clock: Clock, rules: RuleSet, proposed: RuleSet) -> list[PurposeId]:
    """The purposes whose review is in force and would lapse were `proposed` all the rules. `rules` are the deployment's."""
    newest, where = {each.purpose: each for each in store.newest(tx)}, places_of(tx)
    return [
        purpose
        for purpose in reviewed(tx, clock, rules)
        if deciding.rules_digest(proposed, where, newest[purpose].acts) != newest[purpose].bound.rules
    ]


def why_not(tx: Transaction, standing: Standing) -> tuple[WhyNot, ...]:
    """Every reason in words; where the verdict on a review was no, each rule that says so. Empty where one is in force."""
    if isinstance(standing, InForce):
        return ()
    found = [said for why in standing.whys for said in (deciding.says(why), *_refused(tx, why, standing.review))]
    return tuple(found)


def _refused(tx: Transaction, why: Why, review: ReviewId | None) -> Iterator[WhyNot]:
    opened = None if review is None or why is not Why.NOT_ACTIVATED else store.opening(tx, review)
    if opened is None:
        return
    yield from whys_of(policy.get(tx, opened.verdict).verdict)


def whys_of(verdict: Verdict) -> Iterator[WhyNot]:
    """Of a no on a review, each rule that says so and each fact that is missing."""
    why = Why.NOT_ACTIVATED
    if verdict.overrides:
        yield WhyNot(why=why, says="It is right only while a house rule is set aside.", instead="Set the purpose up otherwise.")
        return
    for reason in verdict.reasons:
        yield WhyNot(why=why, says=reason.says, instead=reason.instead, rule=reason.rule)
    for missing in verdict.missing:
        yield WhyNot(why=why, says="It cannot be told whether it may begin.", instead=not_known(missing))


def places_of(tx: Transaction) -> frozenset[str]:
    return frozenset(controllers.get(tx).jurisdictions)

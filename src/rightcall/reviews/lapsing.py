"""Which purposes stop because their review ends, or waits, by something that is about to be done: told before it is done, by
whichever face. Nothing is changed here."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import OverrideId, PurposeId, new_id
from rightcall.policy import actions as policy
from rightcall.policy.model import RuleSet
from rightcall.policy.overrides.model import Aside
from rightcall.policy.overrides.rules import digest_of
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.reviews import standing
from rightcall.reviews.model import InForce, NotInForce, Why

STOPS = (
    "Nothing runs for them until the next version of each is signed: nobody is asked for them, and nothing is captured, in calls"
    " that go on too."
)


def by_rules(tx: Transaction, clock: Clock, rules: RuleSet, proposed: RuleSet) -> list[Purpose]:
    """Those whose review in force would end were `proposed` all the rules. `rules` are those of the deployment."""
    return _named(tx, standing.ended_by(tx, clock, rules, proposed))


def by_change(tx: Transaction, clock: Clock, rules: RuleSet, purpose: PurposeId) -> list[Purpose]:
    """This one, where a review of it is in force: changed, it is not what was reviewed."""
    return [purposes.get(tx, purpose)] if isinstance(standing.in_force(tx, clock, rules, purpose), InForce) else []


def since(tx: Transaction, clock: Clock, rules: RuleSet, ran: Collection[PurposeId]) -> list[Purpose]:
    """Those of `ran` that do not run any more."""
    return _named(tx, set(ran) - standing.reviewed(tx, clock, rules).keys())


def of_other_rules(tx: Transaction, clock: Clock, rules: RuleSet) -> list[Purpose]:
    """Those that rest now since other rules count for them than those they were reviewed under."""
    return _waiting(tx, clock, rules, Why.RULES_CHANGED)


def set_aside(tx: Transaction, clock: Clock, rules: RuleSet) -> list[Purpose]:
    """Those whose review waits, until its signers have seen what is set aside."""
    return _waiting(tx, clock, rules, Why.SET_ASIDE)


def by_override(tx: Transaction, clock: Clock, rules: RuleSet, rule: str, purpose: PurposeId | None) -> list[Purpose]:
    """Those that run, and whose review would wait were this rule set aside for this purpose, or for all."""
    now, active, places = policy.in_force(tx, clock, rules), purposes.active(tx), standing.places_of(tx)
    asides = tuple(
        Aside(id=OverrideId(new_id()), rule=rule, digest=digest_of(each), purpose=purpose, call=None)
        for each in now.rules.rules
        if each.id == rule
    )
    then = replace(now, asides=(*now.asides, *asides))
    before = standing.standings_under(tx, clock, now, active, places)
    after = standing.standings_under(tx, clock, then, active, places)
    stopped = (id for id, each in before.items() if isinstance(each, InForce) and not isinstance(after[id], InForce))
    return _named(tx, stopped)


def _waiting(tx: Transaction, clock: Clock, rules: RuleSet, why: Why) -> list[Purpose]:
    found = standing.standings(tx, clock, rules, purposes.active(tx))
    return _named(tx, (each for each, now in found.items() if isinstance(now, NotInForce) and why in now.whys))


def _named(tx: Transaction, found: Iterable[PurposeId]) -> list[Purpose]:
    """By their keys."""
    return sorted((purposes.get(tx, each) for each in found), key=lambda each: each.key)

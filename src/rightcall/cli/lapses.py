"""Which purposes stop because their review lapses or waits: said before rules are adopted, when rules or words have changed, and
when a rule is set aside."""

from collections.abc import Iterable, Mapping

from rightcall.api.named import keys_of
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import NotInForce, Why

_AGAIN = "Nothing runs for them until the next version of each is signed: rightcall review draft FILE."


def would_end(tx: Transaction, clock: Clock, rules: RuleSet, proposed: RuleSet) -> list[str]:
    """The keys of the purposes whose review ends with these rules. `rules` are those of the deployment."""
    return keys_in(keys_of(tx), reviews_standing.ended_by(tx, clock, rules, proposed))


def keys_in(keys: Mapping[PurposeId, str], found: Iterable[PurposeId]) -> list[str]:
    return sorted(keys[each] for each in found)


def foretold(keys: list[str]) -> str:
    """Before: a no is not told by nothing being said."""
    if not keys:
        return "Adopting this ends no review."
    return f"Adopting this ends the reviews of: {', '.join(keys)}. {_AGAIN}"


def waiting(tx: Transaction, clock: Clock, rules: RuleSet) -> list[str]:
    """The keys of the purposes whose review waits, until its signers have seen what is set aside."""
    found = reviews_standing.standings(tx, clock, rules, purposes.active(tx))
    waits = (each for each, why in found.items() if isinstance(why, NotInForce) and Why.SET_ASIDE in why.whys)
    return keys_in(keys_of(tx), waits)


def ended(keys: list[str]) -> str:
    return f"The reviews of these have ended: {', '.join(keys)}. {_AGAIN}"

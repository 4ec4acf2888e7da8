"""Which purposes stop because their review lapses: said before rules are adopted, and when rules or words have changed."""

from collections.abc import Iterable, Mapping

from rightcall.api.named import keys_of
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId
from rightcall.policy.model import RuleSet
from rightcall.reviews import actions as reviews

_AGAIN = "Nothing runs for them until the next version of each is signed: rightcall review draft FILE."


def would_end(tx: Transaction, clock: Clock, rules: RuleSet, proposed: RuleSet) -> list[str]:
    """The keys of the purposes whose review ends with these rules. `rules` are those of the deployment."""
    return keys_in(keys_of(tx), reviews.ended_by(tx, clock, rules, proposed))


def keys_in(keys: Mapping[PurposeId, str], found: Iterable[PurposeId]) -> list[str]:
    return sorted(keys[each] for each in found)


def foretold(keys: list[str]) -> str:
    """Before: a no is not told by nothing being said."""
    if not keys:
        return "Adopting this ends no review."
    return f"Adopting this ends the reviews of: {', '.join(keys)}. {_AGAIN}"


def ended(keys: list[str]) -> str:
    return f"The reviews of these have ended: {', '.join(keys)}. {_AGAIN}"

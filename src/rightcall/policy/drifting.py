"""A proposal tried on every situation that comes with Rightcall, against what is in force: for whoever proposes or signs it."""

from rightcall.policy.adoption.model import InForce
from rightcall.policy.loading import corpus, law_of, once_in_force, read_house
from rightcall.policy.model import RuleSet
from rightcall.policy.texts import Proposal
from rightcall.policy.trying.drift import Drift, Tell, drift


def drift_of(proposal: Proposal, rules: RuleSet, standing: InForce | None, tell: Tell = lambda *_: None) -> Drift:
    """`proposal` loads. `rules`: the deployment's. `standing`: what is in force now, at the controller that it is for. Seconds of
    work, and no transaction is needed for it."""
    house, _ = read_house(proposal.files)
    in_force = None if standing is None or standing.unreadable else standing.rules
    return drift(once_in_force(law_of(rules), house), in_force, corpus(), tell)

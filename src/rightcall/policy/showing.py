"""The rules in force, for somebody who reads no Cedar: what each says, and which scenarios it stops and lets through. And whether
those scenarios still come out as they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import DraftId
from rightcall.policy import adopting
from rightcall.policy.adoption.comparing import condition
from rightcall.policy.adoption.model import InForce
from rightcall.policy.in_force import in_force
from rightcall.policy.loading import charter, charter_scenarios, corpus, house_folder, law_of, read_folder, read_scenarios_of
from rightcall.policy.model import Act, Axis, Effect, Finding, Rule, RuleSet, Verdict
from rightcall.policy.rules import decide
from rightcall.policy.texts import Proposal
from rightcall.policy.trying.asking import speaks
from rightcall.policy.trying.outcomes import is_about, outcomes
from rightcall.policy.trying.scenarios import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`kept`: it belongs to the charter. `stops` and `lets_through` are scenarios of acts that it is about, in places and on days
    where it counts: for a permit, those that it opens or adds duties to, and none that it stops."""

    rule: Rule
    condition: str
    kept: bool
    stops: tuple[Scenario, ...]
    lets_through: tuple[Scenario, ...]


def shown(rules: RuleSet, kept: frozenset[str], scenarios: Sequence[Scenario]) -> list[Shown]:
    """Every rule, law and house, with what these scenarios say of it."""
    of_act: dict[Act, list[tuple[Scenario, Verdict]]] = {}
    for each in scenarios:
        of_act.setdefault(each.question.act, []).append((each, decide(rules, each.question)))
    return [_shown(rule, kept, [tried for act in sorted(rule.acts) for tried in of_act.get(act, ())]) for rule in rules.rules]


def _shown(rule: Rule, kept: frozenset[str], tried: Sequence[tuple[Scenario, Verdict]]) -> Shown:
    there = [(each, verdict) for each, verdict in tried if is_about(rule, each.question)]
    passed = [each for each, verdict in there if verdict.proceeds]
    if rule.effect is Effect.FORBID:
        stopped = [each for each, verdict in there if rule.id in {reason.rule for reason in verdict.reasons}]
    else:
        stopped, passed = [], [each for each, verdict in there if verdict.proceeds and _adds(rule, each, verdict)]
    return Shown(rule=rule, condition=condition(rule), kept=rule.id in kept, stops=tuple(stopped), lets_through=tuple(passed))


def _adds(rule: Rule, scenario: Scenario, verdict: Verdict) -> bool:
    """A verdict names the permits of the law that opened it, and none of the house, which open nothing and add duties."""
    if rule.axis is Axis.LAW:
        return rule.id in {reason.rule for reason in verdict.reasons}
    return speaks(rule, scenario.question)


def shown_in_force(tx: Transaction, clock: Clock, rules: RuleSet, folder: Path | None) -> list[Shown]:
    """What is in force at `tx`'s controller. `rules` are the deployment's, which it read from `folder`."""
    standing = in_force(tx, clock, rules)
    scenarios, _ = read_scenarios_of(proposal_in_force(tx, standing, folder).scenarios)
    return shown(standing.rules, standing.kept, _all([*scenarios, *charter_scenarios()]))


def shown_one(tx: Transaction, clock: Clock, rules: RuleSet, folder: Path | None, rule: str) -> Shown | None:
    """The one of this id, tried on the situations of its acts alone; None where none is in force. As for `shown_in_force`."""
    standing = in_force(tx, clock, rules)
    found = next((each for each in standing.rules.rules if each.id == rule), None)
    if found is None:
        return None
    own, _ = read_scenarios_of(proposal_in_force(tx, standing, folder).scenarios)
    situations = (each for each in _all([*own, *charter_scenarios()]) if each.question.act in found.acts)
    return _shown(found, standing.kept, [(each, decide(standing.rules, each.question)) for each in situations])


def drifted(tx: Transaction, standing: InForce, folder: Path | None) -> list[Finding]:
    """The scenarios that come out otherwise by what is in force than they say: the law, or a word, has changed since; and the
    files of them that cannot be read. Where the adopted rules cannot be read nothing comes out, and that is said elsewhere.

    The charter's are tried by law and charter alone: a house may stop what they let through, as when it is checked."""
    if standing.unreadable:
        return []
    scenarios, unread = read_scenarios_of(proposal_in_force(tx, standing, folder).scenarios)
    return [*unread, *outcomes(standing.rules, scenarios), *outcomes(law_of(standing.rules), charter_scenarios())]


def proposal_in_force(tx: Transaction, standing: InForce, folder: Path | None) -> Proposal:
    """The texts behind the house rules in force: what was adopted, or else the deployment's folder."""
    if standing.adoption is not None:
        return adopting.adopted_draft(tx, standing.adoption).proposal
    proposal, _ = read_folder(house_folder(folder))
    return proposal


def _all(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """These, and then the situations that come with Rightcall, each once."""
    return list(dict.fromkeys([*scenarios, *corpus()]))


def shown_of_draft(tx: Transaction, rules: RuleSet, draft: DraftId) -> list[Shown]:
    """What would be in force with this draft."""
    found = adopting.get(tx, draft)
    scenarios, _ = read_scenarios_of(found.proposal.scenarios)
    kept = frozenset(rule.id for rule in charter())
    return shown(adopting.proposed_rules(found, rules), kept, _all([*scenarios, *charter_scenarios()]))

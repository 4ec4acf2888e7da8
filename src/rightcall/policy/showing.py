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
from rightcall.policy.loading import charter, charter_scenarios, house_folder, read_folder, read_scenarios_of
from rightcall.policy.model import Effect, Finding, Rule, RuleSet
from rightcall.policy.rules import decide
from rightcall.policy.texts import Proposal
from rightcall.policy.trying.outcomes import outcomes
from rightcall.policy.trying.scenarios import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`kept`: it belongs to the charter. `stops` and `lets_through` are scenarios: for a permit, those that it opens or adds
    duties to, and none."""

    rule: Rule
    condition: str
    kept: bool
    stops: tuple[Scenario, ...]
    lets_through: tuple[Scenario, ...]


def shown(rules: RuleSet, kept: frozenset[str], scenarios: Sequence[Scenario]) -> list[Shown]:
    """Every rule, law and house, with what these scenarios say of it."""
    verdicts = [(scenario, decide(rules, scenario.question)) for scenario in scenarios]
    found = []
    for rule in rules.rules:
        decided = [each for each, verdict in verdicts if rule.id in {reason.rule for reason in verdict.reasons}]
        passed = [each for each, verdict in verdicts if verdict.proceeds and each.question.act in rule.acts]
        is_forbid = rule.effect is Effect.FORBID
        found.append(
            Shown(
                rule=rule,
                condition=condition(rule),
                kept=rule.id in kept,
                stops=tuple(decided) if is_forbid else (),
                lets_through=tuple(passed if is_forbid else decided),
            )
        )
    return found


def shown_in_force(tx: Transaction, clock: Clock, rules: RuleSet, folder: Path | None) -> list[Shown]:
    """What is in force at `tx`'s controller. `rules` are the deployment's, which it read from `folder`."""
    standing = in_force(tx, clock, rules)
    return shown(standing.rules, standing.kept, _scenarios(tx, standing, folder))


def drifted(tx: Transaction, standing: InForce, folder: Path | None) -> list[Finding]:
    """The scenarios that come out otherwise by what is in force than they say: the law, or a word, has changed since. Where the
    adopted rules cannot be read nothing comes out, and that is said elsewhere."""
    return [] if standing.unreadable else outcomes(standing.rules, _scenarios(tx, standing, folder))


def proposal_in_force(tx: Transaction, standing: InForce, folder: Path | None) -> Proposal:
    """The texts behind the house rules in force: what was adopted, or else the deployment's folder."""
    if standing.adoption is not None:
        return adopting.adopted_draft(tx, standing.adoption).proposal
    proposal, _ = read_folder(house_folder(folder))
    return proposal


def _scenarios(tx: Transaction, standing: InForce, folder: Path | None) -> list[Scenario]:
    scenarios, _ = read_scenarios_of(proposal_in_force(tx, standing, folder).scenarios)
    return [*charter_scenarios(), *scenarios]


def shown_of_draft(tx: Transaction, rules: RuleSet, draft: DraftId) -> list[Shown]:
    """What would be in force with this draft."""
    found = adopting.get(tx, draft)
    scenarios, _ = read_scenarios_of(found.proposal.scenarios)
    kept = frozenset(rule.id for rule in charter())
    return shown(adopting.proposed_rules(found, rules), kept, [*charter_scenarios(), *scenarios])

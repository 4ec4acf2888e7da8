"""Whether scenarios would notice a mistake in a rule: each rule's mutants, tried on every scenario that the rule can touch.

A mutant is noticed where one scenario comes out otherwise than it says. One that is proved to change nothing does not count.
The rest went unnoticed: each is a mistake that nobody would see. Pure and deterministic.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any

from rightcall.canonical import parse_json
from rightcall.clock import day_of
from rightcall.policy.model import Act, Axis, Effect, Rule, RuleSet
from rightcall.policy.reading import rule_set
from rightcall.policy.rules import canonical_facts, counting, wider
from rightcall.policy.trying.asking import Status, status
from rightcall.policy.trying.expressions import paths_in
from rightcall.policy.trying.mutants import Mutant, mutants, policy_of
from rightcall.policy.trying.outcomes import difference
from rightcall.policy.trying.sameness import are_the_same
from rightcall.policy.trying.scenarios import Scenario
from rightcall.policy.vocabulary import context_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many mutants of one rule were noticed; how many are no mistakes; and those that went unnoticed, by what is wrong."""

    rule: str
    noticed: int
    same: int
    unnoticed: tuple[str, ...]


def score(tallies: Iterable[Tally]) -> float:
    """The share of mistakes that are noticed; 1 where there are none to be made."""
    noticed, unnoticed = 0, 0
    for each in tallies:
        noticed += each.noticed
        unnoticed += len(each.unnoticed)
    return noticed / (noticed + unnoticed) if noticed + unnoticed else 1.0


def try_mutants(rules: RuleSet, of: Sequence[Rule], scenarios: Sequence[Scenario]) -> list[Tally]:
    """One tally for each rule of `of`, all of which are in `rules`. Every scenario comes out as it says before."""
    cases: dict[Act, list[_Case]] = {act: [] for act in Act}
    for scenario in scenarios:
        cases[scenario.question.act].append(_case(rules, scenario))
    return [_tally(rule, cases) for rule in of]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    """A scenario with its facts; those rules that are not silent to it; and laws that open something where it is, so that it is
    known that each of its places has a law."""

    scenario: Scenario
    act: Act
    day: date
    places: frozenset[str]
    context: Mapping[str, Any]
    speaking: tuple[Rule, ...]
    laws: tuple[Rule, ...]


_SILENT: Status = (False, "")


def _case(rules: RuleSet, scenario: Scenario) -> _Case:
    question = scenario.question
    day, places = day_of(question.at), question.jurisdictions or frozenset()
    facts = parse_json(canonical_facts(question))
    context = context_of(facts) if isinstance(facts, dict) else {}
    assert isinstance(context, dict)  # noqa: S101 - facts are an object, and so is their context
    there = _counting(rules, day, places)
    return _Case(
        scenario=scenario,
        act=question.act,
        day=day,
        places=places,
        context=context,
        speaking=tuple(each for each in there if question.act in each.acts and _says(each, question.act, context) != _SILENT),
        laws=tuple(each for place in sorted(places) for each in _laws(rules, day, place)),
    )


def _laws(rules: RuleSet, day: date, place: str) -> list[Rule]:
    """Two, since one of them may be the one that is changed."""
    there = _counting(rules, day, frozenset({place}))
    return [each for each in there if each.axis is Axis.LAW and each.effect is Effect.PERMIT and each.jurisdictions][:2]


def _counting(rules: RuleSet, day: date, places: frozenset[str]) -> list[Rule]:
    return [each for each, counts in zip(rules.rules, counting(rules, day, places), strict=True) if counts]


def _tally(rule: Rule, cases: Mapping[Act, Sequence[_Case]]) -> Tally:
    """What noticed one mutant is tried first on the next, since it mostly notices that too."""
    noticed, same, unnoticed, keen = 0, 0, list[str](), dict[_Case, None]()
    for mutant in mutants(rule):
        acts = rule.acts | (frozenset() if mutant.rule is None else mutant.rule.acts)
        tried = chain((case for case in reversed(keen) if case.act in acts), *(cases[act] for act in sorted(acts)))
        notices = next((case for case in tried if _notices(case, rule, mutant)), None)
        if notices is not None:
            noticed += 1
            keen.pop(notices, None)
            keen[notices] = None
        elif mutant.rule is not None and are_the_same(rule, mutant.rule):
            same += 1
        else:
            unnoticed.append(mutant.change)
    return Tally(rule=rule.id, noticed=noticed, same=same, unnoticed=tuple(unnoticed))


def _notices(case: _Case, rule: Rule, mutant: Mutant) -> bool:
    """Decides again where the mutant says something else than the rule did, and only then."""
    begins = mutant.rule is not None and mutant.rule.in_force_from != rule.in_force_from
    is_told = begins and any(name == rule.id for name, _ in case.scenario.since)
    if not is_told and _heard(case, rule) == _heard(case, mutant.rule):
        return False
    others = {each.id: each for each in (*case.speaking, *case.laws) if each.id != rule.id}
    instead = [] if mutant.rule is None else [mutant.rule]
    return difference(rule_set([*others.values(), *instead]), case.scenario) != []


def _heard(case: _Case, rule: Rule | None) -> object:
    """All by which a rule can change a verdict."""
    if rule is None or case.act not in rule.acts or rule.in_force_from > case.day:
        return None
    if rule.jurisdictions and not any(wider(place) & rule.jurisdictions for place in case.places):
        return None
    says = _says(rule, case.act, case.context)
    binds = [(duty.kind, duty.days) for duty in rule.duties]
    there = [place for place in case.places if not rule.jurisdictions or wider(place) & rule.jurisdictions]
    return None if says == _SILENT else (says, rule.effect, binds, sorted(there))


def _says(rule: Rule, act: Act, context: Mapping[str, Any]) -> Status:
    told: dict[str, Any] = {}
    for path in _read_by(rule):
        top, _, inner = path.partition(".")
        if top not in context:
            continue
        if inner and isinstance(context[top], Mapping):
            told.setdefault(top, {})[inner] = context[top][inner]
        else:
            told[top] = context[top]
    return status(rule, act, json.dumps(told))


@lru_cache(maxsize=65_536)
def _read_by(rule: Rule) -> tuple[str, ...]:
    return tuple(sorted({path for clause in policy_of(rule)["conditions"] for path in paths_in(clause["body"])}))

"""Whether house rules contradict: themselves, one another, or what a law demands.

What is looked for, and how it is told:
1. Two rules that say the same under two ids. By their form: the same acts, conditions, places and duties.
2. A rule that can never fire, or adds a duty to nothing that is let through.
3. An act that nobody can do any more, whoever asks and whatever the facts.
4. A rule that stops everything that a law demands: recordings that it wants, letting go, answering a person.
5. A rule whose `instead` can never help: whatever is changed, another rule stops the same.
6. Duties that cannot both be kept: to keep for fewer days than a law wants it kept.
7. A rule that takes a right away: it stops somebody's own words from being played or handed to them, where the law lets it. A
   house is stricter than the law for itself, and never for whoever the law gives a right.

2 to 7 are tried on situations: those of the scenarios, as they are, with their facts for an act that none of them lets through,
for a recording as if a law demanded it, and for playing and handing out as if the speaker asked for it; for 3 and 5 with up to
three facts changed (counterfactual.py). So what is found is so in every situation that was tried (7: in one of them), and a
contradiction that shows only in one that nobody wrote down is not found. Pure.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.clock import day_of
from rightcall.policy.counterfactual import counterfactuals
from rightcall.policy.model import Act, Axis, DutyKind, Effect, Finding, PartyFacts, Question, Rule, RuleSet, Verdict
from rightcall.policy.overrides.rules import set_aside
from rightcall.policy.reading import rule_set
from rightcall.policy.replay import as_if_in_force
from rightcall.policy.rules import canonical_facts, decide
from rightcall.policy.trying.scenarios import Scenario
from rightcall.purposes.model import LawfulBasis

_DEMANDED = frozenset({Act.ERASE, Act.ANSWER_REQUEST, Act.CERTIFY})
"""Acts that a law always demands of somebody."""
_RECORDING = frozenset({Act.CAPTURE})
_ACCESS = frozenset({Act.PLAY, Act.EXPORT})
"""What access to one's own words comes to (GDPR Art. 15)."""
_FOR_THEM = (SYSTEM, Actor(id=SYSTEM.id, role=Role.SUBJECT))
_LOOKED_INTO = 12
"""In how many situations of an act that were all stopped it is tried whether changing facts opens it."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """One situation: what the law alone says, and what law and house say."""

    question: Question
    lawful: Verdict
    verdict: Verdict

    @property
    def stopped_by(self) -> frozenset[str]:
        """By the house, where the law would let it through."""
        return frozenset(each.rule for each in self.verdict.reasons if each.axis is Axis.HOUSE and self.lawful.proceeds)


def contradictions(
    law: RuleSet, house: Sequence[Rule], scenarios: Sequence[Scenario], more: Sequence[Scenario] = ()
) -> list[Finding]:
    """What contradicts in `house`, above `law`, which the charter belongs to. `scenarios` are the house's own; `more` are tried
    too."""
    rules = as_if_in_force(rule_set([*law.rules, *house]))
    own = [_tried(law, rules, each.question) for each in scenarios]
    there = _each_once(each.question for each in (*scenarios, *more))
    plain = [_tried(law, rules, question) for question in there]
    open_acts = {each.question.act for each in plain if each.verdict.proceeds}
    besides = _each_once(_besides(there, frozenset[Act]().union(*(rule.acts for rule in house)) - open_acts))
    tried = [*plain, *(_tried(law, rules, question) for question in besides)]
    found = [*_twins(house), *_without_effect(house, tried), *_closed_acts(rules, house, tried), *_against_demands(house, tried)]
    stuck = [] if found else list(_stuck(rules, house, own))
    rights = [] if found or stuck else list(_against_rights(house, [_tried(law, rules, each) for each in _own(there)]))
    return [*found, *stuck, *rights, *_against_duties(house, tried)]


def _each_once(questions: Iterable[Question]) -> list[Question]:
    """The same facts on another day are another question: a rule may count on one and not on the other."""
    return list({(each, day_of(each.at)): each for each in questions}.values())


def _tried(law: RuleSet, rules: RuleSet, question: Question) -> _Tried:
    return _Tried(question, decide(law, question), decide(rules, question))


def _besides(questions: Iterable[Question], closed: frozenset[Act]) -> Iterator[Question]:
    """For an act that no scenario lets through: the facts of the others. A recording also as if a law demanded it."""
    for question in questions:
        yield from (replace(question, act=act) for act in closed)
        if question.act in _RECORDING and question.purpose is not None:
            yield _as_demanded(question)


def _own(questions: Iterable[Question]) -> Iterator[Question]:
    """The same as if the speaker wanted it for themselves. Nobody gives a reason or a case for that."""
    for question in questions:
        if question.act in _ACCESS:
            for act, by in product(sorted(_ACCESS), _FOR_THEM):
                yield replace(question, act=act, actor=by, for_speaker=True, reason_given=False, case_given=False)


def _as_demanded(question: Question) -> Question:
    basis = LawfulBasis.LEGAL_OBLIGATION
    assert question.purpose is not None  # noqa: S101 - asked of questions with one
    return replace(
        question,
        purpose=replace(question.purpose, basis=basis, staff_basis=basis, duty=question.purpose.duty or "a-law"),
        speaker=None if question.speaker is None else _resting_on(question.speaker, basis),
        parties=None if question.parties is None else tuple(_resting_on(each, basis) for each in question.parties),
    )


def _resting_on(party: PartyFacts, basis: LawfulBasis) -> PartyFacts:
    return replace(party, basis=basis)


def _twins(house: Sequence[Rule]) -> Iterator[Finding]:
    first: dict[tuple[object, ...], Rule] = {}
    for rule in house:
        earlier = first.setdefault(_form(rule), rule)
        if earlier is not rule:
            yield _finding(rule, f"{rule.id} says the same as {earlier.id}, under another id.", "Keep one of them.")


def _form(rule: Rule) -> tuple[object, ...]:
    """What it does, without how it is explained."""
    policy = json.loads(rule.canonical)[1]
    said = {name: part for name, part in policy.items() if name != "annotations"}
    duties = tuple((duty.kind, duty.days) for duty in rule.duties)
    return rule.jurisdictions, duties, json.dumps(said, sort_keys=True)


def _without_effect(house: Sequence[Rule], tried: Sequence[_Tried]) -> Iterator[Finding]:
    stops = {reason.rule for each in tried for reason in each.verdict.reasons}
    adds = {duty.rule for each in tried if each.verdict.proceeds for duty in each.verdict.duties}
    for rule in house:
        if rule.effect is Effect.FORBID and rule.id not in stops:
            problem = f"{rule.id} can never fire: there was no situation, of those that were tried, that it stops."
            yield _finding(rule, problem, "Add a scenario that it stops, or leave the rule out.")
        if rule.effect is Effect.PERMIT and rule.id not in adds:
            problem = f"{rule.id} binds to nothing: in no situation that was tried does it add a duty to what is let through."
            yield _finding(rule, problem, "Add a scenario that is let through with its duties, or leave the rule out.")


def _closed_acts(rules: RuleSet, house: Sequence[Rule], tried: Sequence[_Tried]) -> Iterator[Finding]:
    for act in sorted(frozenset[Act]().union(*(rule.acts for rule in house))):
        lawful = [each for each in tried if each.question.act is act and each.lawful.proceeds]
        if not lawful or any(each.verdict.proceeds for each in lawful):
            continue
        if any(_can_be_turned(rules, each) for each in lawful[:_LOOKED_INTO]):
            continue
        always = frozenset[str].intersection(*(each.stopped_by for each in lawful))
        blamed = [rule for rule in house if rule.id in (always or lawful[0].stopped_by)]
        if blamed:
            names = ", ".join(rule.id for rule in blamed)
            problem = f"Nobody can {act} any more: {names} stopped it in all {len(lawful)} lawful situations that were tried."
            yield _finding(blamed[0], problem, "Narrow the rule, or add a scenario of this act that is let through.")


def _against_demands(house: Sequence[Rule], tried: Sequence[_Tried]) -> Iterator[Finding]:
    for act in sorted(_DEMANDED | _RECORDING):
        demanded = [each for each in tried if each.question.act is act and each.lawful.proceeds and _is_demanded(each.question)]
        for rule in house:
            if demanded and all(rule.id in each.stopped_by for each in demanded):
                problem = f"{rule.id} stops every {act} that a law demands, {len(demanded)} situations out of {len(demanded)}."
                advice = 'Add: unless { context.purpose.basis == Basis::"legal_obligation" }.'
                yield _finding(rule, problem, advice if act in _RECORDING else "Leave this act out of the rule.")


def _against_rights(house: Sequence[Rule], own: Sequence[_Tried]) -> Iterator[Finding]:
    stopped = {rule: each.question.act for each in own for rule in each.stopped_by}
    for rule in house:
        if rule.id in stopped:
            problem = f"{rule.id} takes a right away: it stops {stopped[rule.id]} for the person whose own words they are."
            yield _finding(rule, problem, "Add: unless { context.for_speaker }.")


def _is_demanded(question: Question) -> bool:
    if question.act in _DEMANDED:
        return True
    return question.purpose is not None and question.purpose.basis is LawfulBasis.LEGAL_OBLIGATION


def _stuck(rules: RuleSet, house: Sequence[Rule], own: Sequence[_Tried]) -> Iterator[Finding]:
    for rule in house:
        stopped = [each for each in own if rule.id in each.stopped_by]
        others = [_still_stopped_by(rules, rule, each.question) for each in stopped]
        if stopped and all(others) and not any(_can_be_turned(rules, each) for each in stopped):
            names = ", ".join(sorted(frozenset[str]().union(*others)))
            problem = f"What {rule.id} says would make it right can never help: {names} stops the same, whatever is changed."
            yield _finding(rule, problem, "Bring the two together: one rule, or two that leave each other room.")


def _still_stopped_by(rules: RuleSet, rule: Rule, question: Question) -> frozenset[str]:
    """The house rules that stop it where this one is not there."""
    verdict = decide(set_aside(rules, frozenset({rule.id})), question)
    return frozenset(each.rule for each in verdict.reasons if each.axis is Axis.HOUSE and not verdict.proceeds)


def _can_be_turned(rules: RuleSet, tried: _Tried) -> bool:
    question = tried.question
    return bool(counterfactuals(rules, question.act, canonical_facts(question), day_of(question.at), tried.verdict))


def _against_duties(house: Sequence[Rule], tried: Sequence[_Tried]) -> Iterator[Finding]:
    told = set[str]()
    for each in tried:
        days = {duty.kind: duty for duty in each.verdict.duties if duty.days is not None}
        least, most = days.get(DutyKind.KEEP_AT_LEAST_DAYS), days.get(DutyKind.KEEP_AT_MOST_DAYS)
        if least is None or most is None or least.days is None or most.days is None or least.days <= most.days:
            continue
        for rule in house:
            if rule.id in (most.rule, least.rule) and rule.id not in told:
                told.add(rule.id)
                problem = (
                    f"{rule.id} cannot be kept: at most {most.days} days by {most.rule}, at least {least.days} by {least.rule}."
                )
                yield _finding(rule, problem, "Leave out of it what a law wants kept longer.")


def _finding(rule: Rule, problem: str, advice: str) -> Finding:
    return Finding(file=rule.file, line=rule.line, rule=rule.id, problem=problem, advice=advice)

"""Whether scenarios come out as they say, and whether each house rule has one that it stops and one that it lets through where it
counts.

One that comes out otherwise is shown as a difference, line by line. Deliberately elsewhere: reading scenarios (scenarios.py).
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta

from rightcall.clock import day_of
from rightcall.policy.model import Axis, Effect, Finding, Outcome, Question, Rule, RuleSet, Verdict
from rightcall.policy.rules import canonical_facts, counting, decide, weigh, wider
from rightcall.policy.trying.scenarios import MONDAY, Scenario

Line = tuple[str, str]
"""One thing that a verdict says: of what kind it is, and what."""

_KINDS = ("outcome", "rule", "duty", "missing")
_SIGNS = {(True, False): "-", (False, True): "+", (True, True): " "}


def awake(house: Sequence[Rule]) -> list[Rule]:
    """As these rules are once each of them is in force: so a situation that names no moment tries them, or nobody could show what
    a rule does that begins today."""
    return [replace(each, in_force_from=min(each.in_force_from, day_of(MONDAY))) for each in house]


def says_when(scenario: Scenario) -> bool:
    """Whether it takes place at a moment of its own."""
    return scenario.question.at != MONDAY or bool(scenario.since)


def outcomes(rules: RuleSet, scenarios: Iterable[Scenario]) -> list[Finding]:
    """The scenarios that come out otherwise than they say."""
    findings = []
    for scenario in scenarios:
        lines = difference(rules, scenario)
        if lines:
            problem = "\n".join(["It comes out otherwise (- as it says, + as it comes out):", *(f"  {line}" for line in lines)])
            advice = "Mend the rule, or, if the verdict is what you want, the scenario."
            if asleep := [each for each in rules.rules if each.id in scenario.rules and _is_later(each, scenario.question)]:
                advice = " ".join(_too_early(each) for each in asleep)
            findings.append(Finding(file=scenario.file, line=scenario.line, rule=None, problem=problem, advice=advice))
    return findings


def difference(rules: RuleSet, scenario: Scenario) -> list[str]:
    """What comes out, line by line: - where the scenario alone says it, + where the verdict does. Empty where they agree."""
    lines = against(decide(rules, scenario.question), scenario)
    for rule, day in scenario.since:
        begins = _decides(rules, scenario, rule, day), _decides(rules, scenario, rule, day - timedelta(days=1))
        if begins != (True, False):
            lines += [f"- since {day} by {rule}", f"+ {_ON[begins]} {day} by {rule}"]
    return lines


def against(verdict: Verdict, scenario: Scenario) -> list[str]:
    """Where a verdict is another than the scenario expects, line by line; empty where they agree."""
    expected, seen = _expected(scenario), _seen(verdict, scenario)
    return [] if expected == seen else _signed(expected, seen)


def changes(was: Verdict, then: Verdict) -> list[str]:
    """Between two verdicts on the same question, line by line: - where the first alone says it, + where the second does."""
    before, after = (_told(each, {duty.kind for duty in each.duties}) for each in (was, then))
    return [] if before == after else _signed(before, after)


_ON = {(True, True): "before", (False, True): "until", (False, False): "not on"}


def uncovered(house: Sequence[Rule], tried: Sequence[tuple[RuleSet, Scenario]]) -> list[Finding]:
    """House rules that stop no scenario, or that let none through: of an act that they are about, in a place and on a day where
    they count. A yes in another country says nothing of them. `tried`: each situation with the rules that it is tried with."""
    verdicts = [(scenario.question, decide(rules, scenario.question)) for rules, scenario in tried]
    findings = []
    for rule in house:
        if rule.axis is not Axis.HOUSE or rule.effect is Effect.PERMIT:
            continue
        stops = any(rule.id in {reason.rule for reason in verdict.reasons} for _, verdict in verdicts)
        lets = any(verdict.proceeds and is_about(rule, question) for question, verdict in verdicts)
        if not (stops and lets):
            absent = " and ".join(word for word, there in (("stops", stops), ("lets through", lets)) if not there)
            where = f" where it counts ({', '.join(sorted(rule.jurisdictions))})" if rule.jurisdictions else ""
            problem = f"There is no scenario that {rule.id} {absent}{where}."
            later = any(rule.id in each.rules and _is_later(rule, each.question) for _, each in tried)
            advice = _too_early(rule) if later else "Add one in scenarios/."
            findings.append(Finding(file=rule.file, line=rule.line, rule=rule.id, problem=problem, advice=advice))
    return findings


def is_about(rule: Rule, question: Question) -> bool:
    """Whether a rule counts in a place and on the day of a question, and is about its act."""
    if question.act not in rule.acts or rule.in_force_from > day_of(question.at):
        return False
    places = question.jurisdictions or frozenset()
    return not rule.jurisdictions or any(not rule.jurisdictions.isdisjoint(wider(place)) for place in places)


def _is_later(rule: Rule, question: Question) -> bool:
    return rule.in_force_from > day_of(question.at)


def _too_early(rule: Rule) -> str:
    """A situation that says no day is of one that never changes, so that it comes out the same tomorrow."""
    day = rule.in_force_from
    return (
        f"{rule.id} holds from {day} on, and the situation is of an earlier day: write `at = {day}T09:30:00Z` above its tables."
    )


def _decides(rules: RuleSet, scenario: Scenario, rule: str, day: date) -> bool:
    """Whether a rule is among the reasons on that day, with facts as they are on the scenario's own."""
    question = scenario.question
    places = question.jurisdictions or frozenset()
    verdict = weigh(rules, counting(rules, day, places), places, question.act, canonical_facts(question))
    return any(reason.rule == rule for reason in verdict.reasons)


def _signed(expected: Sequence[Line], seen: Sequence[Line]) -> list[str]:
    lines = [*expected, *(each for each in seen if each not in expected)]
    lines.sort(key=lambda each: (_KINDS.index(each[0]), each not in expected, each[1]))
    return [f"{_SIGNS[each in expected, each in seen]} {each[0]} {each[1]}" for each in lines]


def _seen(verdict: Verdict, scenario: Scenario) -> list[Line]:
    """Days of a duty are told where the scenario tells them."""
    counted = {duty.partition("=")[0] for duty in scenario.duties if "=" in duty}
    return _told(verdict, counted)


def _told(verdict: Verdict, counted: Set[str]) -> list[Line]:
    """`counted`: the duties of which the days are told, where they have any."""
    duties = {
        duty.kind.value if duty.kind not in counted or duty.days is None else f"{duty.kind}={duty.days}"
        for duty in verdict.duties
    }
    return _lines(verdict.outcome, {reason.rule for reason in verdict.reasons}, duties, verdict.missing)


def _expected(scenario: Scenario) -> list[Line]:
    return _lines(scenario.outcome, scenario.rules, scenario.duties, scenario.missing)


def _lines(outcome: Outcome, rules: Iterable[str], duties: Iterable[str], missing: Iterable[str]) -> list[Line]:
    told = zip(_KINDS, ([outcome.value], rules, duties, missing), strict=True)
    return [(kind, each) for kind, several in told for each in sorted(several)]

"""Whether scenarios come out as they say, and whether each house rule has one that it stops and one that it lets through.

One that comes out otherwise is shown as a difference, line by line. Deliberately elsewhere: reading scenarios (scenarios.py).
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from rightcall.policy.model import Axis, Effect, Finding, Outcome, Rule, RuleSet, Verdict
from rightcall.policy.rules import canonical_facts, counting, decide, weigh
from rightcall.policy.trying.scenarios import Scenario

Line = tuple[str, str]
"""One thing that a verdict says: of what kind it is, and what."""

_KINDS = ("outcome", "rule", "duty", "missing")
_SIGNS = {(True, False): "-", (False, True): "+", (True, True): " "}


def outcomes(rules: RuleSet, scenarios: Iterable[Scenario]) -> list[Finding]:
    """The scenarios that come out otherwise than they say."""
    findings = []
    for scenario in scenarios:
        lines = difference(rules, scenario)
        if lines:
            problem = "\n".join(["It comes out otherwise (- as it says, + as it comes out):", *(f"  {line}" for line in lines)])
            advice = "Mend the rule, or, if the verdict is what you want, the scenario."
            findings.append(Finding(file=scenario.file, line=1, rule=None, problem=problem, advice=advice))
    return findings


def difference(rules: RuleSet, scenario: Scenario) -> list[str]:
    """What comes out, line by line: - where the scenario alone says it, + where the verdict does. Empty where they agree."""
    expected, seen = _expected(scenario), _seen(decide(rules, scenario.question), scenario)
    lines = [] if expected == seen else _signed(expected, seen)
    for rule, day in scenario.since:
        begins = _decides(rules, scenario, rule, day), _decides(rules, scenario, rule, day - timedelta(days=1))
        if begins != (True, False):
            lines += [f"- since {day} by {rule}", f"+ {_ON[begins]} {day} by {rule}"]
    return lines


_ON = {(True, True): "before", (False, True): "until", (False, False): "not on"}


def uncovered(house: Sequence[Rule], rules: RuleSet, scenarios: Sequence[Scenario]) -> list[Finding]:
    """House rules that no scenario is stopped by, or for which no scenario of the same act is let through."""
    verdicts = [(scenario.question.act, decide(rules, scenario.question)) for scenario in scenarios]
    findings = []
    for rule in house:
        if rule.axis is not Axis.HOUSE or rule.effect is Effect.PERMIT:
            continue
        stops = any(rule.id in {reason.rule for reason in verdict.reasons} for _, verdict in verdicts)
        lets = any(act in rule.acts and verdict.proceeds for act, verdict in verdicts)
        if not (stops and lets):
            absent = " and ".join(word for word, there in (("stops", stops), ("lets through", lets)) if not there)
            problem = f"There is no scenario that {rule.id} {absent}."
            findings.append(
                Finding(file=rule.file, line=rule.line, rule=rule.id, problem=problem, advice="Add one in scenarios/."),
            )
    return findings


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
    duties = {duty.kind.value if duty.kind not in counted else f"{duty.kind}={duty.days}" for duty in verdict.duties}
    return _lines(verdict.outcome, {reason.rule for reason in verdict.reasons}, duties, verdict.missing)


def _expected(scenario: Scenario) -> list[Line]:
    return _lines(scenario.outcome, scenario.rules, scenario.duties, scenario.missing)


def _lines(outcome: Outcome, rules: Iterable[str], duties: Iterable[str], missing: Iterable[str]) -> list[Line]:
    told = zip(_KINDS, ([outcome.value], rules, duties, missing), strict=True)
    return [(kind, each) for kind, several in told for each in sorted(several)]

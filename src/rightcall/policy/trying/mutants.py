"""Rules with one thing wrong: what tells whether a set of scenarios would notice a mistake in a rule.

Each mutant of a rule is the rule with one small change: an effect turned round, a condition lost, an operator or a word taken for
any other, a word too many in a list, a number off by one, any act that it could be about too many or one too few, a place or a
day too many or too few. None is left out by drawing lots. One that does not load is no mutant: it would be found earlier.
Pure. Deliberately elsewhere: trying them on scenarios (mutation.py), and telling those apart that change nothing
(sameness.py).
"""

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import cedarpy

from rightcall.policy.model import Act, Effect, Rule
from rightcall.policy.reading import read_rules
from rightcall.policy.rules import wider
from rightcall.policy.trying.expressions import Expression, chained, links, paths_in, text_of
from rightcall.policy.vocabulary import FACTS_OF, KINDS_OF, values_of

_SIDES = ("left", "right", "arg", "if", "then", "else")
_OPPOSITE = {"when": "unless", "unless": "when"}
_SWAPPED = {"&&": "||", "||": "&&", "==": "!=", "!=": "==", "containsAll": "containsAny", "containsAny": "containsAll"}
_EVERYWHERE = "*"
_ELSEWHERE = ("EU", "UK", "US", "DE", "US-CA")
"""Places that a rule could be taken to count in beside its own, one of each family of laws and one within each of two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """`change` says in a few words what is wrong with it. `rule` is None where the rule is gone."""

    of: str
    change: str
    rule: Rule | None


def mutants(rule: Rule) -> list[Mutant]:
    """Every mutant of a rule that loads, each once, in a steady order."""
    found = {b"": Mutant(of=rule.id, change="dropped", rule=None)}
    for change, policy in _changed(policy_of(rule)):
        mutated = _read(policy, rule)
        if mutated is not None and mutated.canonical != rule.canonical:
            found.setdefault(mutated.canonical, Mutant(of=rule.id, change=change, rule=mutated))
    return list(found.values())


def policy_of(rule: Rule) -> Expression:
    """The rule as Cedar writes it in JSON."""
    (policy,) = json.loads(cedarpy.policies_to_json_str(rule.source))["staticPolicies"].values()
    whole: Expression = policy
    return whole


def _read(policy: Expression, rule: Rule) -> Rule | None:
    document = {"staticPolicies": {"policy0": policy}, "templates": {}, "templateLinks": []}
    rules, _ = read_rules(rule.file, cedarpy.policies_from_json_str(json.dumps(document)), rule.axis)
    return rules[0] if rules else None


def _changed(policy: Expression) -> Iterator[tuple[str, Expression]]:
    yield "effect turned round", _turned(policy)
    for change, conditions in _conditions(policy["conditions"]):
        yield change, {**policy, "conditions": conditions}
    for change, acts in _acts(policy["action"], _read_by(policy)):
        yield change, {**policy, "action": acts}
    for change, name, text in _notes(policy["annotations"]):
        notes = {key: value for key, value in policy["annotations"].items() if key != name}
        yield change, {**policy, "annotations": {**notes, name: text} if text else notes}


def _turned(policy: Expression) -> Expression:
    """Duties are a permit's alone."""
    effect = Effect.FORBID if policy["effect"] == Effect.PERMIT else Effect.PERMIT
    notes = {name: text for name, text in policy["annotations"].items() if name != "duties"}
    return {**policy, "effect": effect.value, "annotations": notes}


def _conditions(clauses: Sequence[Expression]) -> Iterator[tuple[str, list[Expression]]]:
    for place, clause in enumerate(clauses):
        before, after = [*clauses[:place]], [*clauses[place + 1 :]]
        kind, body = clause["kind"], clause["body"]
        yield f"without: {kind} {text_of(body)}", [*before, *after]
        yield f"turned round: {kind} {text_of(body)}", [*before, {**clause, "kind": _OPPOSITE[kind]}, *after]
        for change, changed in _variants(body):
            yield change, [*before, {**clause, "body": changed}, *after]


def _variants(expression: Expression) -> Iterator[tuple[str, Expression]]:
    """An expression with one thing in it changed."""
    ((operator, body),) = expression.items()
    if operator in ("&&", "||"):
        parts, other = links(operator, expression), _SWAPPED[operator]
        yield f"{other} for {operator}: {text_of(chained(other, parts))}", chained(other, parts)
        yield from _links(operator, parts)
    elif operator == "Value":
        for value in _others(body):
            yield f"{text_of({'Value': value})} for {text_of(expression)}", {"Value": value}
    elif operator == "Set":
        yield from _elements(body)
        yield from _more_elements(body)
    elif operator == "like":
        yield f"not like: {text_of(expression)}", {"!": {"arg": expression}}
    elif isinstance(body, Mapping):
        yield from _of_operator(operator, body)


def _of_operator(operator: str, body: Mapping[str, Any]) -> Iterator[tuple[str, Expression]]:
    """Another operator over the same, or the same over something changed."""
    whole = text_of({operator: {**body}})
    if operator in _SWAPPED:
        yield f"{_SWAPPED[operator]} for {operator}: {whole}", {_SWAPPED[operator]: {**body}}
    if operator == "!":
        yield f"without not: {text_of(body['arg'])}", body["arg"]
    for side in _SIDES:
        for change, changed in _variants(body[side]) if side in body else ():
            yield f"{change} in {whole}" if " in " not in change else change, {operator: {**body, side: changed}}


def _links(operator: str, parts: list[Expression]) -> Iterator[tuple[str, Expression]]:
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        yield f"without: {text_of(part)}", chained(operator, [*before, *after])
        for change, changed in _variants(part):
            yield change, chained(operator, [*before, changed, *after])


def _elements(elements: list[Expression]) -> Iterator[tuple[str, Expression]]:
    for place, element in enumerate(elements):
        before, after = elements[:place], elements[place + 1 :]
        if len(elements) > 1:
            yield f"without: {text_of(element)}", {"Set": [*before, *after]}
        for change, changed in _variants(element):
            yield change, {"Set": [*before, changed, *after]}


def _more_elements(elements: list[Expression]) -> Iterator[tuple[str, Expression]]:
    """With each other word of an enumeration. Of texts there is no end, so none is added to a list of them."""
    values = [each["Value"] for each in elements if isinstance(each.get("Value"), Mapping)]
    there = [value["__entity"]["id"] for value in values]
    for value in _others(values[0]) if values else ():
        if value["__entity"]["id"] not in there:
            yield f"with: {text_of({'Value': value})}", {"Set": [*elements, {"Value": value}]}


def _others(value: Any) -> list[Any]:
    """What a constant could be taken for: each other word of its enumeration, a number one less or more, another text."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value - 1, value + 1]
    if isinstance(value, str):
        return [f"{value}-of-another-kind"]
    kind, word = value["__entity"]["type"], value["__entity"]["id"]
    known = tuple(Act) if kind == "Action" else values_of(kind)
    first = known.index(word) + 1
    return [{"__entity": {"type": kind, "id": str(each)}} for each in (*known[first:], *known[: first - 1])]


def _read_by(policy: Expression) -> set[str]:
    return {path.partition(".")[0] for clause in policy["conditions"] for path in paths_in(clause["body"])}


def _acts(head: Expression, read: Set[str]) -> Iterator[tuple[str, Expression]]:
    named = head["entities"] if "entities" in head else [head["entity"]] if "entity" in head else [_act(act) for act in Act]
    for act in named if len(named) > 1 else ():
        yield f"not for {act['id']}", {"op": "in", "entities": [each for each in named if each != act]}
    kinds = frozenset[Act]().union(*(KINDS_OF.get(Act(each["id"]), frozenset()) for each in named))
    more = [_act(act) for act in Act if _act(act) not in named and act not in kinds and read <= FACTS_OF[act]]
    for act in more:
        yield f"also for {act['id']}", {"op": "in", "entities": [*named, act]}


def _act(act: Act) -> Expression:
    return {"type": "Action", "id": act.value}


def _notes(notes: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """What an annotation could be taken for: change, name, and its new text."""
    day = date.fromisoformat(notes["in_force_from"])
    yield "in force a day before", "in_force_from", str(day - timedelta(days=1))
    yield "in force a day later", "in_force_from", str(day + timedelta(days=1))
    places = [each.strip() for each in notes["jurisdiction"].split(",")]
    if places == [_EVERYWHERE]:
        for place in _ELSEWHERE:
            yield f"in {place} alone", "jurisdiction", place
    else:
        yield "everywhere", "jurisdiction", _EVERYWHERE
        for place in places if len(places) > 1 else ():
            yield f"not in {place}", "jurisdiction", ", ".join(each for each in places if each != place)
        for place in _ELSEWHERE:
            if wider(place).isdisjoint(places):
                yield f"also in {place}", "jurisdiction", ", ".join([*places, place])
            if places != [place]:
                yield f"in {place} instead", "jurisdiction", place
    yield from _duties([each.strip() for each in notes.get("duties", "").split(",") if each.strip()])


def _duties(duties: list[str]) -> Iterator[tuple[str, str, str]]:
    for place, duty in enumerate(duties):
        before, after = duties[:place], duties[place + 1 :]
        yield f"without the duty {duty}", "duties", ", ".join([*before, *after])
        name, equals, days = duty.partition("=")
        for other in (int(days) - 1, int(days) + 1) if equals else ():
            yield f"{duty} is {other}", "duties", ", ".join([*before, f"{name}={other}", *after])

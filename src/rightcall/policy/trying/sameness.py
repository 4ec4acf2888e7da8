"""Whether two rules say the same of everything that they could ever be asked.

A change that changes nothing is no mistake, and no scenario can notice it. It is proved and not guessed: both rules are asked
about every combination of the facts that either reads, those that are not known too. Facts that cannot be together are left out:
the answers of everyone hold the speaker's. Where there are too many combinations nothing is claimed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, product
from math import prod
from typing import Any

from rightcall.actors import PartyRole
from rightcall.policy.model import Act, Rule
from rightcall.policy.trying.asking import Status, status
from rightcall.policy.trying.expressions import constants_in, paths_in
from rightcall.policy.trying.mutants import policy_of
from rightcall.policy.vocabulary import context_of, facts_in, values_of

_MOST = 3000
_ELSE = "-"
_ALWAYS_KNOWN = frozenset({"detriment_found", "machine_speaks", "machine_told", "for_speaker"})
_PEOPLE = frozenset({"speaker", "everyone", "outsiders", "staff"})
_OF_EACH = {"answer": "answers", "preference": "preferences", "quality": "qualities", "age": "ages"}
_OF_ANY = ("declined_recording", "in_distress")

Facts = Mapping[str, Any]


def are_the_same(one: Rule, other: Rule) -> bool:
    """True where it is proved: they count in the same places, on the same days, bind to the same, and say the same."""
    if (one.effect, one.jurisdictions, one.in_force_from, _duties(one)) != (
        other.effect, other.jurisdictions, other.in_force_from, _duties(other),
    ):  # fmt: skip
        return False
    policies = [policy_of(one), policy_of(other)]
    bodies = [clause["body"] for policy in policies for clause in policy["conditions"]]
    paths = sorted({path for body in bodies for path in paths_in(body)})
    constants = [value for body in bodies for value in constants_in(body)]
    return all(_agree(one, other, act, paths, constants) for act in one.acts | other.acts)


def _duties(rule: Rule) -> list[tuple[str, int | None]]:
    return sorted((duty.kind.value, duty.days) for duty in rule.duties)


def _agree(one: Rule, other: Rule, act: Act, paths: Sequence[str], constants: Sequence[Any]) -> bool:
    kinds = facts_in(act)
    if not all(path in kinds for path in paths):
        return False
    choices = {path: _values(kinds[path], constants) for path in paths}
    groups = {top: [path for path in paths if path.partition(".")[0] == top] for top in (p.partition(".")[0] for p in paths)}
    if any(not values for values in choices.values()) or prod(len(values) for values in choices.values()) > _MOST:
        return False
    for facts in _combinations(groups, choices):
        if _can_be(facts) and _said(one, act, facts) != _said(other, act, facts):
            return False
    return True


def _said(rule: Rule, act: Act, facts: Facts) -> Status:
    return status(rule, act, json.dumps(context_of(facts))) if act in rule.acts else (False, "")


def _values(kind: str, constants: Sequence[Any]) -> list[Any]:
    """What a fact of this kind can be, as far as these rules can tell."""
    if kind.startswith("Set<"):
        each = _values(kind[4:-1], constants)
        if not each or 2 ** len(each) > _MOST:
            return []
        return [list(some) for some in chain.from_iterable(combinations(each, size) for size in range(len(each) + 1))]
    if kind == "Bool":
        return [False, True]
    if kind == "String":
        return [*dict.fromkeys([*(value for value in constants if isinstance(value, str)), _ELSE])]
    if kind == "Long":
        numbers = {value for value in constants if isinstance(value, int) and not isinstance(value, bool)} or {0, 1}
        return sorted({near for number in numbers for near in (number - 1, number, number + 1)})
    return list(values_of(kind))


def _combinations(groups: Mapping[str, Sequence[str]], choices: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Every way that the facts can be. The people of a call are known together, or not at all."""
    known = [top for top in groups if top in _PEOPLE]
    units = [known] if known else []
    units += [[top] for top in groups if top not in _PEOPLE]
    for ways in product(*(_ways(unit, groups, choices) for unit in units)):
        yield {top: value for way in ways for top, value in way.items()}


def _ways(unit: Sequence[str], groups: Mapping[str, Sequence[str]], choices: Mapping[str, Sequence[Any]]) -> Iterable[Facts]:
    if not set(unit) <= _ALWAYS_KNOWN:
        yield {}
    paths = [path for top in unit for path in groups[top]]
    for values in product(*(choices[path] for path in paths)):
        facts: dict[str, Any] = {}
        for path, value in zip(paths, values, strict=True):
            top, _, inner = path.partition(".")
            if inner:
                facts.setdefault(top, {})[inner] = value
            else:
                facts[top] = value
        yield facts


def _can_be(facts: Facts) -> bool:
    """Whether these can be facts of one conversation, as far as they are told."""
    speaker = facts.get("speaker", {})
    role = speaker.get("role")
    for group in ("everyone", "outsiders", "staff"):
        told = facts.get(group, {})
        if group != "everyone" and (role is None or (role == PartyRole.AGENT) != (group == "staff")):
            continue
        if any(many in told and one in speaker and speaker[one] not in told[many] for one, many in _OF_EACH.items()):
            return False
        if any(name in told and speaker.get(name) is True and told[name] is False for name in _OF_ANY):
            return False
    return True

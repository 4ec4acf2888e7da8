"""Asking Cedar which rules speak: those whose condition holds for some facts, and those that erred, with what they missed.

Every rule is asked as a permit, so that one evaluation names them all, of law and of the house; what it means that one forbids is
weighed in rules.py. Cedar is handed only the facts that some of the rules read: reading them in is most of what asking costs.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cedarpy

from rightcall.canonical import Json
from rightcall.errors import Breach
from rightcall.policy.model import Act, Rule, RuleSet
from rightcall.policy.vocabulary import acts_text, context_of

_MISSING = re.compile(r"does not have the attribute `([a-z_]+)`")
_ERRED = re.compile(r"evaluating policy `policy([0-9]+)`")
_EFFECT = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|\b(forbid)\b')
_EVERYTHING = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """`missing`: a rule that erred (None where Cedar does not say which), and the fact that it missed, or `rule:` and its id."""

    rules: tuple[Rule, ...]
    missing: tuple[tuple[Rule | None, str], ...]


def speaking(rules: RuleSet, counting: tuple[bool, ...], act: Act, facts: Mapping[str, Json]) -> Spoken:
    """Of the rules that count, those about this act."""
    asked = _asked(rules, counting, act)
    request = {
        "principal": {"type": "Caller", "id": "-"},
        "action": {"type": "Action", "id": act.value},
        "resource": {"type": "Thing", "id": "-"},
        "context": json.dumps(context_of(_read_by(asked.reads, facts))),
    }
    diagnostics = cedarpy.is_authorized(request, asked.policies, acts()).diagnostics
    return Spoken(
        rules=tuple(asked.ordered[int(name.removeprefix("policy"))] for name in diagnostics.reasons),
        missing=tuple(_named(error, asked.ordered) for error in diagnostics.errors),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """`reads`: by fact, what of it is read; None for all of it."""

    policies: cedarpy.PolicySet
    ordered: tuple[Rule, ...]
    reads: Mapping[str, frozenset[str] | None]


@lru_cache(maxsize=512)
def _asked(rules: RuleSet, counting: tuple[bool, ...], act: Act) -> _Asked:
    """Cedar numbers the policies of a text in their order, so the number leads back to the rule."""
    ordered = tuple(rule for rule, counts in zip(rules.rules, counting, strict=True) if counts and act in rule.acts)
    policies = cedarpy.PolicySet.from_str("\n".join(_as_permit(rule.source) for rule in ordered))
    if len(policies) != len(ordered):
        raise Breach("A rule turned into more or less than one policy. Stop, and tell the DPO.")
    return _Asked(policies, ordered, _reads(ordered))


def _as_permit(source: str) -> str:
    """The policy with its effect turned; words in strings and comments stay."""
    return _EFFECT.sub(lambda match: "permit" if match.group(1) else match.group(), source)


@lru_cache(maxsize=1)
def acts() -> cedarpy.Entities:
    """What Cedar is told of the acts, whatever is asked."""
    return cedarpy.Entities.from_json_str(acts_text())


def _named(error: str, ordered: Sequence[Rule]) -> tuple[Rule | None, str]:
    erred, fact = _ERRED.search(error), _MISSING.search(error)
    rule = None if erred is None else ordered[int(erred.group(1))]
    if fact is not None:
        return rule, fact.group(1)
    return rule, "rule:unknown" if rule is None else f"rule:{rule.id}"


def _read_by(reads: Mapping[str, frozenset[str] | None], facts: Mapping[str, Json]) -> dict[str, Json]:
    """The facts without those that no rule reads."""
    if _EVERYTHING in reads:
        return dict(facts)
    read: dict[str, Json] = {}
    for fact, inner in reads.items():
        if fact not in facts:
            continue
        value = facts[fact]
        if inner is not None and isinstance(value, Mapping):
            value = {name: value[name] for name in inner if name in value}
        read[fact] = value
    return read


def _reads(rules: Sequence[Rule]) -> Mapping[str, frozenset[str] | None]:
    reads: dict[str, frozenset[str] | None] = {}
    for fact, inner in (path for rule in rules for path in paths_read(rule)):
        known = reads.get(fact, frozenset())
        reads[fact] = None if inner is None or known is None else known | {inner}
    return reads


def paths_read(rule: Rule) -> frozenset[tuple[str, str | None]]:
    """What a rule reads, as (fact, part of it); a part that is None is all of it, an empty fact all there are."""
    return frozenset(_paths(json.loads(rule.canonical)[1]["conditions"]))


def _paths(tree: Any) -> Iterator[tuple[str, str | None]]:
    if isinstance(tree, list):
        for each in tree:
            yield from _paths(each)
        return
    if not isinstance(tree, dict):
        return
    if tree.get("Var") == "context":
        yield (_EVERYTHING, None)
        return
    for kind in (".", "has"):
        if kind in tree:
            yield from _path(tree[kind]["left"], tree[kind]["attr"])
            return
    for each in tree.values():
        yield from _paths(each)


def _path(left: Any, attribute: str) -> Iterator[tuple[str, str | None]]:
    """`context.a`, or `context.a.b`, or something of what another expression gives."""
    if left == {"Var": "context"}:
        yield (attribute, None)
    elif isinstance(left, dict) and left.get(".", {}).get("left") == {"Var": "context"}:
        yield (left["."]["attr"], attribute)
    else:
        yield from _paths(left)

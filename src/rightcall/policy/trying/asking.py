"""What one rule by itself says to the facts of one question: it decides, it is silent, or it cannot tell."""

import json
from functools import lru_cache

import cedarpy

from rightcall.canonical import parse_json
from rightcall.policy.cedar import acts
from rightcall.policy.model import Act, Question, Rule
from rightcall.policy.rules import canonical_facts
from rightcall.policy.vocabulary import context_of

Status = tuple[bool, str]
"""Whether it decides, and what kept it from telling: empty where nothing did."""


@lru_cache(maxsize=200_000)
def status(rule: Rule, act: Act, context: str) -> Status:
    """`context` is Cedar's JSON; it need hold no more than the facts that the rule reads."""
    request = {
        "principal": {"type": "Caller", "id": "-"},
        "action": {"type": "Action", "id": act.value},
        "resource": {"type": "Thing", "id": "-"},
        "context": context,
    }
    diagnostics = cedarpy.is_authorized(request, _policy(rule.source), acts()).diagnostics
    return bool(diagnostics.reasons), "; ".join(str(each) for each in diagnostics.errors)


def speaks(rule: Rule, question: Question) -> bool:
    """Whether it says anything to this question, by its condition."""
    facts = parse_json(canonical_facts(question))
    assert isinstance(facts, dict)  # noqa: S101 - facts are an object
    return status(rule, question.act, json.dumps(context_of(facts)))[0]


@lru_cache(maxsize=64)
def _policy(source: str) -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str(source)

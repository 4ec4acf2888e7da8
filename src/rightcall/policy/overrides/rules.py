"""Deciding with house rules set aside. The law is decided first and stays as it is: what it stops or cannot tell, stays so.

Pure. An override counts for a verdict only where without it the verdict would be another.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from rightcall.canonical import sha256
from rightcall.errors import Breach
from rightcall.policy.model import Axis, Question, Rule, RuleSet, Verdict
from rightcall.policy.overrides.model import Aside
from rightcall.policy.rules import decide


def decide_under(rules: RuleSet, asides: Iterable[Aside], kept: frozenset[str], question: Question) -> Verdict:
    """The verdict with the overrides that this question falls under. `kept` are rules that nobody sets aside."""
    full = decide(rules, question)
    if full.lawful is not True:
        return full
    found = _reaching(rules, asides, kept, question)
    if not found:
        return full
    eased = decide(set_aside(rules, frozenset(found)), question)
    if eased.lawful is not True:
        raise Breach("A house rule was set aside, and the law said something else for it. Stop, and tell the DPO.")
    used = [aside.id for rule, aside in found.items() if _matters(rules, frozenset(found), rule, question, eased)]
    return replace(eased, rule_set=rules.digest, overrides=tuple(sorted(used))) if used else full


@lru_cache(maxsize=64)
def set_aside(rules: RuleSet, aside: frozenset[str]) -> RuleSet:
    """The same rules without these house rules. Law stays. Its digest is nobody's: verdicts name that of `rules`."""
    left = tuple(rule for rule in rules.rules if rule.axis is Axis.LAW or rule.id not in aside)
    if len(left) == len(rules.rules):
        return rules
    return RuleSet(sha256(b"without\n" + "\n".join(sorted(aside)).encode() + b"\n" + rules.digest), left)


def digest_of(rule: Rule) -> bytes:
    return sha256(rule.canonical)


def _reaching(rules: RuleSet, asides: Iterable[Aside], kept: frozenset[str], question: Question) -> dict[str, Aside]:
    """By rule, the narrowest: for this call before for this purpose before for all."""
    purpose = None if question.purpose is None else question.purpose.id
    reaching = [
        each
        for each in asides
        if each.purpose in (None, purpose) and each.call in (None, question.call) and each.rule not in kept
    ]
    if not reaching:
        return {}
    house = _house(rules)
    found: dict[str, Aside] = {}
    for each in sorted(reaching, key=lambda each: (each.call is None, each.purpose is None, each.id)):
        if house.get(each.rule) == each.digest:
            found.setdefault(each.rule, each)
    return found


@lru_cache(maxsize=64)
def _house(rules: RuleSet) -> dict[str, bytes]:
    return {rule.id: digest_of(rule) for rule in rules.rules if rule.axis is Axis.HOUSE}


def _matters(rules: RuleSet, aside: frozenset[str], rule: str, question: Question, eased: Verdict) -> bool:
    """Whether with this rule back the verdict would be another."""
    without = decide(set_aside(rules, aside - {rule}), question)
    return replace(without, rule_set=eased.rule_set) != eased

"""Deciding with house rules set aside. The law is decided first and stays as it is: what it stops or cannot tell, stays so.

Pure. An override counts for a verdict only where it lets something through that would not go through without it. Where with it
the answer is still no, or still cannot be told, the verdict is that of all rules: nothing was let through, so nothing is counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from rightcall.canonical import sha256
from rightcall.clock import day_of
from rightcall.errors import Breach
from rightcall.policy.model import Axis, Question, Rule, RuleSet, Verdict
from rightcall.policy.overrides.model import WINDOW, Aside, Override, Past, Wanted
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
    if not eased.proceeds:
        return full
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


def reaches(aside: Aside, wanted: Wanted, digest: bytes) -> bool:
    """Whether what is wanted is set aside by it already. `digest`: of the rule as it is."""
    return (
        (aside.rule, aside.digest) == (wanted.rule, digest)
        and aside.purpose in (None, wanted.purpose)
        and aside.call in (None, wanted.call)
    )


def pasts(overrides: Iterable[Override], at: datetime) -> dict[str, Past]:
    """By rule, from those of the last year."""
    days: dict[str, set[date]] = {}
    times: Counter[str] = Counter()
    for each in overrides:
        times[each.rule] += 1
        days.setdefault(each.rule, set()).update(_days(each, at))
    return {rule: Past(days=len(found), times=times[rule]) for rule, found in days.items()}


def _days(override: Override, at: datetime) -> set[date]:
    """Those of the last 90 days on which it was in force."""
    end = min(at, override.until if override.ended_at is None else override.ended_at)
    first, last = max(day_of(override.begins_at), day_of(at) - timedelta(days=WINDOW - 1)), day_of(end)
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


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

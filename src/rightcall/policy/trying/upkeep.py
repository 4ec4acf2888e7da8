"""Upkeep of rules: those that nobody has looked at for a year, and those that are announced and do not count yet.

Neither keeps a rule from deciding: a law that nobody has looked up lately is still better than none. Pure.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby

from rightcall.policy.model import Finding, Rule

MOST_DAYS_UNCHECKED = 365
_SHOWN = 3


def upkeep(rules: Iterable[Rule], day: date) -> list[Finding]:
    """At most three findings a file, each with the rules that it is about."""
    findings = []
    for file, group in groupby(sorted(rules, key=lambda rule: (rule.file, rule.line)), key=lambda rule: rule.file):
        mine = list(group)
        findings += _of(file, mine, day)
    return findings


def _of(file: str, rules: list[Rule], day: date) -> list[Finding]:
    old = [rule for rule in rules if rule.last_checked < day - timedelta(days=MOST_DAYS_UNCHECKED)]
    to_come = [rule for rule in rules if rule.last_checked > day]
    announced = [rule for rule in rules if rule.in_force_from > day]
    found = []
    if old:
        oldest = min(rule.last_checked for rule in old)
        problem = f"Not checked for a year, the oldest since {oldest}: {_names(old)}."
        found.append(_finding(file, old, problem, "See whether each source still says so, and write the day into @last_checked."))
    if to_come:
        problem = f"Last checked on a day that has not come: {_names(to_come)}."
        found.append(_finding(file, to_come, problem, "Write the day on which somebody really looked."))
    if announced:
        first = min(rule.in_force_from for rule in announced)
        problem = f"Announced, and not yet counted, the first from {first} on: {_names(announced)}."
        found.append(_finding(file, announced, problem, "Nothing to do: they count by themselves from their day on."))
    return found


def _names(rules: list[Rule]) -> str:
    shown = ", ".join(rule.id for rule in rules[:_SHOWN])
    return shown if len(rules) <= _SHOWN else f"{shown} and {len(rules) - _SHOWN} more"


def _finding(file: str, rules: list[Rule], problem: str, advice: str) -> Finding:
    only = rules[0] if len(rules) == 1 else None
    return Finding(file=file, line=rules[0].line, rule=None if only is None else only.id, problem=problem, advice=advice)

"""What proposed rules do to the situations that come with Rightcall, as the commands print it: a difference, grouped by rule."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Annotated

import typer

from rightcall.canonical import Json
from rightcall.cli.words import progress
from rightcall.policy.adoption.model import InForce
from rightcall.policy.drifting import drift_of
from rightcall.policy.model import RuleSet
from rightcall.policy.texts import Proposal
from rightcall.policy.trying.drift import DUTIES_ALONE, Drift, Otherwise, by_rule

AllOption = Annotated[bool, typer.Option("--all", help="Every situation that comes out otherwise, not only the first twenty.")]
_FIRST = 20
_IN_WORDS = {DUTIES_ALONE: "only duties, or what is not known"}


def drift_shown(proposal: Proposal, rules: RuleSet, standing: InForce | None) -> Drift:
    """Tried, with a bar while it goes on."""
    with progress("Trying the situations that come with Rightcall…") as tell:
        return drift_of(proposal, rules, standing, lambda done, of: tell("Situations", done, of))


def told(drift: Drift, *, every: bool) -> list[str]:
    """Against what is in force first: that is what changes. Against what the situations expect only where it is not the same."""
    expected, in_force = drift.from_expected, drift.from_in_force
    heads = headlines(drift)
    if in_force is None:
        return [heads[0], *_several(expected, every=every)]
    lines = [heads[0], *_several(in_force, every=every), heads[1]]
    return lines if _names(expected) == _names(in_force) else [*lines, *_several(expected, every=every)]


def headlines(drift: Drift) -> list[str]:
    """A line for each comparison."""
    expected, in_force = drift.from_expected, drift.from_in_force
    first = f"{len(expected):,} of {drift.tried:,} situations that come with Rightcall come out otherwise than they expect"
    if in_force is not None and expected and _names(expected) == _names(in_force):
        first += ", the same ones."
    else:
        first += _turned(expected, "- expected, + comes out")
    if in_force is None:
        return [first]
    now = f"With these rules {len(in_force):,} of {drift.tried:,} situations come out otherwise than now"
    return [now + _turned(in_force, "- now, + then"), first]


def _turned(several: Sequence[Otherwise], signs: str) -> str:
    return f", {sum(each.is_turned for each in several):,} with another answer ({signs}):" if several else "."


def document(drift: Drift, *, every: bool) -> Json:
    """The same for a program."""
    return {
        "tried": drift.tried,
        "from_expected": _counted(drift.from_expected, every=every),
        "from_in_force": None if drift.from_in_force is None else _counted(drift.from_in_force, every=every),
    }


def _counted(several: Sequence[Otherwise], *, every: bool) -> Json:
    shown = several if every else several[:_FIRST]
    situations: list[Json] = [{**asdict(each), "lines": list(each.lines)} for each in shown]
    turned = sum(each.is_turned for each in several)
    return {"count": len(several), "turned": turned, "by_rule": dict(by_rule(several)), "situations": situations}


def _several(several: Sequence[Otherwise], *, every: bool) -> list[str]:
    counts = by_rule(several)
    shown = several if every else several[:_FIRST]
    lines = []
    for rule, group in groupby(shown, key=lambda each: each.rule):
        lines.append(f"  {_IN_WORDS.get(rule, rule)}: {counts[rule]:,}")
        for each in group:
            lines += [f"    {each.says} ({each.file})", *(f"      {line}" for line in each.lines)]
    left = len(several) - len(shown)
    if not left:
        return lines
    begun = {each.rule for each in shown}
    rest = [f"  {_IN_WORDS.get(rule, rule)}: {count:,}" for rule, count in counts.items() if rule not in begun]
    return [*lines, *rest, f"  … and {left:,} more situations; --all prints them."]


def _names(several: Sequence[Otherwise]) -> frozenset[tuple[str, str]]:
    return frozenset((each.file, each.says) for each in several)

"""What proposed rules do to the situations that come with Rightcall: which come out otherwise than they expect, and which come
out otherwise than by the rules in force.

None of that is a fault: a house may hold another bar than the one that comes with Rightcall. But whoever proposes or signs rules
sees it. Pure. Deliberately elsewhere: the situations (loading.py), and faults (outcomes.py, contradictions.py).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rightcall.policy.model import Axis, RuleSet
from rightcall.policy.rules import NO_PERMIT, decide
from rightcall.policy.trying.outcomes import changes, difference
from rightcall.policy.trying.scenarios import Scenario

DUTIES_ALONE = "duties"
"""What is named in place of a rule where the same rules decide and only duties, or what is not known, are otherwise."""
_EVERY = 25

Tell = Callable[[int, int], None]
"""Is told how many situations were tried, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """One situation. `rule`: the rule by which it is otherwise. `lines`: - what no longer comes out, + what does now."""

    file: str
    says: str
    rule: str
    lines: tuple[str, ...]

    @property
    def is_turned(self) -> bool:
        """Whether the answer itself is another, and not only the rules behind it, the duties, or what is missing."""
        return any(each.startswith("- outcome ") for each in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """`tried`: how many situations. Both lists are ordered by rule, and other answers come first. `from_in_force` is None where
    nothing was named that is in force, or what is cannot be read."""

    tried: int
    from_expected: tuple[Otherwise, ...]
    from_in_force: tuple[Otherwise, ...] | None


def drift(proposed: RuleSet, in_force: RuleSet | None, situations: Sequence[Scenario], tell: Tell = lambda *_: None) -> Drift:
    """Tries every situation under the proposed rules, and under those in force where there are any."""
    law = {NO_PERMIT, *(rule.id for rule in proposed.rules if rule.axis is Axis.LAW)}
    expected, before = list[Otherwise](), list[Otherwise]()
    for done, situation in enumerate(situations):
        if done % _EVERY == 0:
            tell(done, len(situations))
        expected += _otherwise(situation, difference(proposed, situation), law)
        if in_force is not None and in_force != proposed:
            was, then = decide(in_force, situation.question), decide(proposed, situation.question)
            before += _otherwise(situation, changes(was, then), law)
    tell(len(situations), len(situations))
    return Drift(
        tried=len(situations),
        from_expected=_ordered(expected),
        from_in_force=None if in_force is None else _ordered(before),
    )


def by_rule(several: Sequence[Otherwise]) -> Mapping[str, int]:
    """How many situations are otherwise by each rule."""
    counts: dict[str, int] = {}
    for each in several:
        counts[each.rule] = counts.get(each.rule, 0) + 1
    return counts


def _otherwise(situation: Scenario, lines: Sequence[str], law: set[str]) -> Iterator[Otherwise]:
    if lines:
        told = tuple(each for each in lines if not each.startswith(" "))
        yield Otherwise(file=situation.file, says=situation.told, rule=_rule(told, law), lines=told)


def _rule(lines: Sequence[str], law: set[str]) -> str:
    """Of the rules that came or went, one of the house where there is one: the law is the same on both sides. A permit of the law
    that comes or goes only tells that the house let go, or stopped."""
    named = sorted(each.split(" ", 2)[2] for each in lines if each[2:].startswith("rule "))
    named += sorted(
        each.rpartition(" by ")[2] for each in lines if each[2:].startswith(("since ", "before ", "until ", "not on "))
    )
    return next((each for each in named if each not in law), named[0] if named else DUTIES_ALONE)


def _ordered(several: Sequence[Otherwise]) -> tuple[Otherwise, ...]:
    return tuple(sorted(several, key=lambda each: (each.rule == DUTIES_ALONE, each.rule, not each.is_turned, each.file)))

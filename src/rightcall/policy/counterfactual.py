"""The smallest changes of facts that would turn a verdict: a no into a go, a go into a no ("it would be right if…").

A go turns with one fact. A no has every rule in its way to get past: whatever turns it changes a fact that the first of them
reads, so those are tried, alone, then two together, then three. All of the smallest size are told.
Pure. Deliberately elsewhere: which facts could be otherwise (otherwise.py), how a question is weighed (rules.py).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from rightcall.canonical import parse_json
from rightcall.errors import Breach
from rightcall.policy.model import Act, Duty, Effect, Outcome, RuleSet, Verdict
from rightcall.policy.otherwise import Change, Facts, Step, changed, meet, reading, steps_of
from rightcall.policy.rules import counting, weigh_anew
from rightcall.policy.vocabulary import unreadable

_AT_MOST_TOGETHER = 3
_TRIES = 1_500
_TOLD = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactual:
    """With all of `changes` and no fewer, the outcome would be this one, with these duties."""

    changes: tuple[Change, ...]
    outcome: Outcome
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class _Search:
    """All that stays the same while facts are changed."""

    rules: RuleSet
    counts: tuple[bool, ...]
    places: frozenset[str]
    act: Act
    facts: Facts
    steps: tuple[Step, ...]
    reading: Mapping[str, frozenset[str]]

    def verdict(self, chosen: Collection[Step]) -> Verdict:
        return weigh_anew(self.rules, self.counts, self.places, self.act, changed(self.facts, chosen))

    def touching(self, paths: frozenset[str]) -> list[Step]:
        return [step for step in self.steps if any(_touches(path, paths) for path in step.paths)]


def counterfactuals(rules: RuleSet | None, act: Act, facts: bytes, day: date, was: Verdict) -> tuple[Counterfactual, ...]:
    """The smallest changes that would turn `was`, the verdict by these rules on these facts on that day. Empty where none does,
    or none was found: no more than three facts are changed together. Empty too where the rules are not those that decided
    (another set, one that cannot be read, one with a rule set aside), and where the facts are not in words of today."""
    if rules is None or rules.digest != was.rule_set or was.overrides or unreadable(parse_json(facts)) is not None:
        return ()
    return _counterfactuals(rules, act, facts, day, was.proceeds)


@lru_cache(maxsize=2048)
def _counterfactuals(rules: RuleSet, act: Act, facts: bytes, day: date, proceeds: bool) -> tuple[Counterfactual, ...]:
    known = parse_json(facts)
    if not isinstance(known, dict):
        raise Breach("The facts of a question are not an object. Stop, and tell the DPO.")
    places = _places(known)
    counts = counting(rules, day, places)
    here = [rule for rule, counts_here in zip(rules.rules, counts, strict=True) if counts_here and act in rule.acts]
    search = _Search(
        rules=rules,
        counts=counts,
        places=places,
        act=act,
        facts=known,
        steps=steps_of(here, act, known, to_go=not proceeds),
        reading=reading(here),
    )
    return tuple(islice(_stopping(search) if proceeds else _opening(search), _TOLD))


def _stopping(search: _Search) -> Iterator[Counterfactual]:
    for step in search.steps:
        verdict = search.verdict((step,))
        if not verdict.proceeds:
            yield _told_as((step,), verdict)


def _opening(search: _Search) -> Iterator[Counterfactual]:
    """Breadth first, so that the smallest come first; each set of changes is tried once."""
    tries, tried = 0, set[frozenset[Step]]()
    frontier: list[tuple[frozenset[Step], Verdict]] = [(frozenset(), search.verdict(()))]
    for _ in range(_AT_MOST_TOGETHER):
        found, further = False, []
        for chosen, verdict in frontier:
            for step in search.touching(_in_the_way(search, verdict)):
                more = chosen | {step}
                if more in tried or meet(more) or tries >= _TRIES:
                    continue
                tried.add(more)
                tries += 1
                then = search.verdict(more)
                if then.proceeds:
                    found = True
                    yield _told_as(more, then)
                else:
                    further.append((more, then))
        if found:
            return
        frontier = further


def _in_the_way(search: _Search, verdict: Verdict) -> frozenset[str]:
    """The facts that the first rule in the way reads; where the law opens nothing, those that its permits read; where a fact is
    missing, that fact."""
    effects = {rule.id: rule.effect for rule in search.rules.rules if rule.id in search.reading}
    for reason in verdict.reasons:
        if effects.get(reason.rule) is Effect.FORBID:
            return search.reading[reason.rule]
    if verdict.missing:
        return frozenset(verdict.missing)
    return frozenset[str]().union(*(search.reading[rule] for rule, effect in effects.items() if effect is Effect.PERMIT))


def _told_as(chosen: Iterable[Step], verdict: Verdict) -> Counterfactual:
    changes = sorted((step.change for step in chosen), key=lambda change: change.fact)
    return Counterfactual(changes=tuple(changes), outcome=verdict.outcome, duties=verdict.duties)


def _touches(path: str, paths: frozenset[str]) -> bool:
    """What one side shares is of everyone too."""
    head, _, inner = path.partition(".")
    return not paths.isdisjoint({path, head, inner, f"everyone.{inner}"})


def _places(facts: Facts) -> frozenset[str]:
    places = facts.get("jurisdictions")
    return frozenset(str(each) for each in places) if isinstance(places, list) else frozenset()

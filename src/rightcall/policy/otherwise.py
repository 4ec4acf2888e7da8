"""What of the facts of a question could be otherwise, and the facts as they would be then.

What the parties of one side share is changed as one: if everyone who has not answered had said yes, the speaker has too.
Facts that are what they are stand: whose law applies, who speaks, on what basis, what is asked for. Where one of those is not
known, it counts as a change that it were.
Pure. Deliberately elsewhere: facts in plain words (facts.toml), what turns a verdict (counterfactual.py).
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rightcall.canonical import Json
from rightcall.policy.model import Act, Rule
from rightcall.policy.vocabulary import facts_in, values_of

Facts = Mapping[str, Json]
_UNKNOWN = "unknown"
_STANDING = frozenset(
    {
        "jurisdictions",
        "places",
        "for_speaker",
        "term_over",
        "purpose.key",
        "purpose.dpv",
        "purpose.duty",
        "purpose.basis",
        "purpose.staff_basis",
        "purpose.categories",
        "speaker.role",
        "speaker.basis",
        "request.wish",
        "request.days_open",
        "request.extended",
        "request.reasons_given",
        "analysis.method",
        "keeping.reason",
        "keeping.duty",
        "keeping.against_wish",
        "breach.hours_known",
        "breach.risk",
        "breach.high_risk",
        "contact.marketing",
        "contact.urgent",
        "design.high_risk",
        "handover.opted_out",
        "handover.sensitive_limited",
    }
)
_OF_ONE = {"answer": "answers", "preference": "preferences", "quality": "qualities", "age": "ages"}
_OF_SOME = ("in_distress", "declined_recording", "restricted")
_OF_ALL = {"asks_for_it": "all_ask_for_it"}
_OF_PARTIES = frozenset(
    {f"speaker.{one}" for one in (*_OF_ONE, *_OF_SOME, *_OF_ALL)}
    | {
        f"{group}.{many}"
        for group in ("everyone", "outsiders", "staff")
        for many in (*_OF_ONE.values(), *_OF_SOME, *_OF_ALL.values())
    }
)
_ADVICE: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"granted"}),
    "quality": frozenset({"valid"}),
    "preference": frozenset({"on", "nopreference"}),
    "age": frozenset(),
    "role": frozenset({"agent", "supervisor", "reviewer", "dpo", "auditor", "engineer", "subject"}),
}
_PLAIN = Path(__file__).parent / "facts.toml"
_PATH = re.compile(r"\bcontext\.([a-z_]+(?:\.[a-z_]+)?)")
_NUMBER = re.compile(r"\b\d+\b")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fact by its path, such as `case_given`; what the parties of one side share as `outsiders.answer`, `staff.answer`. `was`
    is "unknown" where the fact was missing."""

    fact: str
    was: str
    would_be: str


@dataclass(frozen=True, slots=True)
class Step:
    """A change, and what of the facts it replaces, by path of two parts at most; `swaps`: in which set of words."""

    change: Change
    sets: tuple[tuple[str, Json], ...] = field(compare=False)
    swaps: str | None = field(default=None, compare=False)

    @property
    def paths(self) -> tuple[str, ...]:
        return (*(path for path, _ in self.sets), *([] if self.swaps is None else [self.swaps]))


def reading(rules: Iterable[Rule]) -> Mapping[str, frozenset[str]]:
    """The facts that each rule reads."""
    known = _paths()
    read = {rule.id: _PATH.findall(rule.source) for rule in rules}
    return {id: frozenset(path if path in known else path.partition(".")[0] for path in paths) for id, paths in read.items()}


@cache
def _paths() -> frozenset[str]:
    return frozenset(path for act in Act for path in facts_in(act))


def meet(chosen: Iterable[Step]) -> bool:
    """Whether two of them change the same."""
    paths = [path for step in chosen for path, _ in step.sets] + [
        f"{step.swaps} {step.change.was}" for step in chosen if step.swaps is not None
    ]
    return len(set(paths)) < len(paths)


def steps_of(rules: Sequence[Rule], act: Act, facts: Facts, *, to_go: bool) -> tuple[Step, ...]:
    """Each change of one fact that some rule reads, which could turn a verdict that way."""
    read = frozenset[str]().union(*reading(rules).values())
    numbers = sorted({int(each) for rule in rules for each in _NUMBER.findall(_STRING.sub("", rule.source))})
    parties = [step for step in _of_parties(facts, read) if not to_go or _is_advice(step.change)]
    alone = [
        step
        for path, kind in facts_in(act).items()
        if path in read and path not in _OF_PARTIES and (path not in _STANDING or _get(facts, path) is None)
        for step in _of_one_fact(facts, path, kind, numbers)
        if not to_go or _is_advice(step.change)
    ]
    return (*parties, *alone)


def _is_advice(change: Change) -> bool:
    """Nobody is advised to unsay an answer, to be of another age, or to have a machine of ours do it."""
    _, _, name = change.fact.rpartition(".")
    return change.would_be in _ADVICE[name] if name in _ADVICE else True


def _of_one_fact(facts: Facts, path: str, kind: str, numbers: Sequence[int]) -> Iterator[Step]:
    was = _get(facts, path)
    if was is None and "." in path:
        return
    for would_be in _others(facts, path, kind, was, numbers):
        change = Change(fact=path, was=_told(was), would_be=_told(would_be))
        yield Step(change, ((path, would_be),))


def _others(facts: Facts, path: str, kind: str, was: Json, numbers: Sequence[int]) -> Iterator[Json]:
    """What else a fact could be: of numbers, those at which some rule turns."""
    if kind == "Bool":
        yield from (each for each in (True, False) if each is not was)
    elif kind == "Long":
        turning = {number + by for number in numbers for by in (-1, 0, 1) if number + by >= 0}
        yield from sorted(turning - ({was} if isinstance(was, int) else set()))
    elif kind.startswith("Set<"):
        yield from _other_sets(facts, path, kind.removeprefix("Set<").removesuffix(">"), was)
    else:
        yield from (each for each in values_of(kind) if each != was)


def _other_sets(facts: Facts, path: str, kind: str, was: Json) -> Iterator[Json]:
    """One word more, or one fewer; of what something was collected for, the purpose of the question."""
    words = [str(each) for each in was] if isinstance(was, list) else []
    key = _get(facts, "purpose.key")
    known = [str(key)] if path == "collected_for" and key is not None else list(values_of(kind))
    if was is None:
        yield []
    yield from (sorted({*words, each}) for each in known if each not in words)
    yield from (sorted({*words} - {each}) for each in words)


def _of_parties(facts: Facts, read: frozenset[str]) -> Iterator[Step]:
    """What the parties of one side share changes as one, in the speaker and in the groups."""
    speaker = facts.get("speaker")
    if not isinstance(speaker, Mapping):
        return
    side = "staff" if speaker.get("role") == "agent" else "outsiders"
    for group in ("outsiders", "staff"):
        of = facts.get(group)
        if isinstance(of, Mapping):
            yield from _of_group(speaker if side == group else None, group, of, read)


def _of_group(speaker: Mapping[str, Json] | None, group: str, of: Mapping[str, Json], read: frozenset[str]) -> Iterator[Step]:
    kinds = facts_in(Act.CAPTURE)
    for one, many in _OF_ONE.items():
        if not read & {f"speaker.{one}", f"{group}.{many}", f"everyone.{many}"}:
            continue
        there = of.get(many)
        for was in there if isinstance(there, list) else []:
            for would_be in values_of(kinds[f"speaker.{one}"]):
                if would_be != was:
                    yield _swap(speaker, group, one, many, str(was), would_be)
    for name in _OF_SOME:
        if of.get(name) is True and read & {f"speaker.{name}", f"{group}.{name}", f"everyone.{name}"}:
            yield _calm(speaker, group, name)
    for one, name in _OF_ALL.items():
        if of.get(name) is False and read & {f"speaker.{one}", f"{group}.{name}", f"everyone.{name}"}:
            yield _all_ask(speaker, group, one, name)


def _swap(speaker: Mapping[str, Json] | None, group: str, one: str, many: str, was: str, would_be: str) -> Step:
    says = speaker is not None and speaker.get(one) == was
    sets: tuple[tuple[str, Json], ...] = ((f"speaker.{one}", would_be),) if says else ()
    return Step(Change(fact=f"{group}.{one}", was=was, would_be=would_be), sets, swaps=f"{group}.{many}")


def _calm(speaker: Mapping[str, Json] | None, group: str, name: str) -> Step:
    sets: list[tuple[str, Json]] = [(f"{group}.{name}", False)]
    if speaker is not None:
        sets.append((f"speaker.{name}", False))
    return Step(Change(fact=f"{group}.{name}", was="true", would_be="false"), tuple(sets))


def _all_ask(speaker: Mapping[str, Json] | None, group: str, one: str, name: str) -> Step:
    sets: list[tuple[str, Json]] = [(f"{group}.{name}", True)]
    if speaker is not None:
        sets.append((f"speaker.{one}", True))
    return Step(Change(fact=f"{group}.{one}", was="false", would_be="true"), tuple(sets))


def changed(facts: Facts, steps: Collection[Step]) -> dict[str, Json]:
    changed = dict(facts)
    for path, value in (each for step in steps for each in step.sets):
        head, _, inner = path.partition(".")
        if not inner:
            changed[head] = value
            continue
        record = changed.get(head)
        if isinstance(record, Mapping):
            changed[head] = {**record, inner: value}
    for step in steps:
        if step.swaps is not None:
            _swapped(changed, step.swaps, step.change)
    return _all_together(changed)


def _swapped(facts: dict[str, Json], path: str, change: Change) -> None:
    head, _, many = path.partition(".")
    group = facts[head]
    assert isinstance(group, Mapping)  # noqa: S101 - the step was made from it
    facts[head] = {**group, many: sorted(({*_words(group, many)} - {change.was}) | {change.would_be})}


def _all_together(facts: dict[str, Json]) -> dict[str, Json]:
    """What is so of everyone follows from both sides."""
    outsiders, staff, everyone = (facts.get(group) for group in ("outsiders", "staff", "everyone"))
    if not (isinstance(outsiders, Mapping) and isinstance(staff, Mapping) and isinstance(everyone, Mapping)):
        return facts
    told: dict[str, Json] = dict(everyone)
    for many in _OF_ONE.values():
        told[many] = sorted({*_words(outsiders, many), *_words(staff, many)})
    for name in _OF_SOME:
        told[name] = outsiders.get(name) is True or staff.get(name) is True
    for name in _OF_ALL.values():
        told[name] = outsiders.get(name) is True and staff.get(name) is True
    return {**facts, "everyone": told}


def _words(group: Mapping[str, Json], many: str) -> list[str]:
    words = group.get(many)
    return [str(each) for each in words] if isinstance(words, list) else []


def _get(facts: Facts, path: str) -> Json:
    head, _, inner = path.partition(".")
    record = facts.get(head)
    if not inner:
        return record
    return record.get(inner) if isinstance(record, Mapping) else None


def _told(value: Json) -> str:
    if value is None:
        return _UNKNOWN
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "none"
    return str(value)


def in_words(change: Change) -> str:
    """For people: what would be otherwise, and how."""
    return f"{plain_words()[change.fact]}: {change.would_be.replace('_', ' ')} (it is {change.was.replace('_', ' ')})"


@cache
def plain_words() -> Mapping[str, str]:
    """Every fact in plain words, by its path; of what parties share, by the one word: `outsiders.answer`."""
    table = tomllib.loads(_PLAIN.read_text(encoding="utf-8"))
    words: dict[str, str] = {}
    for fact, told in table.items():
        words |= {fact: told} if isinstance(told, str) else {f"{fact}.{inner}": each for inner, each in told.items()}
    return words

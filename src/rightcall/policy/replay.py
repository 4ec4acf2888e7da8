"""Verdicts decided again: what a proposed rule set would have answered to the questions that were asked (design, section 5).

What is proposed is held against what the rules in force today say of the same facts, and so answers only for what it changes
itself. What the rules of today changed already, since the verdict was given, is shown apart.
Equal facts are decided once. Nothing is guessed: a verdict whose facts cannot be weighed with the words of today, or for which
a rule asks a fact that was not written down then, is left out, and said to be. The same pass gives each verdict again by the
rules that gave it; another answer than the stored one breaks the promise that verdicts are a function of facts and rules.
Pure. Deliberately elsewhere: reading verdicts in stretches (replaying.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from rightcall.canonical import parse_json, sha256
from rightcall.ids import VerdictId
from rightcall.policy.model import Act, Axis, Duty, Outcome, RuleSet, Verdict
from rightcall.policy.overrides.rules import set_aside
from rightcall.policy.rules import counting, weigh
from rightcall.policy.vocabulary import is_fact, unreadable

K = TypeVar("K")
V = TypeVar("V")
_EXAMPLES = 3
_KEPT = 100_000
_MANY_CALLS = 100_000
_MANY_OF_A_KIND = 20_000
_ID_BYTES = 16
NO_PURPOSE = "-"
NOBODY = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What of a verdict has to be the same when it is given again. Rules by their ids."""

    outcome: Outcome
    lawful: bool | None
    right: bool | None
    rules: frozenset[str]
    duties: frozenset[Duty]
    missing: frozenset[str]

    @classmethod
    def of(cls, verdict: Verdict) -> "Answer":
        return cls(
            outcome=verdict.outcome,
            lawful=verdict.lawful,
            right=verdict.right,
            rules=frozenset(reason.rule for reason in verdict.reasons),
            duties=frozenset(verdict.duties),
            missing=frozenset(verdict.missing),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Verdicts of one day with equal facts, rules and answers. `aside`: house rules that an override set aside for them.
    `verdicts` and `calls` are ids, 16 bytes each; a call as often as it has verdicts here."""

    day: date
    act: Act
    facts: bytes
    rule_set: bytes
    answer: Answer
    aside: frozenset[str] = frozenset()
    verdicts: bytes
    calls: bytes

    @property
    def count(self) -> int:
        return len(self.verdicts) // _ID_BYTES

    def first(self) -> list[bytes]:
        return sorted(_each(self.verdicts))[:_EXAMPLES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of a rule set by its digest. `rules` is None where its text is not kept, or does not load with the words of
    today; `words` are the facts and words that questions had under it, and None where that is not known."""

    rules: RuleSet | None
    words: frozenset[str] | None


UNKNOWN = Kept(rules=None, words=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Verdicts that would change in the same way. `about`: whose words they are about, by the role in the call. `was` and
    `would_be` are equal where only the duties differ."""

    purpose: str
    month: str
    act: Act
    about: str
    was: Outcome
    would_be: Outcome


@dataclass(slots=True)
class Seen:
    """How many, in how many calls (at least that many where `many_calls`), the rules behind it, and the first few by id."""

    count: int = 0
    rules: set[str] = field(default_factory=set)
    _calls: set[bytes] = field(default_factory=set)
    _first: list[bytes] = field(default_factory=list)

    def add(self, alike: Alike, rules: frozenset[str] = frozenset()) -> None:
        self.count += alike.count
        self.rules |= rules
        _gather(self._calls, alike.calls, _MANY_OF_A_KIND)
        self._first = sorted([*self._first, *alike.first()])[:_EXAMPLES]

    @property
    def calls(self) -> int:
        return len(self._calls)

    @property
    def many_calls(self) -> bool:
        return len(self._calls) >= _MANY_OF_A_KIND

    @property
    def examples(self) -> list[VerdictId]:
        return [VerdictId(UUID(bytes=each)) for each in self._first]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`as_before` would have the same answer and duties as by the rules in force today. `already`: what those say otherwise than
    the verdict said, whatever is proposed. `left_out` is by why. `drift` is by rule set and by the answers, stored
    and given again; `given_again` counts what was looked at for it, `not_given_again` what could not be, by why. `calls` are
    those in which anything would change, at least that many where `many_calls`. `decided`: how often the rules had to be asked.
    """

    since: datetime
    until: datetime
    verdicts: int
    as_before: int
    changes: Mapping[Kind, Seen]
    already: Mapping[Kind, Seen]
    calls: int
    many_calls: bool
    left_out: Mapping[str, Seen]
    given_again: int
    not_given_again: Mapping[str, Seen]
    drift: Mapping[tuple[str, Outcome, Outcome], Seen]
    decided: int


def as_if_in_force(rules: RuleSet) -> RuleSet:
    """The same law, with the house rules in force on every day: what is proposed had begun on none of those replayed."""
    begun = tuple(replace(rule, in_force_from=date.min) if rule.axis is Axis.HOUSE else rule for rule in rules.rules)
    return RuleSet(sha256(b"as if in force\n" + rules.digest), begun)


@dataclass(frozen=True, slots=True)
class _Known:
    """Facts that were read once: their hash, the places they name, and why they cannot be weighed, if so."""

    digest: bytes
    places: frozenset[str]
    purpose: str
    about: str
    problem: str | None


class Deciding:
    """Decides equal facts once: answers are kept under the hash of the facts, the act, and which rules count on that day."""

    def __init__(self) -> None:
        self.decided = 0
        self._answers: dict[tuple[bytes, Act, tuple[bool, ...], bytes], Answer] = {}
        self._known: dict[bytes, _Known] = {}
        self._same: dict[Answer, Answer] = {}

    def known(self, facts: bytes) -> _Known:
        digest = sha256(facts)
        known = self._known.get(digest)
        if known is None:
            _make_room(self._known)
            known = self._known[digest] = _read(digest, facts)
        return known

    def answer(self, whole: RuleSet, alike: Alike, known: _Known) -> Answer:
        rules = set_aside(whole, alike.aside)
        counts = counting(rules, alike.day, known.places)
        key = (rules.digest, alike.act, counts, known.digest)
        answer = self._answers.get(key)
        if answer is None:
            _make_room(self._answers)
            self.decided += 1
            fresh = Answer.of(weigh(rules, counts, known.places, alike.act, alike.facts))
            answer = self._answers[key] = self._same.setdefault(fresh, fresh)
        return answer


class Tally:
    """Adds up what would change, stretch by stretch; its size does not grow with the number of verdicts."""

    def __init__(self, proposed: RuleSet, in_force: RuleSet) -> None:
        self._proposed, self._today = as_if_in_force(proposed), as_if_in_force(in_force)
        self._deciding = Deciding()
        self._verdicts = self._as_before = self._given_again = 0
        self._changes: dict[Kind, Seen] = {}
        self._already: dict[Kind, Seen] = {}
        self._calls: set[bytes] = set()
        self._left_out: dict[str, Seen] = {}
        self._not_given_again: dict[str, Seen] = {}
        self._drift: dict[tuple[str, Outcome, Outcome], Seen] = {}

    def add(self, alike: Alike, kept: Kept) -> None:
        """`kept` is what is known of the rules that gave these verdicts."""
        self._verdicts += alike.count
        known = self._deciding.known(alike.facts)
        if known.problem is not None:
            _at(self._left_out, known.problem).add(alike)
            _at(self._not_given_again, known.problem).add(alike)
            return
        self._propose(alike, kept, known)
        self._give_again(alike, kept, known)

    def report(self, since: datetime, until: datetime) -> Report:
        return Report(
            since=since,
            until=until,
            verdicts=self._verdicts,
            as_before=self._as_before,
            changes=self._changes,
            already=self._already,
            calls=len(self._calls),
            many_calls=len(self._calls) >= _MANY_CALLS,
            left_out=self._left_out,
            given_again=self._given_again,
            not_given_again=self._not_given_again,
            drift=self._drift,
            decided=self._deciding.decided,
        )

    def _propose(self, alike: Alike, kept: Kept, known: _Known) -> None:
        answer, today = (self._deciding.answer(rules, alike, known) for rules in (self._proposed, self._today))
        unwritten = _unwritten(answer, alike.answer, kept) or _unwritten(today, alike.answer, kept)
        if unwritten is not None:
            _at(self._left_out, unwritten).add(alike)
            return
        if not _alike(today, alike.answer):
            _at(self._already, _kind(alike, known, alike.answer, today)).add(alike, today.rules)
        if _alike(answer, today):
            self._as_before += alike.count
            return
        _at(self._changes, _kind(alike, known, today, answer)).add(alike, answer.rules)
        _gather(self._calls, alike.calls, _MANY_CALLS)

    def _give_again(self, alike: Alike, kept: Kept, known: _Known) -> None:
        if kept.rules is None:
            unkept = "the rules that gave them were not kept" if kept.words is None else "the rules that gave them no longer load"
            _at(self._not_given_again, unkept).add(alike)
            return
        self._given_again += alike.count
        answer = self._deciding.answer(kept.rules, alike, known)
        if answer != alike.answer:
            way = (alike.rule_set.hex(), alike.answer.outcome, answer.outcome)
            _at(self._drift, way).add(alike, answer.rules ^ alike.answer.rules)


def _alike(one: Answer, other: Answer) -> bool:
    return (one.outcome, one.duties) == (other.outcome, other.duties)


def _kind(alike: Alike, known: _Known, was: Answer, would_be: Answer) -> Kind:
    return Kind(
        purpose=known.purpose,
        month=f"{alike.day:%Y-%m}",
        act=alike.act,
        about=known.about,
        was=was.outcome,
        would_be=would_be.outcome,
    )


def _gather(calls: set[bytes], ids: bytes, most: int) -> None:
    """Up to `most` of them: what is kept does not grow with the number of verdicts."""
    for call in _each(ids):
        if len(calls) >= most:
            return
        calls.add(call)


def _unwritten(answer: Answer, stored: Answer, kept: Kept) -> str | None:
    """Where rules miss a fact that was not there to be known when the verdict was given: why it cannot be told."""
    if answer.outcome is not Outcome.CANNOT_TELL:
        return None
    for fact in sorted(name for name in answer.missing - stored.missing if is_fact(name)):
        if kept.words is None:
            return f"the fact {fact} is missing, and whether it could have been known then is not known"
        if not any(word.partition(".")[0] == fact for word in kept.words):
            return f"the fact {fact} was not written down then"
    return None


def _read(digest: bytes, facts: bytes) -> _Known:
    document = parse_json(facts)
    problem = unreadable(document)
    if problem is not None or not isinstance(document, dict):
        return _Known(digest, frozenset(), NO_PURPOSE, NOBODY, problem or "the facts are not a question's")
    purpose = document.get("purpose", {"key": NO_PURPOSE})
    speaker = document.get("speaker", {"role": NOBODY})
    return _Known(digest, frozenset(document.get("jurisdictions", ())), purpose["key"], speaker["role"], None)


def _make_room(kept: dict[K, V]) -> None:
    """The oldest goes first. What comes back is decided again, which costs time and changes nothing."""
    if len(kept) >= _KEPT:
        del kept[next(iter(kept))]


def _at(table: dict[K, Seen], key: K) -> Seen:
    return table.setdefault(key, Seen())


def _each(ids: bytes) -> Iterator[bytes]:
    return (ids[place : place + _ID_BYTES] for place in range(0, len(ids), _ID_BYTES))

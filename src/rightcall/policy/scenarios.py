"""Scenarios: a situation in plain words, its facts, the verdict that is expected, and why. They are how rules are tested.

A scenario is a TOML file. Facts that it leaves out are not known, save for the purpose, which is ordinary where it does not say
otherwise. Unknown words are refused, so that a misspelt fact cannot make a scenario pass.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

from rightcall.actors import Actor, PartyRole, Role
from rightcall.errors import Malformed
from rightcall.ids import PurposeId
from rightcall.policy.model import (
    Act,
    Axis,
    DutyKind,
    Effect,
    Finding,
    Outcome,
    PartyFacts,
    PauseReason,
    Place,
    PurposeFacts,
    Question,
    Rule,
    RuleSet,
    Verdict,
)
from rightcall.policy.rules import decide
from rightcall.policy.situations import (
    AnalysisFacts,
    BreachFacts,
    ContactFacts,
    DesignFacts,
    DestructionFacts,
    HandoverFacts,
    OriginFacts,
    RequestFacts,
)
from rightcall.purposes.model import LawfulBasis

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
_NOBODY = UUID(int=0)
_UNKNOWN = "unknown"
_MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_RECORDS: Mapping[str, type] = {
    "design": DesignFacts,
    "analysis": AnalysisFacts,
    "handover": HandoverFacts,
    "contact": ContactFacts,
    "origin": OriginFacts,
    "request": RequestFacts,
    "breach": BreachFacts,
    "destruction": DestructionFacts,
}
_BOOLEANS = (
    "carries_card_data", "carries_authentication_data", "reason_given", "case_given", "review_in_force",
    "detriment_found", "machine_speaks", "machine_told", "fenced", "for_speaker",
)  # fmt: skip
_TOP = {
    "says", "why", "drawn_from", "act", "at", "jurisdictions", "places", "actor", "speaker", "pauses", "last_day",
    "collected_for", *_BOOLEANS, *_RECORDS, "purpose", "parties", "expect",
}  # fmt: skip
_EXPECT = {"outcome", "rules", "duties", "missing"}
_LINES = ("outcome", "rule", "duty", "missing")
_USUALLY: Mapping[str, bool] = {"review_in_force": True}
"""What a scenario that does not say so takes for granted, since it is about something else. `"unknown"` takes that back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`rules` are all that decided, by id; `duties` and `missing` likewise all. A duty is expected with its days, such as
    `keep_at_most_days=180`, or without. `drawn_from`: the case or practice behind it."""

    file: str
    says: str
    why: str
    drawn_from: str | None
    question: Question
    outcome: Outcome
    rules: frozenset[str]
    duties: frozenset[str]
    missing: frozenset[str]


def read_scenario(file: str, text: str) -> Scenario:
    """Malformed, naming what is wrong, where it is not a whole scenario."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(f"This is not valid TOML: {error}.") from error
    _only(document, _TOP, "a scenario")
    expect = _table(document, "expect")
    _only(expect, _EXPECT, "expect")
    return Scenario(
        file=file,
        says=_need(document, "says", str),
        why=_need(document, "why", str),
        drawn_from=_maybe(document, "drawn_from", lambda: _need(document, "drawn_from", str)),
        question=_question(document),
        outcome=_word(Outcome, _need(expect, "outcome", str)),
        rules=frozenset(_words(expect, "rules")),
        duties=frozenset(_duty(duty) for duty in _words(expect, "duties")),
        missing=frozenset(_words(expect, "missing")),
    )


def outcomes(rules: RuleSet, scenarios: Iterable[Scenario]) -> list[Finding]:
    """The scenarios that come out otherwise than they say, each with the difference line by line."""
    findings = []
    for scenario in scenarios:
        verdict = decide(rules, scenario.question)
        if not comes_out(verdict, scenario):
            lines = ["It comes out otherwise (- as it says, + as it comes out):", *difference(verdict, scenario)]
            advice = "Mend the rule, or, if the verdict is what you want, the scenario."
            findings.append(Finding(file=scenario.file, line=1, rule=None, problem="\n".join(lines), advice=advice))
    return findings


def comes_out(verdict: Verdict, scenario: Scenario) -> bool:
    """Whether the verdict is the one that the scenario expects, in all that it says."""
    return _seen(verdict, scenario) == _expected(scenario)


def difference(verdict: Verdict, scenario: Scenario) -> list[str]:
    """What a verdict is, line by line: - where the scenario alone says it, + where the verdict alone does."""
    expected, seen = _expected(scenario), _seen(verdict, scenario)
    lines = [*expected, *(each for each in seen if each not in expected)]
    order = {kind: place for place, kind in enumerate(_LINES)}
    lines.sort(key=lambda each: (order[each[0]], each not in expected, each[1]))
    signs = {(True, False): "-", (False, True): "+", (True, True): " "}
    return [f"  {signs[each in expected, each in seen]} {each[0]} {each[1]}" for each in lines]


def uncovered(house: Sequence[Rule], rules: RuleSet, scenarios: Sequence[Scenario]) -> list[Finding]:
    """House rules that no scenario is stopped by, or for which no scenario of the same act is let through."""
    verdicts = [(scenario.question.act, decide(rules, scenario.question)) for scenario in scenarios]
    findings = []
    for rule in house:
        if rule.axis is not Axis.HOUSE or rule.effect is Effect.PERMIT:
            continue
        stops = any(rule.id in {reason.rule for reason in verdict.reasons} for _, verdict in verdicts)
        lets = any(act in rule.acts and verdict.proceeds for act, verdict in verdicts)
        if not (stops and lets):
            absent = " and ".join(word for word, there in (("stops", stops), ("lets through", lets)) if not there)
            problem = f"There is no scenario that {rule.id} {absent}."
            findings.append(
                Finding(file=rule.file, line=rule.line, rule=rule.id, problem=problem, advice="Add one in scenarios/."),
            )
    return findings


def _seen(verdict: Verdict, scenario: Scenario) -> list[tuple[str, str]]:
    """Days of a duty are told where the scenario tells them."""
    counted = {duty.partition("=")[0] for duty in scenario.duties if "=" in duty}
    duties = {duty.kind.value if duty.kind not in counted else f"{duty.kind}={duty.days}" for duty in verdict.duties}
    return _lines(verdict.outcome, {reason.rule for reason in verdict.reasons}, duties, verdict.missing)


def _expected(scenario: Scenario) -> list[tuple[str, str]]:
    return _lines(scenario.outcome, scenario.rules, scenario.duties, scenario.missing)


def _lines(outcome: Outcome, rules: Iterable[str], duties: Iterable[str], missing: Iterable[str]) -> list[tuple[str, str]]:
    told = zip(_LINES, ([outcome.value], rules, duties, missing), strict=True)
    return [(kind, each) for kind, several in told for each in sorted(several)]


def _duty(text: str) -> str:
    """`announce`, or `keep_at_most_days=180`; without its days it expects any."""
    kind, equals, days = text.partition("=")
    if equals and not (_word(DutyKind, kind).has_days and days.isdigit()):
        raise Malformed(f"{text!r} is not a duty that counts days. Write keep_at_most_days=180, for example.")
    return text if equals else _word(DutyKind, kind).value


def _question(document: Mapping[str, Any]) -> Question:
    purpose = None if "purpose" not in document else _purpose(_table(document, "purpose"))
    parties = _maybe(document, "parties", lambda: tuple(_party(each, purpose) for each in _need(document, "parties", list)))
    places = frozenset(_record(Place, each) for each in document.get("places", []))
    return Question(
        act=_word(Act, _need(document, "act", str)),
        at=_at(document) if "at" in document else _MONDAY,
        jurisdictions=_maybe(document, "jurisdictions", lambda: frozenset(_words(document, "jurisdictions"))),
        places=places,
        purpose=purpose,
        actor=_maybe(document, "actor", lambda: Actor(id=_NOBODY, role=_word(Role, _need(document, "actor", str)))),
        speaker=_maybe(document, "speaker", lambda: _speaker(document, parties)),
        parties=parties,
        pauses=_maybe(document, "pauses", lambda: frozenset(_word(PauseReason, each) for each in _words(document, "pauses"))),
        last_day=_maybe(document, "last_day", lambda: _need(document, "last_day", date)),
        collected_for=_collected_for(document, purpose),
        **_told(document),
    )


def _collected_for(document: Mapping[str, Any], purpose: PurposeFacts | None) -> frozenset[str] | None:
    """Where a scenario does not say so, it was taken down for the purpose that it is about. `"unknown"` takes that back."""
    if document.get("collected_for") == _UNKNOWN:
        return None
    if "collected_for" in document:
        return frozenset(_words(document, "collected_for"))
    return None if purpose is None else frozenset({purpose.key})


def _told(document: Mapping[str, Any]) -> dict[str, Any]:
    flags = {name: value for name in _BOOLEANS if (value := _flag(document, name)) is not None}
    return flags | {name: _record(kind, _table(document, name)) for name, kind in _RECORDS.items() if name in document}


def _flag(document: Mapping[str, Any], name: str) -> bool | None:
    """None where it is not known: left out, or said to be so."""
    if document.get(name) == _UNKNOWN:
        return None
    return _need(document, name, bool) if name in document else _USUALLY.get(name)


def _record(kind: type[T], table: object) -> T:
    """A record of facts, whole: each of its words, and no other."""
    what = kind.__name__.removesuffix("Facts").lower()
    hints = get_type_hints(kind)
    _only(table, set(hints), what)
    assert isinstance(table, dict)  # noqa: S101 - `_only` has looked
    return kind(**{name: _value(hint, table, name) for name, hint in hints.items()})


def _value(hint: type, table: Mapping[str, Any], name: str) -> Any:
    return _word(hint, _need(table, name, str)) if issubclass(hint, StrEnum) else _need(table, name, hint)


def _at(document: Mapping[str, Any]) -> datetime:
    at = _need(document, "at", datetime)
    if at.tzinfo is None:
        raise Malformed("`at` has no offset. Write it as 2026-11-23T09:30:00Z.")
    return at


def _purpose(table: Mapping[str, Any]) -> PurposeFacts:
    usual: Mapping[str, Any] = {
        "key": "training",
        "dpv": "",
        "duty": "",
        "basis": "consent",
        "staff_basis": "legitimate_interests",
        "categories": ["pd:VoiceCommunicationRecording"],
        "may_use": [],
        "term_days": 30,
        "active": True,
    }
    _only(table, set(usual), "purpose")
    told = {**usual, **table}
    return PurposeFacts(
        id=PurposeId(_NOBODY),
        key=_need(told, "key", str),
        dpv=_need(told, "dpv", str),
        duty=_need(told, "duty", str),
        basis=_word(LawfulBasis, _need(told, "basis", str)),
        staff_basis=_word(LawfulBasis, _need(told, "staff_basis", str)),
        categories=frozenset(_words(told, "categories")),
        may_use=frozenset(_word(Role, each) for each in _words(told, "may_use")),
        term_days=_need(told, "term_days", int),
        active=_need(told, "active", bool),
    )


def _party(table: Mapping[str, Any], purpose: PurposeFacts | None) -> PartyFacts:
    """Its basis is the purpose's for one of its role, unless the scenario says otherwise."""
    hints = get_type_hints(PartyFacts)
    _only(table, set(hints), "a party")
    role = _word(PartyRole, _need(table, "role", str))
    basis = LawfulBasis.CONSENT
    if purpose is not None:
        basis = purpose.staff_basis if role is PartyRole.AGENT else purpose.basis
    told = {"basis": basis.value, **table}
    return PartyFacts(**{name: _value(hints[name], told, name) for name in {"answer", *told}})


def _speaker(document: Mapping[str, Any], parties: tuple[PartyFacts, ...] | None) -> PartyFacts:
    """`speaker` counts the parties from 1."""
    number = _need(document, "speaker", int)
    if parties is None or not 1 <= number <= len(parties):
        raise Malformed("`speaker` is the number of one of the parties, counted from 1.")
    return parties[number - 1]


def _maybe(document: Mapping[str, Any], name: str, read: Callable[[], T]) -> T | None:
    return read() if name in document else None


def _need(table: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = table.get(name)
    if type(value) is not kind:
        raise Malformed(f"`{name}` is missing, or is not of the kind {kind.__name__}.")
    return value


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _need(document, name, dict)


def _words(table: Mapping[str, Any], name: str) -> list[str]:
    words = table.get(name, [])
    if not isinstance(words, list) or not all(isinstance(each, str) for each in words):
        raise Malformed(f"`{name}` is a list of words.")
    return words


def _word(kind: type[E], text: str) -> E:
    if text not in {each.value for each in kind}:
        raise Malformed(f"{text!r} is not one of {', '.join(each.value for each in kind)}.")
    return kind(text)


def _only(table: object, known: set[str], what: str) -> None:
    if not isinstance(table, dict):
        raise Malformed(f"{what} is a table of words and values.")
    unknown = sorted(table.keys() - known)
    if unknown:
        raise Malformed(f"{', '.join(unknown)}: {what} knows no such word. It knows {', '.join(sorted(known))}.")

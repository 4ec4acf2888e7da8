"""Scenarios: a situation in plain words, its facts, the verdict that is expected, and why. They are how rules are tested.

A scenario is a TOML file. Facts that it leaves out are not known, save for the purpose, which is ordinary where it does not say
otherwise. Unknown words are refused, so that a misspelt fact cannot make a scenario pass.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar
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
    Preference,
    PurposeFacts,
    Question,
    Rule,
    RuleSet,
    Said,
    Verdict,
)
from rightcall.policy.rules import decide
from rightcall.purposes.model import LawfulBasis

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
_NOBODY = UUID(int=0)
_MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_BOOLEANS = ("carries_card_data", "carries_authentication_data", "reason_given", "case_given")
_TOP = {
    "says", "why", "act", "at", "jurisdictions", "actor", "speaker", "pauses", "last_day", "for_speaker", *_BOOLEANS,
    "purpose", "parties", "expect",
}  # fmt: skip
_PURPOSE = {"key", "basis", "staff_basis", "categories", "may_use", "term_days", "active"}
_PARTY = {"role", "answer", "basis", "preference", "bundled"}
_EXPECT = {"outcome", "rules", "duties", "missing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`rules` are all that decided, by id; `duties` and `missing` likewise all."""

    file: str
    says: str
    why: str
    question: Question
    outcome: Outcome
    rules: frozenset[str]
    duties: frozenset[DutyKind]
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
        question=_question(document),
        outcome=_word(Outcome, _need(expect, "outcome", str)),
        rules=frozenset(_words(expect, "rules")),
        duties=frozenset(_word(DutyKind, duty) for duty in _words(expect, "duties")),
        missing=frozenset(_words(expect, "missing")),
    )


def outcomes(rules: RuleSet, scenarios: Iterable[Scenario]) -> list[Finding]:
    """The scenarios that come out otherwise than they say."""
    findings = []
    for scenario in scenarios:
        verdict = decide(rules, scenario.question)
        if _seen(verdict) != _expected(scenario):
            problem = f"It came out as {_seen(verdict)}, and expects {_expected(scenario)}."
            advice = "Mend the rule, or, if the verdict is what you want, the scenario."
            findings.append(Finding(file=scenario.file, line=1, rule=None, problem=problem, advice=advice))
    return findings


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


def _seen(verdict: Verdict) -> str:
    rules = {reason.rule for reason in verdict.reasons}
    return _summary(verdict.outcome, rules, {duty.kind for duty in verdict.duties}, verdict.missing)


def _expected(scenario: Scenario) -> str:
    return _summary(scenario.outcome, scenario.rules, scenario.duties, scenario.missing)


def _summary(outcome: Outcome, rules: Iterable[str], duties: Iterable[DutyKind], missing: Iterable[str]) -> str:
    parts = [("by", rules), ("with", duties), ("missing", missing)]
    return " ".join([outcome.value, *(f"{word} {', '.join(sorted(each))}" for word, each in parts if list(each))])


def _question(document: Mapping[str, Any]) -> Question:
    purpose = None if "purpose" not in document else _purpose(_table(document, "purpose"))
    parties = _maybe(document, "parties", lambda: tuple(_party(each, purpose) for each in _need(document, "parties", list)))
    flag = {name: _need(document, name, bool) for name in _BOOLEANS if name in document}
    return Question(
        act=_word(Act, _need(document, "act", str)),
        at=_at(document) if "at" in document else _MONDAY,
        jurisdictions=_maybe(document, "jurisdictions", lambda: frozenset(_words(document, "jurisdictions"))),
        purpose=purpose,
        actor=_maybe(document, "actor", lambda: Actor(id=_NOBODY, role=_word(Role, _need(document, "actor", str)))),
        speaker=_maybe(document, "speaker", lambda: _speaker(document, parties)),
        parties=parties,
        pauses=_maybe(document, "pauses", lambda: frozenset(_word(PauseReason, each) for each in _words(document, "pauses"))),
        last_day=_maybe(document, "last_day", lambda: _need(document, "last_day", date)),
        for_speaker=_need(document, "for_speaker", bool) if "for_speaker" in document else False,
        carries_card_data=flag.get("carries_card_data"),
        carries_authentication_data=flag.get("carries_authentication_data"),
        reason_given=flag.get("reason_given"),
        case_given=flag.get("case_given"),
    )


def _at(document: Mapping[str, Any]) -> datetime:
    at = _need(document, "at", datetime)
    if at.tzinfo is None:
        raise Malformed("`at` has no offset. Write it as 2026-11-23T09:30:00Z.")
    return at


def _purpose(table: Mapping[str, Any]) -> PurposeFacts:
    _only(table, _PURPOSE, "purpose")
    return PurposeFacts(
        id=PurposeId(_NOBODY),
        key=table.get("key", "training"),
        basis=_word(LawfulBasis, table.get("basis", "consent")),
        staff_basis=_word(LawfulBasis, table.get("staff_basis", "legitimate_interests")),
        categories=frozenset(_words(table, "categories")),
        may_use=frozenset(_word(Role, each) for each in _words(table, "may_use")),
        term_days=_need(table, "term_days", int) if "term_days" in table else 30,
        active=_need(table, "active", bool) if "active" in table else True,
    )


def _party(table: Mapping[str, Any], purpose: PurposeFacts | None) -> PartyFacts:
    """Its basis is the purpose's for one of its role, unless the scenario says otherwise."""
    _only(table, _PARTY, "a party")
    role = _word(PartyRole, _need(table, "role", str))
    usual = LawfulBasis.CONSENT
    if purpose is not None:
        usual = purpose.staff_basis if role is PartyRole.AGENT else purpose.basis
    return PartyFacts(
        role=role,
        answer=_word(Said, _need(table, "answer", str)),
        basis=_word(LawfulBasis, table["basis"]) if "basis" in table else usual,
        preference=_word(Preference, table.get("preference", "nopreference")),
        bundled=_need(table, "bundled", bool) if "bundled" in table else False,
    )


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

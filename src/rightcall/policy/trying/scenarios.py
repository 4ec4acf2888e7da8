"""Scenarios: a situation in plain words, its facts, the verdict that is expected, and why. They are how rules are tested.

A scenario is a TOML file. Facts that it leaves out are not known, save for the purpose, which is ordinary where it does not say
otherwise. Unknown words are refused, so that a misspelt fact cannot make a scenario pass. Deliberately elsewhere: whether
scenarios come out as they say (outcomes.py), and situations that are asked about and expect nothing (on_paper.py).
"""

import re
import tomllib
from collections.abc import Callable, Mapping
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
    DutyKind,
    Outcome,
    PartyFacts,
    PauseReason,
    Place,
    PlaceSource,
    PurposeFacts,
    Question,
)
from rightcall.policy.near import near
from rightcall.policy.situations import (
    AnalysisFacts,
    BreachFacts,
    ContactFacts,
    DesignFacts,
    DestructionFacts,
    ExtendingFacts,
    HandoverFacts,
    KeepingFacts,
    OriginFacts,
    RequestFacts,
)
from rightcall.policy.trying.variants import otherwise
from rightcall.purposes.model import LawfulBasis

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
_NOBODY = UUID(int=0)
_UNKNOWN = "unknown"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""When a situation takes place that does not say."""
_RECORDS: Mapping[str, type] = {
    "design": DesignFacts,
    "analysis": AnalysisFacts,
    "handover": HandoverFacts,
    "contact": ContactFacts,
    "origin": OriginFacts,
    "request": RequestFacts,
    "keeping": KeepingFacts,
    "extending": ExtendingFacts,
    "breach": BreachFacts,
    "destruction": DestructionFacts,
}
_BOOLEANS = (
    "carries_card_data", "carries_authentication_data", "reason_given", "case_given", "review_in_force",
    "detriment_found", "machine_speaks", "machine_told", "fenced", "for_speaker",
)  # fmt: skip
_TOP = {
    "says", "why", "drawn_from", "act", "at", "jurisdictions", "places", "actor", "speaker", "pauses", "last_day",
    "collected_for", *_BOOLEANS, *_RECORDS, "purpose", "parties", "expect", "since",
}  # fmt: skip
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_LIKEWISE = re.compile(r"\s*\[\[\s*likewise\s*\]\]")
_EXPECTS = re.compile(r"\s*(\[\s*(likewise\.)?expect\s*\]|expect\s*[=.])")
_EXPECT = {"outcome", "rules", "duties", "missing"}
_WRITTEN: Mapping[type, str] = {
    str: 'text in quotes, "…"',
    int: "a number",
    bool: "true or false",
    date: "a day, 2026-11-23",
    datetime: "an instant, 2026-11-23T09:30:00Z",
    list: "a list, [ … ]",
    dict: "a table",
}
_USUALLY: Mapping[str, bool] = {"review_in_force": True}
"""What a scenario that does not say so takes for granted, since it is about something else. `"unknown"` takes that back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`rules` are all that decided, by id; `duties` and `missing` likewise all. A duty is expected with its days, such as
    `keep_at_most_days=180`, or without. `since` names rules with the first day on which they decide this, and not before.
    `drawn_from`: the case or practice behind it. `but`: where it is like the first one of its file, and has no sentence of its
    own, the facts that it has otherwise. `line`: where in its file it says what it expects."""

    file: str
    line: int
    says: str
    why: str
    drawn_from: str | None
    question: Question
    outcome: Outcome
    rules: frozenset[str]
    duties: frozenset[str]
    missing: frozenset[str]
    since: tuple[tuple[str, date], ...]
    but: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """In words that are true of it: of one that is like another, what is otherwise besides."""
        return f"{self.says} Otherwise here: {', '.join(self.but)}." if self.but else self.says


class UnknownWord(Malformed):
    """`word`: the first one that a scenario does not know."""

    def __init__(self, word: str, says: str) -> None:
        super().__init__(says)
        self.word = word


def line_of(text: str, error: Malformed) -> int:
    """Where in its text a scenario is wrong, as far as that can be told; else its first line."""
    if isinstance(error, UnknownWord):
        found = re.search(rf"(?m)^[^#\n]*\b{re.escape(error.word)}\b(?=[\"'\s\]]*[=\]])", text)
        return 1 if found is None else text.count("\n", 0, found.end()) + 1
    named = _AT_LINE.search(str(error))
    return 1 if named is None else int(named.group(1))


def read_scenario(file: str, text: str) -> list[Scenario]:
    """The scenario of a file, and after it those that are `likewise`: the same facts but for what each of them says anew.
    Malformed, naming what is wrong, where it is not a whole scenario."""
    documents = documents_of(text)
    for document in documents[1:]:
        if "expect" not in document:
            raise Malformed("`likewise` is a list of tables, each with an `expect` of its own.")
    named = zip(names_of(file, len(documents)), _lines(text, len(documents)), documents, strict=True)
    return [scenario_of(name, line, document, but=otherwise(documents[0], document)) for name, line, document in named]


def documents_of(text: str) -> list[Mapping[str, Any]]:
    """What a file says: of itself, and then of each that is `likewise`, with what it shares."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(f"This is not valid TOML: {error}.") from error
    variants = _need(document, "likewise", list) if "likewise" in document else []
    if not all(isinstance(each, dict) for each in variants):
        raise Malformed("`likewise` is a list of tables, each with an `expect` of its own.")
    first = {name: value for name, value in document.items() if name != "likewise"}
    return [first, *(_merged(first, each) for each in variants)]


def names_of(file: str, count: int) -> list[str]:
    return [file, *(f"{file}, likewise {number}" for number in range(1, count))]


def _lines(text: str, count: int) -> list[int]:
    """Where each of them says what it expects, or begins."""
    begins, lines = [1], text.splitlines()
    begins += [number for number, line in enumerate(lines, start=1) if _LIKEWISE.match(line)]
    if len(begins) != count:
        return [1] * count
    ends = [*(each - 1 for each in begins[1:]), len(lines)]
    spans = zip(begins, ends, strict=True)
    return [next((n for n in range(begin, end + 1) if _EXPECTS.match(lines[n - 1])), begin) for begin, end in spans]


def _merged(first: Mapping[str, Any], variant: Mapping[str, Any]) -> dict[str, Any]:
    """What a variant says of a record is said of it beside what the first one says; all else in place of that."""
    told = {name: value for name, value in first.items() if name not in ("expect", "since")}
    for name, value in variant.items():
        is_record = name in _RECORDS or name == "purpose"
        told[name] = {**told.get(name, {}), **value} if is_record and isinstance(value, dict) else value
    return told


def scenario_of(file: str, line: int, document: Mapping[str, Any], *, but: tuple[str, ...] = ()) -> Scenario:
    only_known(document)
    expect = _expect(document)
    _only(expect, _EXPECT, "expect")
    since = _table(document, "since") if "since" in document else {}
    return Scenario(
        file=file,
        line=line,
        says=_need(document, "says", str),
        why=_need(document, "why", str),
        drawn_from=_maybe(document, "drawn_from", lambda: _need(document, "drawn_from", str)),
        question=question_in(document),
        outcome=_word(Outcome, _need(expect, "outcome", str)),
        rules=frozenset(_words(expect, "rules")),
        duties=frozenset(_duty(duty) for duty in _words(expect, "duties")),
        missing=frozenset(_words(expect, "missing")),
        since=tuple((rule, _need(since, rule, date)) for rule in since),
        but=but,
    )


def _duty(text: str) -> str:
    """`announce`, or `keep_at_most_days=180`; without its days it expects any."""
    kind, equals, days = text.partition("=")
    if equals and not (_word(DutyKind, kind).has_days and days.isdigit()):
        raise Malformed(f"{text!r} is not a duty that counts days. Write keep_at_most_days=180, for example.")
    return text if equals else _word(DutyKind, kind).value


def _expect(document: Mapping[str, Any]) -> Mapping[str, Any]:
    if "expect" not in document:
        raise Malformed(
            "A scenario says what it expects, and this one has no [expect]. Write [expect] at its end, and below it"
            ' outcome = "not_right", for example. `rightcall verdict ask` answers a situation without one.'
        )
    return _table(document, "expect")


def only_known(document: Mapping[str, Any]) -> None:
    _only(document, _TOP, "a scenario")


def question_in(document: Mapping[str, Any]) -> Question:
    """The facts of a situation as a question."""
    purpose = None if "purpose" not in document else _purpose(_table(document, "purpose"))
    parties = _maybe(document, "parties", lambda: tuple(_party(each, purpose) for each in _need(document, "parties", list)))
    places = frozenset(_record(Place, each) for each in document.get("places", [])) | _residences(document)
    return Question(
        act=_word(Act, _need(document, "act", str)),
        at=_at(document) if "at" in document else MONDAY,
        jurisdictions=_jurisdictions(document),
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


def _residences(document: Mapping[str, Any]) -> frozenset[Place]:
    """Where people say that they live: the law of that place counts too."""
    parties = [each for each in document.get("parties", ()) if isinstance(each, dict)]
    lived = [_need(each, "residence", str) for each in parties if "residence" in each]
    return frozenset(Place(place=place, by=PlaceSource.RESIDENCE) for place in lived)


def _jurisdictions(document: Mapping[str, Any]) -> frozenset[str] | None:
    lived = {each.place for each in _residences(document)}
    if "jurisdictions" not in document:
        return frozenset(lived) if lived else None
    return frozenset({*_words(document, "jurisdictions"), *lived})


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
    if name not in table and issubclass(hint, StrEnum):
        raise Malformed(f"`{name}` is missing. It is one of {', '.join(each.value for each in hint)}.")
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
    if isinstance(table, dict) and "number" in table:
        raise Malformed(
            '`number` is somebody\'s telephone number, and scenarios are kept. Write `residence`, such as "US-CA", or the'
            " place in `jurisdictions`. `rightcall verdict ask` takes a number and keeps nothing."
        )
    _only(table, {*hints, "residence"}, "a party")
    role = _word(PartyRole, _need(table, "role", str))
    basis = LawfulBasis.CONSENT
    if purpose is not None:
        basis = purpose.staff_basis if role is PartyRole.AGENT else purpose.basis
    told = {"basis": basis.value, **{name: value for name, value in table.items() if name != "residence"}}
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
    if value is None:
        raise Malformed(f"`{name}` is missing. Write it as {_WRITTEN.get(kind, kind.__name__)}.")
    if type(value) is not kind:
        raise Malformed(f"`{name}` is not what it should be. Write it as {_WRITTEN.get(kind, kind.__name__)}.")
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
        known = [each.value for each in kind]
        raise Malformed(f"{text!r} is not one of {', '.join(known)}.{near(text, known)}")
    return kind(text)


def _only(table: object, known: set[str], what: str) -> None:
    if not isinstance(table, dict):
        raise Malformed(f"{what} is a table of words and values.")
    unknown = sorted(table.keys() - known)
    if unknown:
        meant = near(unknown[0], known)
        raise UnknownWord(
            unknown[0], f"{', '.join(unknown)}: {what} knows no such word.{meant} It knows {', '.join(sorted(known))}."
        )

"""Reading rule files: Cedar policies with the annotations that make each a rule with a source, an owner and a date.

A rule that is not whole does not load, and the finding says in which file, at which line, and what to do. A law rule needs its
citation and its dates; a house rule the value behind it. A misspelt fact, act or answer is found here (see vocabulary.py).
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

import cedarpy

from rightcall.canonical import sha256
from rightcall.errors import Malformed
from rightcall.policy.model import Act, Axis, Confidence, Duty, DutyKind, Effect, Finding, Rule, RuleSet, RuleWords
from rightcall.policy.near import near
from rightcall.policy.places import problem_of
from rightcall.policy.vocabulary import KINDS_OF, schema_text
from rightcall.policy.wording import LEXEME, Fault, of_form, of_words, too_large

_GROUND = {Axis.LAW: "cite", Axis.HOUSE: "value"}
_REQUIRED = ("id", "owner", "in_force_from", "last_checked", "jurisdiction", "says", "instead")
_OPTIONAL = ("confidence", "duties", "language")
_ALSO = re.compile(r"(value|says|instead)_([a-z]{2,3})")
"""The same words in another language, which the name ends with (ISO 639)."""
_SPOKEN = re.compile(r"[a-z]{2,3}")
_ENGLISH = "en"
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DUTIES = ", ".join(f"{kind}=DAYS" if kind.has_days else kind for kind in DutyKind)
_HELP = "docs/howto/house-rules.md shows a rule that is whole; docs/reference/rules.md lists the facts."


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one policy, with what stands before it, and where each of them begins: the policy on `line`."""

    file: str
    line: int
    text: str
    first_line: int

    def line_of(self, at: int | None) -> int:
        """Of a character of its text."""
        return self.line if at is None else max(self.line, self.first_line + self.text.count("\n", 0, at))


class _Faulty(Exception):
    """What is wrong with a rule, on the way to becoming findings."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults

    @classmethod
    def because(cls, problem: str, advice: str = _HELP) -> "_Faulty":
        return cls(Fault(None, problem, advice))


def read_rules(file: str, text: str, axis: Axis) -> tuple[list[Rule], list[Finding]]:
    """The rules of one file, and what is wrong with those that did not load. Cheap to ask again: the same text is read once."""
    rules, findings = _read(file, text, axis)
    return list(rules), list(findings)


@lru_cache(maxsize=128)
def _read(file: str, text: str, axis: Axis) -> tuple[tuple[Rule, ...], tuple[Finding, ...]]:
    rules: list[Rule] = []
    findings: list[Finding] = []
    for source in split(file, text):
        name = None
        try:
            policy = _parse(source)
            name = policy["annotations"].get("id")
            _check_words(source)
            rules.append(_rule(source, policy, axis))
        except _Faulty as fault:
            findings += [_finding(source, name, each) for each in fault.faults]
    return tuple(rules), tuple(findings)


def _finding(source: Source, rule: str | None, fault: Fault) -> Finding:
    """What is said of an annotation is found where that stands."""
    note = re.search(r"@[a-z_]+", fault.problem)
    stands = -1 if note is None else source.text.find(f"{note.group()}(")
    at = stands if fault.at is None and stands >= 0 else fault.at
    return Finding(file=source.file, line=source.line_of(at), rule=rule, problem=fault.problem, advice=fault.advice)


def doubled(rules: Sequence[Rule]) -> list[Finding]:
    """Rules that take the id of an earlier one."""
    first: dict[str, Rule] = {}
    findings = []
    for rule in rules:
        earlier = first.setdefault(rule.id, rule)
        if earlier is not rule:
            problem = f"The id {rule.id} is taken already, in {earlier.file}:{earlier.line}."
            findings.append(
                Finding(file=rule.file, line=rule.line, rule=rule.id, problem=problem, advice="Give it one of its own."),
            )
    return findings


def rule_set(rules: Sequence[Rule]) -> RuleSet:
    """Ordered by id, so that neither the order of files nor spaces and comments change the digest."""
    ordered = tuple(sorted(rules, key=lambda rule: (rule.axis, rule.id)))
    digest = sha256(b"\n".join(rule.canonical for rule in ordered))
    return RuleSet(digest, ordered)


def split(file: str, text: str) -> list[Source]:
    """The policies of a file. They end in semicolons; those within strings and comments do not count."""
    sources: list[Source] = []
    line, first, begins, parts = 1, 1, 0, list[str]()
    for match in LEXEME.finditer(text):
        lexeme = match.group()
        if not begins and lexeme.strip() and not lexeme.startswith("//"):
            begins = line + lexeme[: len(lexeme) - len(lexeme.lstrip())].count("\n")
        parts.append(lexeme)
        line += lexeme.count("\n")
        if lexeme == ";":
            sources.append(Source(file, begins, "".join(parts), first))
            first, begins, parts = line, 0, []
    if begins:
        sources.append(Source(file, begins, "".join(parts), first))
    return sources


def _parse(source: Source) -> dict[str, Any]:
    fault = too_large(source.text)
    if fault is not None:
        raise _Faulty(fault)
    try:
        document = json.loads(cedarpy.policies_to_json_str(source.text))
    except ValueError as error:
        raise _Faulty(of_form(source.text, str(error))) from error
    policies = list(document["staticPolicies"].values())
    if len(policies) != 1 or document["templates"]:
        raise _Faulty.because("This is a template, or more than one policy.", "Write one policy without slots, and end it with ;")
    policy: dict[str, Any] = policies[0]
    policy.setdefault("annotations", {})
    return policy


def _check_words(source: Source) -> None:
    result = cedarpy.validate_policies(source.text, _schema())
    if not result.validation_passed:
        cedar = [re.sub(r"^for policy `[^`]*`[:,] ", "", each.error) for each in result.errors]
        raise _Faulty(*of_words(source.text, cedar))


@cache
def _schema() -> cedarpy.Schema:
    return cedarpy.Schema.from_str(schema_text())


def _rule(source: Source, policy: Mapping[str, Any], axis: Axis) -> Rule:
    notes: dict[str, str | None] = policy["annotations"]
    _check_notes(notes, axis)
    if policy["principal"]["op"] != "All" or policy["resource"]["op"] != "All":
        raise _Faulty.because(
            "Its head names a principal or a resource.",
            "Write `principal` and `resource` bare, and say who and what in `when`, for example context.actor.role.",
        )
    identity, effect = _text(notes, "id"), Effect(policy["effect"])
    if not _ID.fullmatch(identity):
        raise _Faulty.because(
            f"The id {identity!r} is not a plain name.", "Use lower-case letters, digits, _ and dots: house.my_rule."
        )
    duties = _duties(notes, identity)
    if effect is Effect.FORBID and duties:
        raise _Faulty.because("A rule that stops has no duties.", "Move @duties to the permit that opens it.")
    if axis is Axis.HOUSE and effect is Effect.PERMIT and not duties:
        raise _Faulty.because("A house permit opens nothing.", "Only the law opens. Write a forbid, or a permit with @duties.")
    return Rule(
        id=identity,
        axis=axis,
        effect=effect,
        acts=_acts(policy["action"]),
        ground=_text(notes, _GROUND[axis]),
        owner=_text(notes, "owner"),
        in_force_from=_day(notes, "in_force_from"),
        last_checked=_day(notes, "last_checked"),
        jurisdictions=_jurisdictions(notes),
        confidence=_confidence(notes),
        says=_text(notes, "says"),
        instead=_text(notes, "instead"),
        language=_language(notes),
        others=_others(notes, axis),
        duties=duties,
        source=source.text,
        canonical=_canonical(policy, axis),
        file=source.file,
        line=source.line,
    )


def _canonical(policy: Mapping[str, Any], axis: Axis) -> bytes:
    """One form for one meaning. RFC 8785 would refuse the 64-bit numbers that Cedar has."""
    return json.dumps([axis.value, policy], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _check_notes(notes: Mapping[str, str | None], axis: Axis) -> None:
    required = {*_REQUIRED, _GROUND[axis], *(["confidence"] if axis is Axis.LAW else [])}
    absent = sorted(required - notes.keys())
    if absent:
        raise _Faulty.because(
            f"It has no {', '.join(f'@{name}' for name in absent)}.",
            "A rule without its source and dates does not load: add what is absent.",
        )
    unknown = sorted(each for each in notes.keys() - required - {*_OPTIONAL} if not _says_again(each, axis))
    if unknown:
        meant = near(unknown[0], {*required, *_OPTIONAL})
        raise _Faulty.because(f"It has {', '.join(f'@{name}' for name in unknown)}, which no {axis.value} rule has.{meant}")


def _text(notes: Mapping[str, str | None], name: str) -> str:
    text = (notes[name] or "").strip()
    if not any(character.isalnum() or character == "*" for character in text):
        raise _Faulty.because(f"Its @{name} is empty.", "Fill it in.")
    return text


def _says_again(name: str, axis: Axis) -> bool:
    found = _ALSO.fullmatch(name)
    return found is not None and (axis is Axis.HOUSE or found[1] != "value")


def _language(notes: Mapping[str, str | None]) -> str:
    language = _text(notes, "language") if "language" in notes else _ENGLISH
    if _SPOKEN.fullmatch(language) is None:
        raise _Faulty.because("Its @language is not a language.", "Write its short code: en, da, de. Left out, it is en.")
    return language


def _others(notes: Mapping[str, str | None], axis: Axis) -> dict[str, RuleWords]:
    """In each language whole, or not at all."""
    parts = ("value", "says", "instead") if axis is Axis.HOUSE else ("says", "instead")
    languages = {found[2] for name in notes if (found := _ALSO.fullmatch(name)) is not None}
    own = _language(notes)
    if own in languages:
        problem = f"It says @says_{own}, and @says is in that language."
        raise _Faulty.because(
            problem, "Say it again in other languages only, or tell by @language which one its own words are in."
        )
    for language in sorted(languages):
        absent = [f"@{part}_{language}" for part in parts if f"{part}_{language}" not in notes]
        if absent:
            raise _Faulty.because(f"It is said in part in {language}: it has no {', '.join(absent)}.", "Say all of it, or none.")
    return {
        each: RuleWords(
            ground=_text(notes, f"value_{each}") if axis is Axis.HOUSE else "",
            says=_text(notes, f"says_{each}"),
            instead=_text(notes, f"instead_{each}"),
        )
        for each in sorted(languages)
    }


def _day(notes: Mapping[str, str | None], name: str) -> date:
    text = _text(notes, name)
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise _Faulty.because(f"Its @{name} is not a day.", "Write it as 2026-11-23.")


def _jurisdictions(notes: Mapping[str, str | None]) -> frozenset[str]:
    """`*` is everywhere."""
    text = _text(notes, "jurisdiction")
    if text == "*":
        return frozenset()
    names = frozenset(name.strip() for name in text.split(","))
    problems = [problem for name in sorted(names) if (problem := problem_of(name)) is not None]
    if problems:
        raise _Faulty.because(
            f"Its @jurisdiction is not a list of places: {' '.join(problems)}",
            'Write "EU", "DE", "EU, UK" or "*" for everywhere.',
        )
    return names


def _duties(notes: Mapping[str, str | None], rule: str) -> tuple[Duty, ...]:
    """`announce, keep_at_most_days=180`."""
    if "duties" not in notes:
        return ()
    duties = []
    for part in _text(notes, "duties").split(","):
        name, equals, days = (piece.strip() for piece in part.partition("="))
        if name not in {kind.value for kind in DutyKind} or (equals == "=") != DutyKind(name).has_days:
            meant = near(name, DutyKind)
            raise _Faulty.because(f"{part.strip()!r} is not a duty.{meant}", f"Duties are {_DUTIES}.")
        if equals and not (days.isdigit() and 0 < int(days) <= 36_525):
            raise _Faulty.because(f"{days!r} is not a number of days.", "Write keep_at_most_days=180, for example.")
        duties.append(Duty(kind=DutyKind(name), rule=rule, days=int(days) if equals else None))
    return tuple(duties)


def _acts(head: Mapping[str, Any]) -> frozenset[Act]:
    if head["op"] == "All":
        return frozenset(Act)
    named = frozenset(Act(each["id"]) for each in (head["entities"] if "entities" in head else [head["entity"]]))
    return named if head["op"] == "==" else named.union(*(KINDS_OF.get(act, frozenset()) for act in named))


def _confidence(notes: Mapping[str, str | None]) -> Confidence:
    text = _text(notes, "confidence") if "confidence" in notes else Confidence.SETTLED.value
    if text not in {each.value for each in Confidence}:
        raise _Faulty.because(f"Its @confidence is not one of {', '.join(Confidence)}.", "Use one of these.")
    return Confidence(text)


def refuse(findings: Sequence[Finding]) -> Malformed:
    """All findings as the one mistake that keeps the rules from loading."""
    lines = "\n".join(str(finding) for finding in findings)
    return Malformed(f"These rules do not load, and nothing is permitted until they do:\n{lines}")

"""The words that a rule may use: the facts of a question as Cedar sees them, and a schema that refuses every other word.

The schema is made from the types of model.py, so that a misspelt answer, role or fact is found when a rule loads, and not when a
gate should have closed. Facts that are not known are left out of the context: a rule that reads one errs, and cannot tell.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

from rightcall.actors import PartyRole, Role
from rightcall.canonical import Json
from rightcall.policy.model import Act, PartyFacts, PauseReason, Preference, PurposeFacts, Question, Said
from rightcall.purposes.model import LawfulBasis

_ENTITIES: Mapping[str, type[StrEnum]] = {
    "Role": Role,
    "PartyRole": PartyRole,
    "Answer": Said,
    "Basis": LawfulBasis,
    "Preference": Preference,
    "Pause": PauseReason,
}
_ANSWERING = (Role.SUBJECT, Role.DPO, Role.SYSTEM)
"""Who can act for the person whose words these are. Anyone else who says so is weighed as acting for themselves."""
_PLAIN: Mapping[str, type] = {"String": str, "Long": int, "Bool": bool}
_RECORDS: Mapping[str, Mapping[str, str]] = {
    "PurposeFacts": {
        "key": "String",
        "basis": "Basis",
        "staff_basis": "Basis",
        "categories": "Set<String>",
        "may_use": "Set<Role>",
        "term_days": "Long",
        "active": "Bool",
    },
    "ActorFacts": {"role": "Role"},
    "PartyFacts": {
        "role": "PartyRole",
        "answer": "Answer",
        "basis": "Basis",
        "preference": "Preference",
        "bundled": "Bool",
    },
    "GroupFacts": {"answers": "Set<Answer>", "preferences": "Set<Preference>"},
    "Facts": {
        "jurisdictions": "Set<String>",
        "purpose": "PurposeFacts",
        "actor": "ActorFacts",
        "speaker": "PartyFacts",
        "everyone": "GroupFacts",
        "outsiders": "GroupFacts",
        "staff": "GroupFacts",
        "pauses": "Set<Pause>",
        "carries_card_data": "Bool",
        "carries_authentication_data": "Bool",
        "reason_given": "Bool",
        "case_given": "Bool",
        "term_over": "Bool",
        "for_speaker": "Bool",
    },
}


def schema_text() -> str:
    """The Cedar schema. Everyone asks as `Caller`, about a `Thing`: who and what are facts, and not in a rule's head."""
    entities = [f"entity {name} enum [{_quoted(kind)}];" for name, kind in _ENTITIES.items()]
    records = [
        f"type {name} = {{ {', '.join(f'{fact}: {kind}' for fact, kind in facts.items())} }};" for name, facts in _RECORDS.items()
    ]
    acts = f"action {_quoted(Act)} appliesTo {{ principal: [Caller], resource: [Thing], context: Facts }};"
    return "\n".join([*entities, "entity Caller;", "entity Thing;", *records, acts])


def words() -> list[str]:
    """Every fact by its path, and every word of every enumeration: what the how-to lists."""
    paths = [
        f"{fact}.{inner}" if kind in ("PurposeFacts", "ActorFacts", "PartyFacts") else fact
        for fact, kind in _RECORDS["Facts"].items()
        for inner in _RECORDS.get(kind, {"": ""})
    ]
    return [*paths, *(f'"{each.value}"' for kind in _ENTITIES.values() for each in kind)]


def facts_of(question: Question, day: date) -> dict[str, Json]:
    """The facts that are weighed, in plain words: what is stored with a verdict. No ids, no instants, nothing about anyone."""
    role = None if question.actor is None else question.actor.role
    facts: dict[str, Json] = {"for_speaker": question.for_speaker and role in _ANSWERING}
    if question.jurisdictions is not None:
        facts["jurisdictions"] = sorted(question.jurisdictions)
    if question.purpose is not None:
        facts["purpose"] = _purpose(question.purpose)
    if question.actor is not None:
        facts["actor"] = {"role": question.actor.role.value}
    if question.speaker is not None:
        facts["speaker"] = _party(question.speaker)
    if question.parties is not None:
        facts |= _groups(question.parties, question.speaker)
    if question.pauses is not None:
        facts["pauses"] = _sorted(question.pauses)
    if question.last_day is not None:
        facts["term_over"] = day > question.last_day
    for name in ("carries_card_data", "carries_authentication_data", "reason_given", "case_given"):
        value = getattr(question, name)
        if value is not None:
            facts[name] = value
    return facts


def context_of(facts: Mapping[str, Json]) -> Json:
    """The same facts as a Cedar context: words of an enumeration become entities, as the schema has them."""
    return _typed(facts, "Facts")


def unreadable(facts: Json) -> str | None:
    """Why facts that were stored cannot be weighed with the words of today, or None where they can. Says names, never values."""
    if not isinstance(facts, Mapping) or "for_speaker" not in facts:
        return "the facts are not a question's"
    return _unlike(facts, "Facts", "")


def _unlike(value: Json, kind: str, path: str) -> str | None:
    """A fact may be unknown and left out; what belongs to a fact that is there may not."""
    if kind in _RECORDS and isinstance(value, Mapping):
        known = _RECORDS[kind]
        for name in sorted(value.keys() - known.keys()):
            return f"the fact {path}{name} is not one of today's"
        for name in sorted(known.keys() - value.keys()) if kind != "Facts" else ():
            return f"the fact {path}{name} was not written down then"
        return _first(_unlike(each, known[name], f"{path}{name}.") for name, each in value.items())
    if kind.startswith("Set<") and isinstance(value, list):
        return _first(_unlike(each, kind[4:-1], path) for each in value)
    return None if _fits(value, kind) else f"the fact {path.rstrip('.')} has a value that is not one of today's"


def _fits(value: Json, kind: str) -> bool:
    if kind in _ENTITIES:
        return isinstance(value, str) and value in {each.value for each in _ENTITIES[kind]}
    return kind in _PLAIN and type(value) is _PLAIN[kind]


def _first(problems: Iterable[str | None]) -> str | None:
    return next((problem for problem in problems if problem is not None), None)


def is_fact(name: str) -> bool:
    """Whether `missing` names a fact by it, rather than a rule that erred or a place without a law pack."""
    return name in _RECORDS["Facts"]


def _purpose(purpose: PurposeFacts) -> dict[str, Json]:
    return {
        "key": purpose.key,
        "basis": purpose.basis.value,
        "staff_basis": purpose.staff_basis.value,
        "categories": sorted(purpose.categories),
        "may_use": _sorted(purpose.may_use),
        "term_days": purpose.term_days,
        "active": purpose.active,
    }


def _party(party: PartyFacts) -> dict[str, Json]:
    return {
        "role": party.role.value,
        "answer": party.answer.value,
        "basis": party.basis.value,
        "preference": party.preference.value,
        "bundled": party.bundled,
    }


def _groups(parties: tuple[PartyFacts, ...], speaker: PartyFacts | None) -> dict[str, Json]:
    everyone = {*parties, *([speaker] if speaker is not None else [])}
    staff = {party for party in everyone if party.role is PartyRole.AGENT}
    return {"everyone": _group(everyone), "outsiders": _group(everyone - staff), "staff": _group(staff)}


def _group(parties: Iterable[PartyFacts]) -> dict[str, Json]:
    parties = list(parties)
    return {
        "answers": _sorted({party.answer for party in parties}),
        "preferences": _sorted({party.preference for party in parties}),
    }


def _typed(value: Json, kind: str) -> Json:
    if kind in _RECORDS and isinstance(value, Mapping):
        return {name: _typed(each, _RECORDS[kind][name]) for name, each in value.items()}
    if kind.startswith("Set<") and isinstance(value, list):
        return [_typed(each, kind[4:-1]) for each in value]
    if kind in _ENTITIES and isinstance(value, str):
        return {"__entity": {"type": kind, "id": value}}
    return value


def _sorted(words: Iterable[StrEnum]) -> Sequence[Json]:
    return sorted(each.value for each in words)


def _quoted(kind: type[StrEnum]) -> str:
    return ", ".join(f'"{each.value}"' for each in kind)

"""The words that a rule may use: the facts of a question as Cedar sees them, and a schema that refuses every other word.

The schema is made from the types of model.py and situations.py, so that a misspelt answer, role or fact, or one that the act
never brings, is found when a rule loads, and not when a gate should have closed. Facts that are not known are left out of the
context: a rule that reads one errs, and cannot tell.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import get_args, get_origin, get_type_hints

from rightcall.actors import PartyRole, Role
from rightcall.calls.model import Age
from rightcall.canonical import Json
from rightcall.policy.model import (
    Act,
    ConsentQuality,
    PartyFacts,
    PauseReason,
    Place,
    PlaceSource,
    Preference,
    PurposeFacts,
    Question,
    Said,
)
from rightcall.policy.situations import (
    AnalysisFacts,
    BreachFacts,
    Contact,
    ContactFacts,
    DesignFacts,
    DestructionFacts,
    ExtendingFacts,
    HandoverFacts,
    HoldReason,
    KeepingFacts,
    Method,
    OriginFacts,
    Recipient,
    RequestFacts,
    Sanitisation,
    Wish,
)
from rightcall.purposes.model import LawfulBasis

_ENTITIES: Mapping[str, type[StrEnum]] = {
    "Role": Role,
    "PartyRole": PartyRole,
    "Answer": Said,
    "Basis": LawfulBasis,
    "Preference": Preference,
    "Pause": PauseReason,
    "Quality": ConsentQuality,
    "Age": Age,
    "PlaceSource": PlaceSource,
    "Method": Method,
    "Recipient": Recipient,
    "Contact": Contact,
    "Wish": Wish,
    "HoldReason": HoldReason,
    "Sanitisation": Sanitisation,
}
_NAMES = {kind: name for name, kind in _ENTITIES.items()}
_PLAIN: Mapping[type, str] = {str: "String", int: "Long", bool: "Bool"}
_PYTHON = {name: kind for kind, name in _PLAIN.items()}
_WEIGHED: dict[type, tuple[str, ...]] = {}
_ANSWERING = (Role.SUBJECT, Role.DPO, Role.SYSTEM)
"""Who can act for the person whose words these are. Anyone else who says so is weighed as acting for themselves."""


def _kind(hint: object) -> str:
    """A Python type as Cedar names it."""
    if get_origin(hint) is frozenset:
        return f"Set<{_kind(get_args(hint)[0])}>"
    assert isinstance(hint, type)  # noqa: S101 - the fact types hold nothing else
    return _PLAIN.get(hint) or _NAMES.get(hint) or hint.__name__


def _record(kind: type) -> Mapping[str, str]:
    hints = get_type_hints(kind)
    return {name: _kind(hints[name]) for name in _weighed(kind)}


def _weighed(kind: type) -> tuple[str, ...]:
    """The facts of a record, or of a form of it, without those that are never weighed."""
    if kind not in _WEIGHED:
        _WEIGHED[kind] = tuple(each.name for each in fields(kind) if each.compare)
    return _WEIGHED[kind]


_WHOLE = (
    PurposeFacts, PartyFacts, Place, AnalysisFacts, DesignFacts, HandoverFacts, ContactFacts, OriginFacts, RequestFacts,
    KeepingFacts, ExtendingFacts, BreachFacts, DestructionFacts,
)  # fmt: skip
_RECORDS: Mapping[str, Mapping[str, str]] = {
    **{kind.__name__: _record(kind) for kind in _WHOLE},
    "ActorFacts": {"role": "Role"},
    "GroupFacts": {
        "answers": "Set<Answer>",
        "preferences": "Set<Preference>",
        "qualities": "Set<Quality>",
        "ages": "Set<Age>",
        "declined_recording": "Bool",
        "in_distress": "Bool",
        "restricted": "Bool",
        "all_ask_for_it": "Bool",
    },
    "Facts": {
        "jurisdictions": "Set<String>",
        "places": "Set<Place>",
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
        "collected_for": "Set<String>",
        "review_in_force": "Bool",
        "detriment_found": "Bool",
        "machine_speaks": "Bool",
        "machine_told": "Bool",
        "design": "DesignFacts",
        "analysis": "AnalysisFacts",
        "handover": "HandoverFacts",
        "contact": "ContactFacts",
        "origin": "OriginFacts",
        "request": "RequestFacts",
        "keeping": "KeepingFacts",
        "extending": "ExtendingFacts",
        "breach": "BreachFacts",
        "destruction": "DestructionFacts",
        "fenced": "Bool",
        "for_speaker": "Bool",
    },
}
_PLAINLY = tuple(name for name in _RECORDS["Facts"] if name in Question.__slots__ and name != "actor")
"""Facts that a question has as they are weighed."""
_ALWAYS = frozenset({"jurisdictions", "places", "for_speaker"})
_WHY = frozenset({"purpose", "review_in_force", "detriment_found"})
_PEOPLE = frozenset({"speaker", "everyone", "outsiders", "staff"})
_CARDS = frozenset({"carries_card_data", "carries_authentication_data"})
_MACHINE = frozenset({"machine_speaks", "machine_told"})
_USE = _WHY | _PEOPLE | _CARDS | {"actor", "reason_given", "case_given", "term_over", "collected_for"}
FACTS_OF: Mapping[Act, frozenset[str]] = {
    act: _ALWAYS | brings
    for act, brings in {
        Act.ASK: _WHY | _PEOPLE | _MACHINE | {"pauses", "design"},
        Act.CAPTURE: _WHY | _PEOPLE | _CARDS | _MACHINE | {"pauses"},
        Act.PLAY: _USE,
        Act.READ: _USE,
        Act.EXPORT: _USE,
        Act.PLAY_HELD: _CARDS | {"actor", "reason_given", "case_given"},
        Act.TRANSCRIBE: _WHY | _PEOPLE | _CARDS | {"actor", "pauses", "term_over"},
        Act.ANALYSE: _USE | {"analysis"},
        Act.TRAIN_MODEL: _USE,
        Act.SHARE: _USE | {"handover"},
        Act.ERASE: frozenset({"actor"}),
        Act.KEEP: frozenset({"actor", "keeping"}),
        Act.EXTEND: frozenset({"actor", "purpose", "extending"}),
        Act.COLLECT: _WHY | _PEOPLE | {"actor", "origin"},
        Act.CALL_OUT: _WHY | _PEOPLE | _MACHINE | {"actor", "contact"},
        Act.ACTIVATE: frozenset({"purpose", "design"}),
        Act.ANSWER_REQUEST: frozenset({"actor", "request"}),
        Act.REFUSE_REQUEST: frozenset({"actor", "request"}),
        Act.CLOSE_BREACH: frozenset({"actor", "breach"}),
        Act.CERTIFY: frozenset({"destruction"}),
        Act.RESTORE: frozenset({"fenced"}),
    }.items()
}
"""What each act can bring. A rule that reads another fact for that act does not load."""


KINDS_OF: Mapping[Act, frozenset[Act]] = {Act.PLAY: frozenset({Act.READ})}
"""What is a kind of another act: a rule that has `action in [Action::"play"]` is about reading too, and one that has `==` is not.
So a rule that was made for what people said guards what is known of them as well, unless it says otherwise."""


def acts_text() -> str:
    """As entities of Cedar: which act is a kind of which."""
    parents = {act: [str(wider) for wider, kinds in KINDS_OF.items() if act in kinds] for act in Act}
    entities = [
        {"uid": _of_action(act), "attrs": {}, "parents": [_of_action(each) for each in above]} for act, above in parents.items()
    ]
    return json.dumps(entities)


def _of_action(act: str) -> Mapping[str, str]:
    return {"type": "Action", "id": str(act)}


def schema_text() -> str:
    """The Cedar schema. Everyone asks as `Caller`, about a `Thing`: who and what are facts, and not in a rule's head."""
    entities = [f"entity {name} enum [{', '.join(_quoted(each) for each in kind)}];" for name, kind in _ENTITIES.items()]
    records = [f"type {name} = {_braced(facts)};" for name, facts in _RECORDS.items() if name != "Facts"]
    acts = [
        f"action {_quoted(act)}{_below(act)} appliesTo"
        f" {{ principal: [Caller], resource: [Thing], context: {_braced(_brought(act))} }};"
        for act in Act
    ]
    return "\n".join([*entities, "entity Caller;", "entity Thing;", *records, *acts])


def _below(act: Act) -> str:
    wider = [_quoted(each) for each, kinds in KINDS_OF.items() if act in kinds]
    return f" in [{', '.join(wider)}]" if wider else ""


def _brought(act: Act) -> Mapping[str, str]:
    return {fact: kind for fact, kind in _RECORDS["Facts"].items() if fact in FACTS_OF[act]}


def _braced(facts: Mapping[str, str]) -> str:
    return f"{{ {', '.join(f'{fact}: {kind}' for fact, kind in facts.items())} }}"


def facts_in(act: Act) -> dict[str, str]:
    """Every fact of an act by its path, such as `speaker.answer`, with its kind as Cedar names it."""
    return {
        f"{fact}.{inner}" if inner else fact: inner_kind or kind
        for fact, kind in _brought(act).items()
        for inner, inner_kind in _RECORDS.get(kind, {"": ""}).items()
    }


def kinds() -> tuple[str, ...]:
    """The enumerations, as rules name them."""
    return tuple(_ENTITIES)


def values_of(kind: str) -> tuple[str, ...]:
    """The words of an enumeration; empty for any other kind."""
    return tuple(each.value for each in _ENTITIES[kind]) if kind in _ENTITIES else ()


def words() -> list[str]:
    """Every fact by its path, and every word of every enumeration: what the how-to lists."""
    paths = dict.fromkeys(path for act in Act for path in facts_in(act))
    return [*paths, *(_quoted(each) for kind in _ENTITIES.values() for each in kind)]


def facts_of(question: Question, day: date) -> dict[str, Json]:
    """The facts that are weighed, in plain words: what is stored with a verdict. No ids, no instants, nothing about anyone."""
    role = None if question.actor is None else question.actor.role
    brought = FACTS_OF[question.act]
    told: dict[str, object] = {name: getattr(question, name) for name in _PLAINLY if name in brought}
    told |= {"for_speaker": is_for_speaker(question)}
    if not question.places:
        del told["places"]
    if role is not None:
        told["actor"] = {"role": role.value}
    if question.parties is not None and "everyone" in brought:
        told |= _groups(question.parties, question.speaker)
    if question.last_day is not None:
        told["term_over"] = day > question.last_day
    return {name: _plain(value) for name, value in told.items() if value is not None and name in brought}


def is_for_speaker(question: Question) -> bool:
    """Whether it answers a person's own request, and is asked by one who may answer it."""
    return question.for_speaker and question.actor is not None and question.actor.role in _ANSWERING


def _plain(value: object) -> Json:
    """A fact as JSON: records as objects, sets as sorted lists."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return value
    if isinstance(value, frozenset | set):
        return sorted(map(_plain, value), key=str)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return {name: _plain(getattr(value, name)) for name in _weighed(type(value))}


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
        return isinstance(value, str) and value in values_of(kind)
    return kind in _PYTHON and type(value) is _PYTHON[kind]


def _first(problems: Iterable[str | None]) -> str | None:
    return next((problem for problem in problems if problem is not None), None)


def is_fact(name: str) -> bool:
    """Whether `missing` names a fact by it, rather than a rule that erred or a place without a law pack."""
    return name in _RECORDS["Facts"]


def is_yes_or_no(name: str) -> bool:
    """Whether a fact holds or does not."""
    return _RECORDS["Facts"].get(name) == _PLAIN[bool]


def _groups(parties: tuple[PartyFacts, ...], speaker: PartyFacts | None) -> dict[str, object]:
    everyone = {*parties, *([speaker] if speaker is not None else [])}
    staff = {party for party in everyone if party.role is PartyRole.AGENT}
    return {"everyone": _group(everyone), "outsiders": _group(everyone - staff), "staff": _group(staff)}


def _group(parties: Iterable[PartyFacts]) -> dict[str, object]:
    parties = list(parties)
    return {
        "answers": {party.answer for party in parties},
        "preferences": {party.preference for party in parties},
        "qualities": {party.quality for party in parties},
        "ages": {party.age for party in parties},
        "declined_recording": any(party.declined_recording for party in parties),
        "in_distress": any(party.in_distress for party in parties),
        "restricted": any(party.restricted for party in parties),
        "all_ask_for_it": all(party.asks_for_it for party in parties),
    }


def _typed(value: Json, kind: str) -> Json:
    if kind in _PYTHON:
        return value
    if kind in _ENTITIES and isinstance(value, str):
        return _entity(kind, value)
    if kind in _RECORDS and isinstance(value, Mapping):
        record = _RECORDS[kind]
        return {name: _typed(each, record[name]) for name, each in value.items()}
    if kind.startswith("Set<") and isinstance(value, list):
        return [_typed(each, kind[4:-1]) for each in value]
    return value


@lru_cache(maxsize=1024)
def _entity(kind: str, word: str) -> Json:
    return {"__entity": {"type": kind, "id": word}}


def _quoted(word: str) -> str:
    return f'"{word}"'

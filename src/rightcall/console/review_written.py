"""A review as somebody writes it into a form, read into the document that is signed.

A field is named by where its answer stands in the document: `harms.0.how`. A row in which nothing was written is left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from rightcall.actors import Role
from rightcall.canonical import Json
from rightcall.console.filled import Filled, Wrongs
from rightcall.errors import Malformed
from rightcall.policy.model import Act
from rightcall.reviews.checking import MOST_STEPS, Place, faults_of_wording
from rightcall.reviews.documents import ANSWERS, BALANCING, IMPACT, content_of, document_of
from rightcall.reviews.model import Content, Criterion, Enough, Likelihood, Severity, Volume
from rightcall.reviews.rules import USES, expiry
from rightcall.staff.rules import USING_ROLES

LISTS: Mapping[str, Sequence[str]] = {
    "harms": ("who", "how", "likelihood", "severity", "done"),
    "alternatives": ("what", "enough", "why"),
}
LAST_DAY = "expires_on"
_CHOICES: Mapping[str, type[StrEnum]] = {"likelihood": Likelihood, "severity": Severity, "enough": Enough}
_NOBODY = "Name at least one person or group who could be hurt, and how. Nobody at all is rarely so."
_NOTHING = "Name at least one thing that needs less data, and why it was not enough."
_Document = dict[str, Any]


def as_written(content: Content) -> Filled:
    """As it would stand in the form, for the next version to begin with."""
    return Filled(dict(_flat("", document_of(content))))


def read(given: Filled, wrongs: Wrongs, today: date) -> tuple[Content, date] | None:
    """What was written, and its last day; None where anything has to be mended, and `wrongs` says what, each at its field."""
    document = _document(given)
    _check_choices(given, wrongs)
    for place, says in faults_of_wording(document):
        wrongs.setdefault(_field(given, place), f"This {says}")
    last = wrongs.reading(LAST_DAY, lambda: expiry(today, _day(given.one(LAST_DAY))))
    return None if wrongs or last is None else (content_of(document), last)


def _document(given: Filled) -> _Document:
    return {
        "answers": {name: given.one(f"answers.{name}") for name in ANSWERS},
        **{
            part: [{name: given.one(f"{part}.{nth}.{name}") for name in LISTS[part]} for nth in given.kept(part, LISTS[part])]
            for part in LISTS
        },
        "declared": _declared(given),
        "balancing": _test(given, "balancing", BALANCING),
        "impact": _test(given, "impact", IMPACT),
    }


def _declared(given: Filled) -> _Document:
    def one(name: str) -> str:
        return given.one(f"declared.{name}")

    return {
        "service_depends_on_yes": one("service_depends_on_yes") == "yes",
        "steps_to_accept": _steps(one("steps_to_accept")),
        "steps_to_decline": _steps(one("steps_to_decline")),
        "unrecorded_line": one("unrecorded_line") or None,
        "other_proof": one("other_proof") or None,
        "whole_call": one("whole_call") == "yes",
        "calls": one("calls"),
        **{name: list(given.every(f"declared.{name}")) for name in ("acts", "roles", "criteria")},
    }


def _test(given: Filled, part: str, names: Sequence[str]) -> _Document | None:
    """None where nothing of it was written."""
    said = {name: given.one(f"{part}.{name}") for name in names}
    return said if any(each.strip() for each in said.values()) else None


def _check_choices(given: Filled, wrongs: Wrongs) -> None:
    """What is chosen and not written."""
    for part, names in LISTS.items():
        for nth in given.kept(part, LISTS[part]):
            for name in [each for each in names if each in _CHOICES]:
                _check_one(wrongs, f"{part}.{nth}.{name}", given.one(f"{part}.{nth}.{name}"), list(_CHOICES[name]))
    if not given.kept("harms", LISTS["harms"]):
        wrongs["harms.0.who"] = _NOBODY
    if not given.kept("alternatives", LISTS["alternatives"]):
        wrongs["alternatives.0.what"] = _NOTHING
    for name in ("service_depends_on_yes", "whole_call"):
        _check_one(wrongs, f"declared.{name}", given.one(f"declared.{name}"), ["yes", "no"])
    for name in ("steps_to_accept", "steps_to_decline"):
        if not 1 <= _steps(given.one(f"declared.{name}")) <= MOST_STEPS:
            wrongs[f"declared.{name}"] = f"How many keys or clicks does it take? From 1 to {MOST_STEPS}."
    _check_one(wrongs, "declared.calls", given.one("declared.calls"), list(Volume))
    if not given.every("declared.acts"):
        wrongs["declared.acts"] = "Say what is done for this purpose: tick one at least."
    _check_all(wrongs, given, "acts", USES)
    _check_all(wrongs, given, "roles", USING_ROLES)
    _check_all(wrongs, given, "criteria", frozenset(Criterion))


def _check_one(wrongs: Wrongs, field: str, said: str, known: Sequence[str]) -> None:
    if said not in known:
        wrongs[field] = "Choose what is so."


def _check_all(wrongs: Wrongs, given: Filled, name: str, known: frozenset[Act] | frozenset[Role] | frozenset[Criterion]) -> None:
    if not {*given.every(f"declared.{name}")} <= {*known}:
        wrongs[f"declared.{name}"] = "Tick of these, and nothing else."


def _steps(said: str) -> int:
    """Nought for what is no small number."""
    return int(said) if re.fullmatch(r"[0-9]{1,3}", said.strip()) else 0


def _day(said: str) -> date | None:
    if not said.strip():
        return None
    try:
        return date.fromisoformat(said.strip())
    except ValueError:
        raise Malformed("Write the day as year-month-day, such as 2027-05-01; or leave it empty for half a year.") from None


def _field(given: Filled, place: Place) -> str:
    """Where in the form a text of the document was written."""
    match place:
        case (str(part), int(nth), str(name)):
            return f"{part}.{given.kept(part, LISTS[part])[nth]}.{name}"
        case _:
            return ".".join(map(str, place))


def _flat(place: str, said: Json) -> Iterator[tuple[str, Sequence[str]]]:
    if isinstance(said, Mapping):
        for name, each in said.items():
            yield from _flat(f"{place}.{name}" if place else name, each)
    elif isinstance(said, list) and all(isinstance(each, Mapping) for each in said) and said:
        for nth, each in enumerate(said):
            yield from _flat(f"{place}.{nth}", each)
    elif isinstance(said, list):
        yield place, [str(each) for each in said]
    elif isinstance(said, bool):
        yield place, ["yes" if said else "no"]
    elif said is not None:
        yield place, [str(said)]

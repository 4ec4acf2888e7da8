"""A situation that somebody asks about before it happens. It is written as scenarios are, and need not say what is expected.

What it leaves out of a call that goes on is taken as an ordinary call has it, and that is told. A telephone number is looked at
for the place that it belongs to, and kept nowhere. Deliberately elsewhere: scenarios, of which every fact is told (scenarios.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rightcall.errors import Malformed
from rightcall.policy.model import Act, PlaceSource, Question, Verdict
from rightcall.policy.trying.outcomes import against
from rightcall.policy.trying.scenarios import Scenario, documents_of, names_of, only_known, question_in, scenario_of
from rightcall.policy.vocabulary import FACTS_OF
from rightcall.subjects.places import number_place
from rightcall.subjects.rules import international

_LIVE = (Act.ASK, Act.CAPTURE)
_ORDINARY: Mapping[str, tuple[object, str]] = {
    "pauses": ([], "no pause is in force"),
    "carries_card_data": (False, "no card data is spoken"),
    "carries_authentication_data": (False, "no security code is spoken"),
}
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaper:
    """`taken`: what the situation does not say and is taken for granted, in plain words. `expected`: what it says should come
    out, where it says so."""

    says: str
    question: Question
    taken: tuple[str, ...]
    expected: Scenario | None

    def otherwise(self, verdict: Verdict) -> list[str]:
        """Line by line, where it expected something else: - what it says, + what came out."""
        return [] if self.expected is None else against(verdict, self.expected)


def read_on_paper(file: str, text: str, at: datetime) -> list[OnPaper]:
    """The situation of a file and those `likewise`, asked at `at` where they do not say when. Malformed, naming what is wrong."""
    documents = documents_of(text)
    return [_read(name, each, at) for name, each in zip(names_of(file, len(documents)), documents, strict=True)]


def _read(file: str, told: Mapping[str, Any], at: datetime) -> OnPaper:
    document, taken = _with_ordinary(_with_places(told))
    document = {"says": "", "why": "", "at": at, **document}
    only_known(document)
    return OnPaper(
        says=document["says"] if isinstance(document["says"], str) else "",
        question=question_in(document),
        taken=taken,
        expected=scenario_of(file, 1, document) if "expect" in document else None,
    )


def _with_ordinary(told: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """With what a call has where nobody says otherwise. `"unknown"` takes that back."""
    act = told.get("act")
    brought = FACTS_OF[Act(act)] if isinstance(act, str) and act in set(Act) else frozenset[str]()
    document, taken = dict(told), list[str]()
    for name, (value, says) in _ORDINARY.items() if act in _LIVE else ():
        if name in brought and name not in told:
            document[name] = value
            taken.append(says)
    if document.get("pauses") == _UNKNOWN:
        del document["pauses"]
    if "speaker" in brought and "speaker" not in told and told.get("parties"):
        document["speaker"] = 1
        taken.append("the first of the parties speaks")
    if "review_in_force" in brought and "review_in_force" not in told:
        taken.append("a review of the purpose is in force")
    if "collected_for" in brought and "collected_for" not in told and "purpose" in told:
        taken.append("it was kept for this purpose")
    return document, tuple(taken)


def _with_places(told: Mapping[str, Any]) -> dict[str, Any]:
    """With the places that telephone numbers bring, and without the numbers."""
    parties = told.get("parties")
    if not isinstance(parties, list):
        return dict(told)
    numbers = [each["number"] for each in parties if isinstance(each, dict) and "number" in each]
    found = sorted({place for each in numbers if (place := _place(each)) is not None})
    without = [{k: v for k, v in each.items() if k != "number"} if isinstance(each, dict) else each for each in parties]
    document = {**told, "parties": without}
    if found:
        document["jurisdictions"] = [*_listed(told, "jurisdictions"), *found]
        document["places"] = [*_listed(told, "places"), *({"place": each, "by": PlaceSource.NUMBER.value} for each in found)]
    return document


def _listed(told: Mapping[str, Any], name: str) -> list[Any]:
    value = told.get(name, [])
    if not isinstance(value, list):
        raise Malformed(f"`{name}` is a list.")
    return value


def _place(number: object) -> str | None:
    if not isinstance(number, str) or not number.startswith("+"):
        raise Malformed('Write `number` in quotes with + and the code of the country, such as "+4532123456".')
    return number_place([international(number)])

"""What happened to a person here, in one order: calls, answers, what came to be held and what went, who used it, and requests."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rightcall.actors import Role
from rightcall.calls import actions as calls
from rightcall.consent import actions as consent
from rightcall.consent.saying import ANSWERED
from rightcall.database.connection import Transaction
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.holdings.model import Holding
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import Use
from rightcall.holdings.uses.saying import DONE
from rightcall.ids import PurposeId, SubjectId
from rightcall.purposes import actions as purposes
from rightcall.requests import actions as requests

MOST = 2000
"""Uses, and things, that are looked through: the newest."""


SORTS = {
    "call": "call",
    "answer": "answer",
    "held": "came to be held",
    "gone": "gone",
    "use": "used",
    "refused": "refused",
    "request": "request",
}
"""Of what happened, as it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`sort`: one of `SORTS`; `says`: what. `place`: where it is shown."""

    at: datetime
    sort: str
    says: str
    purpose: str = ""
    by: Role | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """`cut`: older uses or things are left out."""

    lines: Sequence[Line]
    cut: bool


def happened(tx: Transaction, person: Sequence[SubjectId]) -> Happened:
    """The newest first."""
    titles = purposes.titles(tx)
    used = uses.of_person(tx, person[0], limit=MOST + 1)
    held = holdings.of_person(tx, person, limit=MOST + 1)
    lines = [
        *_calls(tx, person),
        *_choices(tx, person, titles),
        *_things(held[:MOST], system_names(tx)),
        *_uses(used[:MOST], titles),
        *_requests(tx, person),
    ]
    return Happened(lines=sorted(lines, key=lambda each: each.at, reverse=True), cut=len(used) > MOST or len(held) > MOST)


def _calls(tx: Transaction, person: Sequence[SubjectId]) -> Iterator[Line]:
    for part in (part for each in person for part in calls.of_subject(tx, each)):
        role = part.role.value.replace("_", " ")
        yield Line(at=part.joined_at, sort="call", says=f"In a call, as {role}", place=f"/console/calls/{part.call}")


def _choices(tx: Transaction, person: Sequence[SubjectId], titles: Mapping[PurposeId, str]) -> Iterator[Line]:
    for each in (each for one in person for each in consent.choices_of_subject(tx, one)):
        says = f"Their answer: {ANSWERED[each.answer]}"
        place = f"/console/calls/{each.call}"
        yield Line(at=each.made_at, sort="answer", says=says, purpose=titles[each.purpose], by=each.by.role, place=place)


def _things(held: Sequence[Holding], systems: SystemNames) -> Iterator[Line]:
    """What came, and what went, on the same moment in the same place, is one line with a number."""
    came = Counter((each.made_at, "came", _thing(each, systems)) for each in held)
    went = Counter((at, "went", _thing(each, systems)) for each in held if (at := each.disposed_at or each.gone_at) is not None)
    for (at, what, thing), times in (came + went).items():
        number = "" if times == 1 else f"{times} × "
        yield Line(at=at, sort="held" if what == "came" else "gone", says=f"{number}{thing}")


def _thing(holding: Holding, systems: SystemNames) -> str:
    system = holding.place.system
    where = "kept by Rightcall" if system is None else f"in {systems.get(system, 'another system')}"
    return f"{saying.category(holding.category)}, {saying.CAME[holding.provenance.source]}, {where}"


def _uses(used: Sequence[Use], titles: Mapping[PurposeId, str]) -> Iterator[Line]:
    """Those of one minute that are told alike are one line with a number, at the moment of the newest."""
    alike: dict[tuple[object, ...], list[Line]] = {}
    for use in used:
        line = _use(use, titles)
        minute = line.at.replace(second=0, microsecond=0)
        alike.setdefault((minute, line.sort, line.says, line.purpose, line.by), []).append(line)
    for several in alike.values():
        newest = max(several, key=lambda each: each.at)
        yield newest if len(several) == 1 else replace(newest, says=f"{len(several)} × {newest.says}")


def _use(use: Use, titles: Mapping[PurposeId, str]) -> Line:
    fields = f": {', '.join(use.fields)}" if use.fields else ""
    says = f"{DONE[use.act]}{fields}"
    return Line(at=use.at, sort="refused" if use.refused else "use", says=says, purpose=titles[use.purpose], by=use.by.role)


def _requests(tx: Transaction, person: Sequence[SubjectId]) -> Iterator[Line]:
    for each in requests.of_person(tx, person):
        for step in requests.progress(tx, each.id):
            says = f"Request for {each.kind.value}: {step.step.value.replace('_', ' ')}"
            yield Line(at=step.at, sort="request", says=says, by=step.by.role, place=f"/console/requests/{each.id}")

"""One person: everything that is held about them, by system and category, with their answers, calls, requests and holds. Where
each thing lies is in `person_places`."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Choice
from rightcall.consent.saying import CAME
from rightcall.console import person_tables as tables
from rightcall.console.door import Inside, inside
from rightcall.console.joins import JOIN_REASONS
from rightcall.console.lying import objects_of
from rightcall.console.person_tables import Line
from rightcall.console.tables import shown as answered
from rightcall.console.wishes import NOT_THEIRS
from rightcall.database.connection import Transaction
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.erasure.asked_again import Left, left_of
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.holdings.map.page import name_of
from rightcall.holdings.model import Holding
from rightcall.holdings.provenance.saying import FELL
from rightcall.holdings.uses import actions as every_use
from rightcall.holdings.uses.rules import covering, one_by_one
from rightcall.ids import HoldingId, ObjectId, PurposeId, SubjectId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings.actions import silent_among
from rightcall.recordings.held import Held, whole
from rightcall.recordings.who import person_of
from rightcall.requests import actions as requests
from rightcall.requests import carried, staying
from rightcall.requests.model import Wish
from rightcall.requests.own.model import StandingYes
from rightcall.requests.own.standing import beside_latest, in_order
from rightcall.safety import actions as safety
from rightcall.safety.model import Again
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects import restricting
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Join, Limit, Limits, Subject
from rightcall.vault.saying import CAUSES

router = APIRouter(prefix="/console/people/{subject}")
MOST = 2000
"""Things of one person that are looked through at once. That there are more is told."""
Seeing = Annotated[Inside, Depends(inside(Deed.SEE_HOLDINGS))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """All that one page tells of a person. `subjects`: all that are them. `cut`: there is more than was looked through.
    `silent`: recordings in which no sound was kept.
    `shown`: of the things of this page all that is known; `looks`: when they were looked at together with others, the newest
    first; `objects`: what those that they lie in are called, where that tells of nobody, `again` where these lie again.
    Of `joins` those that stand."""

    subject: Subject
    subjects: Sequence[SubjectId]
    is_erased: bool
    left: Left | None
    limits: Limits
    wishes: Mapping[Limit, Wish]
    lines: Sequence[Line]
    cut: bool
    calls: int
    silent: int
    shown: Mapping[HoldingId, Held]
    looks: Mapping[HoldingId, Sequence[datetime]]
    objects: Mapping[ObjectId, str]
    again: Mapping[ObjectId, Sequence[Again]]
    joins: Sequence[Join]
    not_known: Sequence[str]
    purposes: Mapping[PurposeId, Purpose]
    systems: SystemNames


@router.get("")
def show(request: Request, who: Seeing, subject: UUID) -> Response:
    found, shown = who.run(lambda tx: _person(tx, who, SubjectId(subject), request.query_params))
    words = {"came": saying.CAME, "grave": saying.GRAVE, "roles": saying.ROLES, "name_of": saying.category}
    words |= {"not_theirs": [(each.value, says) for each, says in NOT_THEIRS.items()]}
    words |= {"fell": FELL, "causes": CAUSES, "join_reasons": [(each.value, says) for each, says in JOIN_REASONS.items()]}
    return answered(request, "person", who, found=found, most=MOST, system_of=name_of, answer_came=CAME, **shown, **words)


def _person(tx: Transaction, who: Inside, subject: SubjectId, address: Mapping[str, str]) -> tuple[Person, dict[str, object]]:
    """With its tables. A file has all things, however many."""
    person, vault = person_of(tx, subject), who.house.vault
    known, systems = purposes.known(tx), system_names(tx)
    found = holdings.of_person(tx, person, limit=None if "as" in address else MOST + 1)
    cut = "as" not in address and len(found) > MOST
    held = found[:MOST] if cut else found
    silent = silent_among(tx, [each.id for each in held if each.is_ours and each.is_there])
    parts, lined = _parts(tx, person), _lines(held, silent)
    things = tables.things(systems, known, silent).of(held, address)
    asked = staying.told(tx, requests.of_person(tx, person)) if who.may(Deed.SEE_REQUESTS) else None
    looks, shown = one_by_one(every_use.looks(tx, person)), whole(tx, vault, things.rows)
    return Person(
        subject=subjects.get(tx, subject),
        subjects=person,
        is_erased=not vault.subject_exists(tx, subject),
        left=left_of(tx, person),
        limits=restricting.limits_of(tx, subject),
        wishes={each.limit: each for each in carried.wishes_of(tx, subject)},
        lines=lined,
        cut=cut,
        calls=len(parts),
        silent=len(silent),
        shown={each.holding.id: each for each in shown},
        looks={each.holding.id: covering(looks, each.holding) for each in shown},
        objects=objects_of(tx, vault, shown),
        again=safety.lying_again(tx, vault, {each.place.object for each in things.rows if each.place.object is not None}),
        joins=[each for each in joining.joins_of(tx, subject) if each.undone_at is None],
        not_known=seeing.told_of_person(tx, person),
        purposes=known,
        systems=systems,
    ), {
        "things": things,
        "lines": tables.lines(systems).of(lined, address),
        "beside": _beside(tx, who, person),
        "latest": tables.answers(known).of(_latest(tx, person), address),
        "parts_of": tables.PARTS.of(parts, address),
        "asked": None if asked is None else tables.ASKED.of(asked, address),
    }


def _parts(tx: Transaction, person: Sequence[SubjectId]) -> list[Party]:
    """What they were in each call, the newest call first."""
    found = [part for each in person for part in calls.of_subject(tx, each)]
    return sorted(found, key=lambda part: part.joined_at, reverse=True)


def _lines(found: Sequence[Holding], silent: Collection[HoldingId]) -> list[Line]:
    """By system, ours first, then by category. A recording without sound is no thing here, as at the person's own page."""
    there = Counter((each.place.system, each.category) for each in found if each.is_there and each.id not in silent)
    gone = Counter((each.place.system, each.category) for each in found if not each.is_there)
    sorts = sorted(
        {(each.place.system, each.category) for each in found}, key=lambda sort: (str(sort[0] or ""), saying.category(sort[1]))
    )
    return [Line(system=sort[0], category=sort[1], there=there[sort], gone=gone[sort]) for sort in sorts]


def _latest(tx: Transaction, person: Sequence[SubjectId]) -> list[Choice]:
    """The newest answer to each purpose, the newest first."""
    return in_order(list({each.purpose: each for each in _answers(tx, person)}.values()))[::-1]


def _answers(tx: Transaction, person: Sequence[SubjectId]) -> list[Choice]:
    return in_order([each for one in person for each in consent.choices_of_subject(tx, one)])


def _beside(tx: Transaction, who: Inside, person: Sequence[SubjectId]) -> dict[PurposeId, tuple[StandingYes, ...]]:
    """Where the newest answer is a no: the yeses of other calls that count still."""
    house, by_purpose = who.house, dict[PurposeId, list[Choice]]()
    for each in _answers(tx, person):
        by_purpose.setdefault(each.purpose, []).append(each)
    no = {purpose: made for purpose, made in by_purpose.items() if made[-1].answer is not Answer.GRANTED}
    return {purpose: beside_latest(tx, house.vault, house.clock, person, made) for purpose, made in no.items()}

"""Scans of other systems: started, watched, cancelled; what was not read and where findings lie, by name for those with the
right, and of what is somebody's for a purpose. No value that was found is ever shown: there is none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from rightcall.actors import Actor
from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Limit, Shape
from rightcall.api.holdings import CaseQuery, PurposeQuery, ReasonQuery, let
from rightcall.api.named import purpose_of
from rightcall.database.connection import Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import FewPeople, KeptFinding, Wanted
from rightcall.discovery.ports import Load
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans.model import How, ObjectState, Outcome, Scan, Stage, Unit
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.fitting import DATABASES
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.errors import Malformed
from rightcall.ids import FindingId, ObjectId, ScanId, SubjectId
from rightcall.recordings.tools import Tools
from rightcall.recordings.using import MOST_AT_ONCE, Answered
from rightcall.recordings.who import ask_for_places
from rightcall.staff.model import Deed

router = APIRouter(tags=["scans"])
After = Annotated[UUID | None, Query(description="The `next` of the page before.")]


class ScanForm(Form):
    """`sample`: about which share of objects and rows to look at, left out for all. `workers`: how many may read at a time.
    `pace`, `rows`: how many bytes and rows a second they read at most, together. The system's own limits hold beside these."""

    sample: float | None = None
    workers: int = 1
    pace: int | None = None
    rows: int | None = None


class ScanShape(Shape):
    """`why`: where it failed. `waiting_since`, `waiting_why`: while its source does not answer. `followed_at`: since when all
    that it found is with whose it is and on the data map."""

    id: UUID
    system: UUID
    stage: Stage
    outcome: Outcome | None
    why: str | None
    sample: float | None
    workers: int
    pace: int | None
    rows: int | None
    started_by: ActorShape
    started_at: datetime
    waiting_since: datetime | None
    waiting_why: str | None
    ended_at: datetime | None
    followed_at: datetime | None
    statement: UUID


class AmountShape(Shape):
    objects: int
    size: int
    bytes: int
    rows: int
    findings: int


class EstimateShape(Shape):
    """Of all objects, or all rows of tables, at least the share `least` and at most `most` hold this type, with 95 %
    confidence."""

    of: Unit
    type: str
    looked_at: int
    with_it: int
    least: float
    most: float


class ScanDetail(ScanShape):
    """`amounts` by state of the objects; `skipped`, `inside` (of objects that were read) and `still` (of objects that are
    unchanged since they were read) by reason; `seconds_left` is an estimate, null while there is none or the source does not
    answer."""

    amounts: dict[ObjectState, AmountShape]
    skipped: dict[str, int]
    inside: dict[str, int]
    still: dict[str, int]
    seconds_left: float | None
    estimates: list[EstimateShape]


class SkippedShape(Shape):
    """`name` is null once the system is retired, of what may be named after a person who was erased, and where a number of your
    own stands in it."""

    object: UUID
    name: str | None
    reason: str


class Whose(StrEnum):
    """`erased`: of a person who was erased, and still there when last looked at."""

    NOBODY = "nobody"
    SOMEBODY = "somebody"
    ERASED = "erased"


class FindingShape(Shape):
    """Where it lies: `name` of the object, `row`, `field`, characters from `start` to before `end`; null once the system is
    retired. Of what is somebody's, or lies in a file in which something of a few people lies, they, and `subject`, are shown for
    a purpose alone, all but names of tables and of files about many, and plain names of fields: `shown` says whether they are
    here. Of a person who was erased nobody knows them any more, nor `object` and `record`. `record`: findings that were said of
    one thing have the same."""

    id: UUID
    whose: Whose
    shown: bool
    object: UUID | None
    name: str | None
    row: str | None
    field: str | None
    start: int | None
    end: int | None
    record: UUID | None
    type: str
    category: str
    confidence: float
    why: str
    subject: UUID | None
    holding: UUID | None
    first_seen_at: datetime
    gone_at: datetime | None


@router.post("/systems/{system}/scans", status_code=201)
def start_scan(door: Annotated[Door, Depends(door_for(Deed.SCAN_SYSTEM))], system: str, form: ScanForm) -> ScanShape:
    """A worker begins within a second. 409 while another scan of the system goes on."""
    how = How(sample=form.sample, workers=form.workers, load=Load(bytes=form.pace, rows=form.rows))

    def deed(tx: Transaction) -> ScanShape:
        return _shape(scans.start(tx, door.house.clock, systems.get(tx, system), how, by=door.actor))

    return door.run(deed)


@router.get("/systems/{system}/scans")
def list_scans(door: Annotated[Door, Depends(door_for(Deed.SEE_SYSTEMS))], system: str) -> Items[ScanShape]:
    """The last fifty, newest first."""
    return door.run(lambda tx: Items(items=[_shape(each) for each in scans.of_system(tx, systems.get(tx, system).id)]))


@router.get("/systems/{system}/findings")
def list_findings(
    door: Annotated[Door, Depends(door_for(Deed.SEE_FINDINGS))],
    system: str,
    object: Annotated[UUID | None, Query(description="Only those of this object.")] = None,
    type: Annotated[str | None, Query(description="Only those of this type.", max_length=40)] = None,
    subject: Annotated[UUID | None, Query(description="Only those linked to this person. Needs a purpose.")] = None,
    gone: Annotated[bool, Query(description="Also what is not there any more.")] = False,
    purpose: PurposeQuery = None,
    reason: ReasonQuery = None,
    case: CaseQuery = None,
    after: After = None,
    limit: Limit = 100,
) -> Items[FindingShape]:
    """What about people lies there, why we think so and how sure; never the value. Where exactly something lies that is
    somebody's, and whose it is, is shown for a purpose alone, of those of whom the verdict is yes, and that it was read is
    logged. Asked for one person, 403 with the verdict where it is no."""
    if subject is not None and purpose is None:
        raise Malformed("What lies there of a person is read for a purpose. Give `purpose`, `reason` and `case`.")

    asked = None if purpose is None else Asked(purpose=purpose, reason=reason, case=case, by=door.actor)

    def deed(tx: Transaction) -> Items[FindingShape] | Answered:
        found = systems.get(tx, system)
        wanted = Wanted(
            system=found.id,
            object=None if object is None else ObjectId(object),
            type=type,
            subject=None if subject is None else SubjectId(subject),
            also_gone=gone,
        )
        last = None if after is None else FindingId(after)
        return page_of(tx, door.house.tools, found, wanted, asked, after=last, limit=limit)

    return let(door.run(deed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For which purpose somebody reads where things lie, and why."""

    purpose: str
    reason: str | None
    case: str | None
    by: Actor


def page_of(
    tx: Transaction,
    tools: Tools,
    system: RegisteredSystem,
    wanted: Wanted,
    asked: Asked | None,
    *,
    after: FindingId | None,
    limit: int,
) -> Items[FindingShape] | Answered:
    """A page of findings. The answer on the one person who is wanted, where that is no."""
    shown = frozenset[SubjectId]()
    if asked is not None and wanted.subject is not None:
        shown, answer = _ask(tx, tools, [wanted.subject], asked)
        if not shown:
            return answer
    rows = findings.page(tx, tools.vault, system, wanted, after=after, limit=limit)
    few = findings.few_people(tx, system, {each.object for each in rows})
    if asked is not None and wanted.subject is None:
        shown = _permitted(tx, tools, rows, few, asked)
    names = findings.plain_names(tx, tools.vault, system, [each.object for each in rows if not each.is_erased])
    nobodys = {each.spot.object for each in rows if each.spot is not None and each.object not in few and each.object not in names}
    telling = set() if system.kind in DATABASES else findings.named_after_somebody(tx, system, nobodys)
    shapes = [_finding(each, few.get(each.object), names.get(each.object), telling, shown=shown) for each in rows]
    return Items(items=shapes, next=rows[-1].id if len(rows) == limit else None)


def _ask(tx: Transaction, tools: Tools, subjects: Sequence[SubjectId], asked: Asked) -> tuple[frozenset[SubjectId], Answered]:
    named = purpose_of(tx, asked.purpose)
    return ask_for_places(tx, tools, subjects, named, by=asked.by, reason=asked.reason, case=asked.case)


@router.get("/scans/{scan}")
def get_scan(door: Annotated[Door, Depends(door_for(Deed.SEE_SYSTEMS))], scan: UUID) -> ScanDetail:
    """How far it is, how long it may take, what was skipped and why, and of a sample what it says of the whole."""

    def deed(tx: Transaction) -> ScanDetail:
        found = scans.get(tx, ScanId(scan))
        progress = scans.progress(tx, found)
        return ScanDetail(
            **_shape(found).model_dump(),
            amounts={state: AmountShape.model_validate(amount) for state, amount in progress.amounts.items()},
            skipped=dict(progress.skipped),
            inside=dict(progress.inside),
            still=dict(progress.still),
            seconds_left=progress.seconds_left,
            estimates=[EstimateShape.model_validate(each) for each in scans.estimates(tx, found)],
        )

    return door.run(deed)


@router.get("/scans/{scan}/skipped")
def list_skipped(
    door: Annotated[Door, Depends(door_for(Deed.SEE_FINDINGS))], scan: UUID, after: After = None, limit: Limit = 100
) -> Items[SkippedShape]:
    """Which objects were not read, by name, each with its reason."""

    def deed(tx: Transaction) -> Items[SkippedShape]:
        found = scans.get(tx, ScanId(scan))
        system = systems.get(tx, found.system)
        last = None if after is None else ObjectId(after)
        rows = scans.skipped(tx, door.house.vault, system, found.id, after=last, limit=limit)
        shown = [SkippedShape.model_validate(each) for each in rows]
        return Items(items=shown, next=rows[-1].object if len(rows) == limit else None)

    return door.run(deed)


@router.post("/scans/{scan}/cancel")
def cancel_scan(door: Annotated[Door, Depends(door_for(Deed.SCAN_SYSTEM))], scan: UUID) -> ScanShape:
    """What it found so far stays. Again is fine."""
    return door.run(lambda tx: _shape(scans.cancel(tx, door.house.clock, ScanId(scan))))


def _shape(scan: Scan) -> ScanShape:
    return ScanShape(
        id=scan.id,
        system=scan.system,
        stage=scan.stage,
        outcome=scan.outcome,
        why=scan.why,
        sample=scan.how.sample,
        workers=scan.how.workers,
        pace=scan.how.load.bytes,
        rows=scan.how.load.rows,
        started_by=ActorShape.of(scan.started_by),
        started_at=scan.started_at,
        waiting_since=scan.waiting_since,
        waiting_why=scan.waiting_why,
        ended_at=scan.ended_at,
        followed_at=scan.followed_at,
        statement=scan.statement,
    )


def _permitted(
    tx: Transaction, tools: Tools, rows: Sequence[KeptFinding], few: Mapping[ObjectId, FewPeople], asked: Asked
) -> frozenset[SubjectId]:
    """Of whose things on this page it may be read where they lie, and of those after whom their files may be named."""
    theirs = [each.subject for each in rows if each.subject is not None]
    beside = [subject for each in few.values() for subject in each.subjects]
    everybody = list(dict.fromkeys((*theirs, *sorted(beside))))[:MOST_AT_ONCE]
    return _ask(tx, tools, everybody, asked)[0] if everybody else frozenset()


def _is_told(each: KeptFinding, few: FewPeople | None, telling: Collection[str], shown: Collection[SubjectId]) -> bool:
    """What is nobody's lies in a file that may be named after those whose other things lie there, or after somebody whom nobody
    knows, as the name is `telling`."""
    if each.is_erased:
        return False
    if each.subject is not None:
        return each.subject in shown
    if few is None:
        return each.spot is None or each.spot.object not in telling
    return not few.has_erased and few.subjects.issubset(shown)


def _finding(
    each: KeptFinding, few: FewPeople | None, name: str | None, telling: Collection[str], *, shown: Collection[SubjectId]
) -> FindingShape:
    """`name`: that of its object, if it is named after nobody; `telling`: names that tell of
    somebody; `shown`: of whom what tells of them may be."""
    whose = Whose.ERASED if each.is_erased else Whose.NOBODY if each.subject is None else Whose.SOMEBODY
    is_told = _is_told(each, few, telling, shown)
    place = each.spot if is_told else None
    return FindingShape(
        id=each.id,
        whose=whose,
        shown=place is not None,
        object=None if each.is_erased else each.object,
        name=name if place is None else place.object,
        row=None if place is None else place.row,
        field=each.field if place is None else place.field,
        start=None if place is None else place.start,
        end=None if place is None else place.end,
        record=None if each.is_erased else each.record,
        type=each.type,
        category=each.category,
        confidence=each.confidence,
        why=each.why,
        subject=each.subject if is_told else None,
        holding=each.holding,
        first_seen_at=each.first_seen_at,
        gone_at=each.gone_at,
    )

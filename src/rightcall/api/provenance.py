"""Where things came from and what was made from them: as data, as W3C PROV, as a picture; telling of an origin; saying that one
fell."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import Field

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Shape
from rightcall.api.named import Keys, keys_of, system_of
from rightcall.api.places import PartForm, PartShape, TaintShape
from rightcall.api.uses import looked_at
from rightcall.database.connection import Transaction
from rightcall.design.drawings import html, picture
from rightcall.discovery.findings.naming import scans_of, with_names
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Source
from rightcall.holdings.provenance import actions as provenance
from rightcall.holdings.provenance.actions import Way
from rightcall.holdings.provenance.drawing import drawn
from rightcall.holdings.provenance.grouping import grouped
from rightcall.holdings.provenance.model import FallReason, Trace
from rightcall.holdings.provenance.page import page
from rightcall.holdings.provenance.prov_json import document
from rightcall.ids import HoldingId, ScanId, SubjectId
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining

_PROV: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
_PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/svg+xml": {}}}}
router = APIRouter(tags=["provenance"])
Seeing = Annotated[Door, Depends(door_for(Deed.SEE_HOLDINGS))]
After = Annotated[UUID | None, Query(description="`rc:next` of the page before.")]
OURS = "rightcall"
"""What the system is called that keeps what we keep ourselves."""


class DerivationShape(Shape):
    """`made` came from `origin`."""

    made: UUID
    origin: UUID
    part: PartShape | None


class TracedShape(Shape):
    """A holding on the way."""

    id: UUID
    subject: UUID
    category: str
    system: UUID | None
    system_name: str | None
    source: Source
    by: ActorShape
    made_at: datetime
    call: UUID | None
    is_there: bool
    tainted: list[TaintShape]


class TraceShape(Shape):
    """`cut`: there is more than is shown."""

    items: list[TracedShape]
    derivations: list[DerivationShape]
    cut: bool


class OriginsForm(Form):
    """What it came from: the whole of a holding, or a part of it."""

    origins: Annotated[tuple[PartForm, ...], Field(min_length=1, max_length=100)]


class FallForm(Form):
    """Why it does not hold."""

    reason: FallReason


class FallShape(Shape):
    """Somebody said that this holding does not hold, and it stands."""

    reason: FallReason
    by: ActorShape
    at: datetime
    statement: UUID


class FallsShape(Shape):
    items: list[FallShape]


@router.get("/holdings/{holding}/provenance")
def follow(door: Seeing, holding: UUID, way: Annotated[Way, Query(description="Which way to follow.")] = Way.BOTH) -> TraceShape:
    """Back to its origins, forward to all that was made from it, over any number of steps."""

    def deed(tx: Transaction) -> TraceShape:
        trace = _of_holding(tx, door, HoldingId(holding), way)
        return _shape(trace, system_names(tx))

    return door.run(deed)


@router.get("/holdings/{holding}/provenance.svg", response_class=Response, responses=_PICTURE)
def holding_drawn(door: Seeing, holding: UUID) -> Response:
    """The same as a picture."""
    trace, names = door.run(lambda tx: (_of_holding(tx, door, HoldingId(holding), Way.BOTH), system_names(tx)))
    return picture(drawn(grouped(trace), names, "Where it came from, and what was made from it"))


@router.get("/subjects/{subject}/provenance", response_class=JSONResponse, responses=_PROV)
def of_subject(door: Seeing, subject: UUID, after: After = None) -> Response:
    """All that is held about a person and what it came from, as W3C PROV (PROV-JSON), in pages: where there is another, the
    header `Link` leads to it, and the entity `id:excerpt` says so in the document."""

    def deed(tx: Transaction) -> tuple[Trace, Keys, SystemNames, Mapping[HoldingId, ScanId]]:
        id = subjects.get(tx, SubjectId(subject)).id
        trace = provenance.page_of_person(tx, door.house.vault, id, after=None if after is None else HoldingId(after))
        return trace, keys_of(tx), system_names(tx), scans_of(tx, trace)

    return _prov(*door.run(deed))


@router.get("/subjects/{subject}/provenance.svg", response_class=Response, responses=_PICTURE)
def subject_drawn(door: Seeing, subject: UUID) -> Response:
    """The same as a picture."""
    trace, _, names = door.run(lambda tx: _of_subject(tx, door, SubjectId(subject)))
    return picture(drawn(grouped(trace), names, _OF_A_PERSON))


@router.get("/subjects/{subject}/provenance.html", response_class=HTMLResponse)
def subject_page(door: Seeing, subject: UUID) -> Response:
    """The picture with its table, and who looked at the person, as a page to read."""
    id = SubjectId(subject)

    def deed(tx: Transaction) -> tuple[tuple[Trace, Keys, SystemNames], list[str], list[str]]:
        return _of_subject(tx, door, id), seeing.told_of_person(tx, joining.person(tx, id)), looked_at(tx, id)

    trace, unknown, looks = door.run(deed)
    return html(page(*trace, _OF_A_PERSON, unknown, looks))


@router.get("/systems/{system}/provenance", response_class=JSONResponse, responses=_PROV)
def of_system(door: Seeing, system: str, after: After = None) -> Response:
    """What is of a system (an id or a name; `rightcall` for what we keep ourselves), what it came from and what was made from it,
    as W3C PROV (PROV-JSON), in pages as of a person."""

    def deed(tx: Transaction) -> tuple[Trace, Keys, SystemNames, Mapping[HoldingId, ScanId]]:
        found = None if system == OURS else system_of(tx, system)
        trace = provenance.page_of_system(tx, door.house.vault, found, after=None if after is None else HoldingId(after))
        return trace, keys_of(tx), system_names(tx), scans_of(tx, trace)

    return _prov(*door.run(deed))


@router.post("/holdings/{holding}/origins", status_code=201)
def tell_origins(
    door: Annotated[Door, Depends(door_for(Deed.WRITE_DOWN_HOLDING))], holding: UUID, form: OriginsForm
) -> list[UUID]:
    """What is on the map already came from these. Answers with all that it is known to have come from."""

    def deed(tx: Transaction) -> list[UUID]:
        provenance.tell_origins(
            tx,
            door.house.clock,
            HoldingId(holding),
            origins=list(dict.fromkeys(HoldingId(each.holding) for each in form.origins)),
            parts=[part for each in form.origins if (part := each.part) is not None],
            by=door.actor,
        )
        return list(holdings.get(tx, HoldingId(holding)).provenance.derived_from)

    return door.run(deed)


@router.post("/holdings/{holding}/falls", status_code=201)
def fall(door: Annotated[Door, Depends(door_for(Deed.JUDGE_ORIGIN))], holding: UUID, form: FallForm) -> FallsShape:
    """It does not hold: all that was made from it shows that from now on."""

    def deed(tx: Transaction) -> FallsShape:
        provenance.fall(tx, door.house.clock, HoldingId(holding), form.reason, by=door.actor)
        return _falls(tx, HoldingId(holding))

    return door.run(deed)


@router.post("/holdings/{holding}/falls/lift")
def lift(door: Annotated[Door, Depends(door_for(Deed.JUDGE_ORIGIN))], holding: UUID, form: FallForm) -> FallsShape:
    """It holds again, as far as this reason goes."""

    def deed(tx: Transaction) -> FallsShape:
        provenance.lift(tx, door.house.clock, HoldingId(holding), form.reason, by=door.actor)
        return _falls(tx, HoldingId(holding))

    return door.run(deed)


_OF_A_PERSON = "What is held about a person, and where it came from"


def _of_holding(tx: Transaction, door: Door, holding: HoldingId, way: Way) -> Trace:
    holdings.get(tx, holding)
    return with_names(tx, door.house.vault, provenance.follow(tx, door.house.vault, [holding], way))


def _of_subject(tx: Transaction, door: Door, subject: SubjectId) -> tuple[Trace, Keys, SystemNames]:
    trace = provenance.of_person(tx, door.house.vault, subjects.get(tx, subject).id)
    return with_names(tx, door.house.vault, trace), keys_of(tx), system_names(tx)


def _prov(trace: Trace, keys: Keys, names: SystemNames, scans: Mapping[HoldingId, ScanId]) -> Response:
    following = {} if trace.next is None else {"Link": f'<?after={trace.next}>; rel="next"'}
    return JSONResponse(document(trace, keys, names, scans), headers=following)


def _falls(tx: Transaction, holding: HoldingId) -> FallsShape:
    return FallsShape(
        items=[
            FallShape(reason=each.reason, by=ActorShape.of(each.by), at=each.at, statement=each.statement)
            for each in provenance.falls_of(tx, holding)
        ]
    )


def _shape(trace: Trace, names: SystemNames) -> TraceShape:
    return TraceShape(
        items=[
            TracedShape(
                id=each.id,
                subject=each.subject,
                category=each.category.value,
                system=each.place.system,
                system_name=None if each.place.system is None else names.get(each.place.system),
                source=each.provenance.source,
                by=ActorShape.of(each.provenance.actor),
                made_at=each.made_at,
                call=each.call,
                is_there=each.is_there,
                tainted=[TaintShape(origin=taint.origin, reason=taint.reason) for taint in trace.taints[each.id]],
            )
            for each in trace.items.values()
        ],
        derivations=[
            DerivationShape(made=each.made, origin=each.origin, part=PartShape.of(each.part)) for each in trace.derivations
        ],
        cut=trace.cut,
    )

"""What is held about a person, and where each thing came from: until when, for which purposes, whether it can still be
read and why not, and who used it (GDPR Art. 15)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Items, Limit, Shape
from rightcall.database.connection import Transaction
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding, HoldingKind, Source, Term, Use
from rightcall.ids import HoldingId, PurposeId, SubjectId
from rightcall.policy.model import Act
from rightcall.purposes.model import LawfulBasis
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.vault.model import Dark, DarkReason

router = APIRouter(prefix="/subjects", tags=["subjects"])


class ProvenanceShape(Shape):
    """Where it came from: how, by whom, when, on which basis, made from which other holdings."""

    source: Source
    actor: ActorShape
    at: datetime
    basis: LawfulBasis
    derived_from: list[UUID]


class HoldingPurposeShape(Shape):
    """Kept for `purpose` until the end of `last_day` (UTC). `dark` says why it cannot be read for it any more."""

    purpose: UUID
    last_day: date
    readable: bool
    dark: DarkReason | None


class UseShape(Shape):
    """One line of the access log."""

    purpose: UUID
    by: ActorShape
    act: Act
    verdict: UUID | None
    at: datetime
    statement: UUID


class HoldingShape(Shape):
    """`complete` is false where it was cut off, by a power loss say. `disposed_at`: when its bytes were confirmed gone."""

    id: UUID
    kind: HoldingKind
    call: UUID | None
    stream: UUID | None
    made_at: datetime
    mediatype: str
    provenance: ProvenanceShape
    purposes: list[HoldingPurposeShape]
    readable: bool
    sealed_bytes: int | None
    complete: bool | None
    sha256: str | None
    disposed_at: datetime | None
    statement: UUID
    uses: list[UseShape]


@router.get("/{subject}/holdings")
def of_subject(
    door: Annotated[Door, Depends(door_for(Deed.SEE_HOLDINGS))],
    subject: UUID,
    after: Annotated[UUID | None, Query(description="`next` of the list before.")] = None,
    limit: Limit = 100,
) -> Items[HoldingShape]:
    """Everything that is held about this person, newest first."""

    def deed(tx: Transaction) -> Items[HoldingShape]:
        id = subjects.get(tx, SubjectId(subject)).id
        uses = holdings.uses_of(tx, id)
        start = None if after is None else HoldingId(after)
        found = holdings.of_subject(tx, id, after=start, limit=limit)
        shapes = [_shape(holding, holdings.readable(tx, door.house.vault, holding), uses) for holding in found]
        return Items(items=shapes, next=found[-1].id if len(found) == limit else None)

    return door.run(deed)


def _shape(holding: Holding, dark: Mapping[PurposeId, Dark | None], uses: list[Use]) -> HoldingShape:
    kept = [_purpose(holding, term, dark[term.purpose]) for term in holding.terms]
    return HoldingShape(
        id=holding.id,
        kind=holding.kind,
        call=holding.call,
        stream=holding.stream,
        made_at=holding.made_at,
        mediatype=holding.mediatype,
        provenance=ProvenanceShape(
            source=holding.provenance.source,
            actor=ActorShape.of(holding.provenance.actor),
            at=holding.provenance.at,
            basis=holding.provenance.basis,
            derived_from=list(holding.provenance.derived_from),
        ),
        purposes=kept,
        readable=any(each.readable for each in kept),
        sealed_bytes=holding.sealed_length,
        complete=holding.complete,
        sha256=None if holding.sha256 is None else holding.sha256.hex(),
        disposed_at=holding.disposed_at,
        statement=holding.statement,
        uses=[_use(use) for use in uses if use.holding == holding.id],
    )


def _purpose(holding: Holding, term: Term, dark: Dark | None) -> HoldingPurposeShape:
    return HoldingPurposeShape(
        purpose=term.purpose,
        last_day=term.last_day,
        readable=dark is None and holding.disposed_at is None,
        dark=None if dark is None else dark.reason,
    )


def _use(use: Use) -> UseShape:
    return UseShape(
        purpose=use.purpose,
        by=ActorShape.of(use.by),
        act=use.act,
        verdict=use.verdict,
        at=use.at,
        statement=use.statement,
    )

"""Saying that card data was given in words that were kept: from then on nobody hears or exports them (PCI DSS 3.3.1)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Shape
from rightcall.database.connection import Transaction
from rightcall.ids import CallId
from rightcall.recordings.cards import mark
from rightcall.staff.model import Deed

router = APIRouter(prefix="/calls", tags=["calls"])


class CardMarkForm(Form):
    """From `since` (the call's beginning where it is null) until `until` (its end). `authentication_data`: a verification code, a
    PIN or the like was among it; say false only where you know."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    card_data: bool = True
    authentication_data: bool = True


class CardMarkShape(Shape):
    id: UUID
    call: UUID
    since: datetime
    until: datetime | None
    card_data: bool
    authentication_data: bool
    marked_at: datetime
    by: ActorShape
    statement: UUID


@router.post("/{call}/card-data", status_code=201)
def mark_card_data(
    door: Annotated[Door, Depends(door_for(Deed.PAUSE_CALL))], call: UUID, form: CardMarkForm | None = None
) -> CardMarkShape:
    """Card data was said or keyed in this stretch and may have been kept: a pause came late, or not at all. No take that overlaps
    it is played or exported any more, whoever asks. Nothing takes it back."""
    told = form or CardMarkForm()

    def deed(tx: Transaction) -> CardMarkShape:
        made = mark(
            tx,
            door.house.tools,
            CallId(call),
            since=told.since,
            until=told.until,
            card_data=told.card_data,
            authentication_data=told.authentication_data,
            by=door.actor,
        )
        return CardMarkShape.model_validate(made)

    return door.run(deed)

"""Declaring who answers for the processing and who receives data, which no system can know; and that it is over."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rightcall.activities import actions
from rightcall.activities.model import Capacity, NewRecipient, NewResponsible, RecipientKind, Safeguard
from rightcall.activities.saying import CAPACITIES, KINDS
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, Unread, an_id, one_of, words
from rightcall.console.sheets import page
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tongues import NAMES
from rightcall.design.wording import language_of
from rightcall.ids import PurposeId, RecipientId, ResponsibleId
from rightcall.purposes import actions as purposes
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/record")
Declaring = Annotated[Inside, Depends(sending(Deed.DECLARE_RECIPIENTS))]
_HERE = "/console/record"


@router.get("/declare")
def ask(request: Request, who: Annotated[Inside, Depends(inside(Deed.DECLARE_RECIPIENTS))]) -> Response:
    return _page(request, who)


@router.post("/responsibles")
def declare_responsible(request: Request, who: Declaring, filled: Sent) -> Response:
    """One more who answers for it: published, so an office rather than a person."""

    def deed(tx: Transaction) -> object:
        capacity = filled.read("capacity", one_of(Capacity))
        new = NewResponsible(capacity=capacity, name=filled.read("name", words), contact=filled.read("contact", words))
        return actions.declare_responsible(tx, who.house.clock, new, by=who.actor)

    return _declared(request, who, deed, filled, "responsible")


@router.post("/responsibles/{responsible}/end")
def end_responsible(who: Declaring, responsible: UUID) -> Response:
    who.run(lambda tx: actions.end_responsible(tx, who.house.clock, ResponsibleId(responsible), by=who.actor))
    return onwards(_HERE)


@router.post("/recipients")
def declare_recipient(request: Request, who: Declaring, filled: Sent) -> Response:
    """An organisation that receives data from now on."""

    def deed(tx: Transaction) -> object:
        if not filled.every("purposes"):
            raise Unread("purposes", "Choose the purposes for which it receives data: at least one.")
        new = NewRecipient(
            name=filled.read("recipient", words),
            kind=filled.read("kind", one_of(RecipientKind)),
            country=filled.read("country", words).upper(),
            purposes=tuple(PurposeId(an_id(each)) for each in filled.every("purposes")),
            safeguard=filled.maybe("safeguard", one_of(Safeguard)),
            language=filled.maybe("language", words),
        )
        return actions.declare_recipient(tx, who.house.clock, new, by=who.actor)

    return _declared(request, who, deed, filled, "recipient")


@router.post("/recipients/{recipient}/end")
def end_recipient(who: Declaring, recipient: UUID) -> Response:
    who.run(lambda tx: actions.end_recipient(tx, who.house.clock, RecipientId(recipient), by=who.actor))
    return onwards(_HERE)


def _declared(request: Request, who: Inside, deed: Callable[[Transaction], object], filled: Filled, form: str) -> Response:
    try:
        who.run(deed)
    except MENDABLE as error:
        return _page(request, who, **{form: filled.but(error)})
    return onwards(_HERE)


def _page(request: Request, who: Inside, *, responsible: Filled = EMPTY, recipient: Filled = EMPTY) -> Response:
    """With the form that was not taken."""
    given = {
        "responsible": responsible,
        "recipient": recipient,
        "capacities": [(each.value, says) for each, says in CAPACITIES.items()],
        "kinds": [(each.value, says) for each, says in KINDS.items()],
        "safeguards": list(Safeguard),
        "purposes": [(str(each.id), each.title, True) for each in who.run(purposes.active)],
        "languages": list(NAMES.items()),
        "ours": language_of(who.run(controllers.get).language),
    }
    is_taken = not responsible.says and not recipient.says
    return html(page(request, "record-declare", who, **given), status=200 if is_taken else 422)

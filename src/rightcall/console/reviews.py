"""A review of a purpose: what was answered to the six questions, who could be hurt, what less would do, and who signs it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design import drawings
from rightcall.design.answers import html, onwards
from rightcall.ids import ReviewId
from rightcall.purposes import actions as purposes
from rightcall.recordings import actions as recordings
from rightcall.reviews import actions as reviews
from rightcall.reviews import page as documents
from rightcall.reviews.checking import QUESTIONS
from rightcall.reviews.exporting import Kind, document_for
from rightcall.reviews.rules import MAY_SPEAK, balancing_needed, dpia_needed, stage_of, still_needed
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/reviews")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_REVIEWS))]
Signing = Annotated[Inside, Depends(sending(Deed.SIGN_REVIEW))]


@router.get("/{review}")
def show(request: Request, who: Looking, review: UUID) -> HTMLResponse:
    def deed(tx: Transaction) -> dict[str, object]:
        history = reviews.history(tx, ReviewId(review))
        found = history.review
        purpose = purposes.get(tx, found.purpose)
        standing = reviews.in_force(tx, who.house.clock, who.house.rules, purpose.id)
        return {
            "history": history,
            "purpose": purpose,
            "stage": stage_of(history, standing),
            "why_not": reviews.why_not(tx, standing) if standing.review == found.id else (),
            "needed": still_needed(history.signatures),
            "dpia": dpia_needed(found.content.declared, purpose.data_categories),
            "lia": balancing_needed(purpose),
        }

    capacity = MAY_SPEAK.get(who.actor.role)
    return html(page(request, "review", who, **who.run(deed), questions=QUESTIONS, capacity=capacity, me=who.actor))


@router.get("/{review}/{kind}")
def read_document(who: Looking, review: UUID, kind: Kind) -> HTMLResponse:
    """The impact assessment, or the balancing test, as it is printed."""
    house = who.house
    return drawings.html(documents.page(who.run(lambda tx: document_for(tx, house.clock, house.rules, ReviewId(review), kind))))


@router.post("/{review}/sign")
def sign(who: Signing, review: UUID) -> Response:
    """For whom one's role speaks. The last signature that is needed asks whether the purpose may run."""

    who.check_fresh()

    def deed(tx: Transaction) -> None:
        capacity = MAY_SPEAK[who.actor.role]
        reviews.sign(tx, who.house.clock, who.house.rules, ReviewId(review), capacity, by=who.actor)
        recordings.look_again(tx, [tx.of])

    who.run(deed)
    return onwards(f"/console/reviews/{review}")


@router.post("/{review}/withdraw")
def withdraw(who: Signing, review: UUID) -> Response:
    def deed(tx: Transaction) -> None:
        reviews.withdraw(tx, who.house.clock, ReviewId(review), by=who.actor)
        recordings.look_again(tx, [tx.of])

    who.run(deed)
    return onwards(f"/console/reviews/{review}")

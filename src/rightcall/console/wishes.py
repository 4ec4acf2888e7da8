"""A wish that stands for somebody because of a join that was undone: why, and that it was not theirs."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from rightcall.console.door import Inside, sending
from rightcall.console.filled import Sent, one_of
from rightcall.database.connection import Transaction
from rightcall.design.answers import onwards
from rightcall.ids import SubjectId
from rightcall.requests import carried
from rightcall.requests.model import NotTheirs
from rightcall.staff.model import Deed
from rightcall.subjects.model import Limit

router = APIRouter(prefix="/console/people/{subject}/wishes")
NOT_THEIRS: Mapping[NotTheirs, str] = {
    NotTheirs.OTHER_ASKED: "It was the other one who asked, as somebody has looked up",
    NotTheirs.REQUEST_OVER: "Whoever asked does not have it any more",
    NotTheirs.PERSON_AGREED: "They were asked, and do not want it",
}


@router.post("/{limit}/lift")
def lift(who: Annotated[Inside, Depends(sending(Deed.ANSWER_REQUEST))], subject: UUID, limit: Limit, filled: Sent) -> Response:
    """Whoever asked keeps it."""

    def deed(tx: Transaction) -> None:
        reason, house = filled.read("reason", one_of(NotTheirs)), who.house
        carried.lift(tx, house.vault, house.clock, SubjectId(subject), limit, reason=reason, by=who.actor)

    who.run(deed)
    return onwards(f"/console/people/{subject}")

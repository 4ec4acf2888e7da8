"""What a person wants of the use of their data, and why it stands; what came of somebody they were taken for is lifted."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Items, Shape
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.requests import carried
from rightcall.requests.model import NotTheirs, Wish
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Limit

router = APIRouter(prefix="/subjects", tags=["requests"])
SeeDoor = Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))]
AnswerDoor = Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))]


class WishShape(Shape):
    """`requests`: those of the person that say so. Where there is none it is `carried`: it came by the joins `came_by`, which
    were undone, from whoever asked in `asked_there`; it stands until somebody says that it is not theirs."""

    limit: Limit
    since: datetime
    carried: bool
    requests: list[UUID]
    came_by: list[UUID]
    asked_there: list[UUID]


class NotTheirsForm(Form):
    reason: NotTheirs


@router.get("/{subject}/wishes")
def list_wishes(door: SeeDoor, subject: UUID) -> Items[WishShape]:
    """That what is kept of them is kept alone, or not used on an interest of the controller's, where they want that, and why it
    stands. What stands only because somebody may be the same person is with the proposal."""
    return door.run(lambda tx: _wishes(tx, SubjectId(subject)))


@router.post("/{subject}/wishes/{limit}/lift")
def lift_wish(door: AnswerDoor, subject: UUID, limit: Limit, form: NotTheirsForm) -> Items[WishShape]:
    """A wish that an undone join brought was not theirs. 409 where a request of theirs says so: that is lifted by the request."""

    def deed(tx: Transaction) -> Items[WishShape]:
        house, id = door.house, SubjectId(subject)
        carried.lift(tx, house.vault, house.clock, id, limit, reason=form.reason, by=door.actor)
        return _wishes(tx, id)

    return door.run(deed)


def _wishes(tx: Transaction, subject: SubjectId) -> Items[WishShape]:
    return Items(items=[_shape(each) for each in carried.wishes_of(tx, subjects.get(tx, subject).id)], next=None)


def _shape(wish: Wish) -> WishShape:
    return WishShape(
        limit=wish.limit,
        since=wish.since,
        carried=wish.is_carried,
        requests=list(wish.requests),
        came_by=[each.id for each in wish.came_by],
        asked_there=list(wish.asked_there),
    )

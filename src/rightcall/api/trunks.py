"""The ways in: which recording clients belong to this controller. And the controller itself."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Items, Language, Line, Shape
from rightcall.calls import actions as calls
from rightcall.calls.model import Forbidden, NewTrunk, Trunk, TrunkId, Undecided
from rightcall.controllers import actions as controllers
from rightcall.staff.model import Deed

router = APIRouter(tags=["trunks"])


class ControllerShape(Shape):
    id: UUID
    name: str
    address: str
    contact: str
    jurisdictions: list[str]
    created_at: datetime


class TrunkForm(Form):
    """`sources`: IP networks of the recording clients. `called`: the user part of the address they call, null for any. `staff`:
    domains and number prefixes of the controller's own people."""

    name: Line
    sources: list[Line] = Field(min_length=1, max_length=100)
    called: Line | None = None
    staff: list[Line] = Field(default_factory=list, max_length=100)
    undecided: Undecided = Undecided.DROP
    forbidden: Forbidden = Forbidden.STAY
    default_region: str = Field(pattern=r"^[A-Z]{2}$")
    language: Language


class TrunkShape(Shape):
    id: UUID
    name: str
    sources: list[str]
    called: str | None
    staff: list[str]
    undecided: Undecided
    forbidden: Forbidden
    default_region: str
    language: str


@router.get("/controllers")
def list_controllers(door: Annotated[Door, Depends(door_for(Deed.SEE_CONTROLLER))]) -> Items[ControllerShape]:
    """The controller of this token. A token never sees another."""
    return door.run(lambda tx: Items(items=[ControllerShape.model_validate(controllers.get(tx))]))


@router.get("/trunks")
def list_trunks(door: Annotated[Door, Depends(door_for(Deed.SEE_TRUNKS))]) -> Items[TrunkShape]:
    """The trunks that are in use."""
    return door.run(lambda tx: Items(items=[_trunk(trunk) for trunk in calls.trunks(tx)]))


@router.post("/trunks", status_code=201)
def add_trunk(door: Annotated[Door, Depends(door_for(Deed.CHANGE_TRUNKS))], form: TrunkForm) -> TrunkShape:
    """A new way in. Two controllers can never claim the same source and number."""
    new = new_trunk(form)
    with door.house.database.system() as tx:
        return _trunk(calls.add_trunk(tx, door.house.clock, door.controller, new))


@router.get("/trunks/{trunk}")
def get_trunk(door: Annotated[Door, Depends(door_for(Deed.SEE_TRUNKS))], trunk: UUID) -> TrunkShape:
    """One trunk."""
    return door.run(lambda tx: _trunk(calls.trunk(tx, TrunkId(trunk))))


@router.delete("/trunks/{trunk}", status_code=204)
def retire_trunk(door: Annotated[Door, Depends(door_for(Deed.CHANGE_TRUNKS))], trunk: UUID) -> None:
    """Calls by it are turned away from now on. Its past calls keep pointing at it."""
    with door.house.database.system() as tx:
        calls.retire_trunk(tx, door.house.clock, door.controller, TrunkId(trunk))


def new_trunk(form: TrunkForm) -> NewTrunk:
    return NewTrunk(
        name=form.name,
        sources=tuple(form.sources),
        called=form.called,
        staff=tuple(form.staff),
        undecided=form.undecided,
        forbidden=form.forbidden,
        default_region=form.default_region,
        language=form.language,
    )


def _trunk(trunk: Trunk) -> TrunkShape:
    return TrunkShape.model_validate(trunk)

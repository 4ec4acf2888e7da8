"""The copy that a person asked for: how far it is, what waits for somebody's word, and handing it over (GDPR Art. 15, 20)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from rightcall.api.address import PREFIX
from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Shape
from rightcall.database.connection import Transaction
from rightcall.ids import HoldingId, RequestId
from rightcall.requests.packages import actions as packages
from rightcall.requests.packages.model import Became, Phase, State, Thing
from rightcall.staff.model import Deed

router = APIRouter(prefix="/requests", tags=["requests"])


class ThingShape(Shape):
    """`why`: why it waits. `call`: in which it was recorded."""

    holding: UUID
    why: str | None
    call: UUID | None

    @classmethod
    def of(cls, thing: Thing) -> "ThingShape":
        return cls(holding=thing.holding, why=thing.why, call=thing.call)


class PackageShape(Shape):
    """`things`: how many became what. `waits_for`: what you listen to, or read, and decide on. `until`: it is let go then.
    `taken_at`: when its last byte went out."""

    id: UUID
    request: UUID
    state: State
    phase: Phase
    things: dict[Became, int]
    waits_for: list[ThingShape]
    bytes: int
    asked_at: datetime
    made_at: datetime | None
    handed_at: datetime | None
    opened_at: datetime | None
    taken_at: datetime | None
    until: datetime


class DecisionForm(Form):
    """`give`: whether the person gets it as it is. Else it is told as withheld, for the rights of others."""

    give: bool


class HandedShape(Shape):
    """`link`: an address on your own server. Give the code another way. Neither is kept, and neither opens anything without the
    other."""

    package: UUID
    link: str
    code: str
    until: datetime


@router.post("/{request}/package", status_code=204)
def make_package(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID) -> None:
    """Have the package made anew: the one before is let go. The first is made by itself, once it is shown who asks."""
    door.run(lambda tx: packages.ask(tx, door.house.clock, RequestId(request), by=door.actor))


@router.get("/{request}/package")
def get_package(door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))], request: UUID) -> PackageShape:
    """How far it is, and what waits for your word."""
    return door.run(lambda tx: _shape(tx, RequestId(request)))


@router.post("/{request}/package/things/{holding}")
def decide_thing(
    door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID, holding: UUID, form: DecisionForm
) -> PackageShape:
    """You listened to it, or read it, and say whether the person gets it as it is. After the last one the package is gone on
    with."""

    def deed(tx: Transaction) -> PackageShape:
        packages.decide(tx, door.house.clock, RequestId(request), HoldingId(holding), give=form.give, by=door.actor)
        return _shape(tx, RequestId(request))

    return door.run(deed)


@router.post("/{request}/package/hand-over")
def hand_over(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID) -> HandedShape:
    """The link and the code, shown this once. The request is answered with it, and nobody here can open the package any more."""

    def deed(tx: Transaction) -> HandedShape:
        handed = packages.hand_over(tx, door.house.vault, door.house.clock, RequestId(request), by=door.actor)
        link = f"{PREFIX}/public/packages/{handed.link}"
        return HandedShape(package=handed.package, link=link, code=handed.code, until=handed.until)

    return door.run(deed)


@router.post("/{request}/package/let-go")
def let_go(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], request: UUID) -> PackageShape:
    """Nothing opens it from now on; its bytes are deleted within a minute or so."""

    def deed(tx: Transaction) -> PackageShape:
        packages.let_go(tx, door.house.clock, packages.get(tx, RequestId(request)).id)
        return _shape(tx, RequestId(request))

    return door.run(deed)


def _shape(tx: Transaction, request: RequestId) -> PackageShape:
    found = packages.get(tx, request)
    return PackageShape(
        id=found.id,
        request=found.request,
        state=found.state,
        phase=found.phase,
        things=dict(packages.counts(tx, found.id).by_state),
        waits_for=[ThingShape.of(each) for each in packages.waiting(tx, found.id)],
        bytes=sum(part.plain_length for part in packages.parts(tx, found.id)),
        asked_at=found.asked_at,
        made_at=found.made_at,
        handed_at=found.handed_at,
        opened_at=found.opened_at,
        taken_at=found.taken_at,
        until=found.until,
    )

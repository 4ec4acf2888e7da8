"""How safely other systems keep data about people."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Shape
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.ids import SystemId
from rightcall.personal import Personal
from rightcall.safety import actions as safety
from rightcall.safety.model import AcceptReason, Severity, Weakness, WeaknessKind, WeaknessState
from rightcall.safety.rules import ADVICE, SEVERITY
from rightcall.staff.model import Deed

router = APIRouter(tags=["safety"])
SeeDoor = Annotated[Door, Depends(door_for(Deed.SEE_SAFETY))]
JudgeDoor = Annotated[Door, Depends(door_for(Deed.JUDGE_SAFETY))]


class WeaknessShape(Shape):
    """`objects`: in how many it shows; 0 where it is true of the system as a whole."""

    id: UUID
    system: UUID
    kind: WeaknessKind
    severity: Severity
    state: WeaknessState
    objects: int
    evidence: str
    advice: str
    first_seen_at: datetime
    last_seen_at: datetime
    accepted_by: ActorShape | None
    accepted_until: date | None
    reason: AcceptReason | None


class AcceptForm(Form):
    """`until`: the last day on which it is accepted."""

    reason: AcceptReason
    until: date


@router.get("/safety")
def list_weaknesses(
    door: SeeDoor, system: Annotated[str | None, Query(description="Only of this one, by id or name.", max_length=100)] = None
) -> Items[WeaknessShape]:
    """What is wrong with how systems keep data, the gravest first, what was mended last."""

    def deed(tx: Transaction) -> Items[WeaknessShape]:
        of = None if system is None else systems.get(tx, _named(system))
        return Items(items=[_shape(each) for each in safety.of_system(tx, of)])

    return door.run(deed)


@router.post("/systems/{system}/safety")
def look_at_system(door: JudgeDoor, system: str) -> Items[WeaknessShape]:
    """Look now how it keeps data about people: it is opened, and what its scans found is weighed. 503 where it does not answer:
    nothing changed."""
    house = door.house

    def address(tx: Transaction) -> tuple[RegisteredSystem, Personal[str]]:
        found = systems.get(tx, system)
        return found, systems.address_of(tx, house.vault, found)

    found, known = door.run(address)
    seen = safety.seen(house.open_system, known)
    unread_days = house.settings.minimisation_unread_days

    def deed(tx: Transaction) -> Items[WeaknessShape]:
        looked = safety.look(tx, house.vault, house.clock, found, seen, unread_days=unread_days, by=door.actor)
        return Items(items=[_shape(each) for each in looked])

    return door.run(deed)


@router.post("/safety/{weakness}/accept")
def accept_weakness(door: JudgeDoor, weakness: UUID, form: AcceptForm) -> WeaknessShape:
    """It stays for a while, and why. 409 where it is not open."""
    return door.run(
        lambda tx: _shape(safety.accept(tx, door.house.clock, weakness, reason=form.reason, until=form.until, by=door.actor))
    )


def _named(text: str) -> SystemId | str:
    try:
        return SystemId(UUID(text))
    except ValueError:
        return text


def _shape(weakness: Weakness) -> WeaknessShape:
    return WeaknessShape(
        id=weakness.id,
        system=weakness.system,
        kind=weakness.kind,
        severity=SEVERITY[weakness.kind],
        state=weakness.state,
        objects=weakness.objects,
        evidence=weakness.evidence,
        advice=ADVICE[weakness.kind],
        first_seen_at=weakness.first_seen_at,
        last_seen_at=weakness.last_seen_at,
        accepted_by=None if weakness.accepted_by is None else ActorShape.model_validate(weakness.accepted_by),
        accepted_until=weakness.accepted_until,
        reason=weakness.reason,
    )

"""How safely other systems keep data about people."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Shape
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.ids import SystemId
from rightcall.personal import Personal
from rightcall.safety import actions as safety
from rightcall.safety.model import AcceptReason, Severity, Weakness, WeaknessKind, WeaknessState, Where
from rightcall.safety.rules import ADVICE, SEVERITY
from rightcall.staff.model import Deed
from rightcall.vault.actions import Vault

router = APIRouter(tags=["safety"])
SeeDoor = Annotated[Door, Depends(door_for(Deed.SEE_SAFETY))]
JudgeDoor = Annotated[Door, Depends(door_for(Deed.JUDGE_SAFETY))]


class SpotShape(Shape):
    """So many findings in an object; of a copy so many records that lie in the object `again`, of the system `again_in`, too.
    Names are those of tables; that of a file may tell of somebody, and is null: `GET /api/v1/systems/{system}/findings` shows
    it for a purpose."""

    object: UUID
    name: str | None
    field: str | None
    findings: int
    again: UUID | None
    again_name: str | None
    again_in: str | None


class WeaknessShape(Shape):
    """`objects`: in how many it shows; 0 where it is true of the system as a whole. `spots`: where most of it is, as it was last
    seen."""

    id: UUID
    system: UUID
    system_name: str
    kind: WeaknessKind
    severity: Severity
    state: WeaknessState
    objects: int
    evidence: str
    spots: list[SpotShape]
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
        return Items(items=_shapes(tx, door.house.vault, safety.of_system(tx, of)))

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
        return Items(items=_shapes(tx, house.vault, looked))

    return door.run(deed)


@router.post("/safety/{weakness}/accept")
def accept_weakness(door: JudgeDoor, weakness: UUID, form: AcceptForm) -> WeaknessShape:
    """It stays for a while, and why. 409 where it is not open."""

    def deed(tx: Transaction) -> WeaknessShape:
        house = door.house
        accepted = safety.accept(tx, house.clock, weakness, reason=form.reason, until=form.until, by=door.actor)
        [shape] = _shapes(tx, house.vault, [accepted])
        return shape

    return door.run(deed)


def _named(text: str) -> SystemId | str:
    try:
        return SystemId(UUID(text))
    except ValueError:
        return text


def _shapes(tx: Transaction, vault: Vault, found: Sequence[Weakness]) -> list[WeaknessShape]:
    names = system_names(tx)
    return [_shape(each, names, safety.where(tx, vault, each)) for each in found]


def _spot(each: Where) -> SpotShape:
    spot = each.spot
    return SpotShape(
        object=spot.object,
        name=each.name,
        field=spot.field,
        findings=spot.findings,
        again=spot.again,
        again_name=each.again,
        again_in=each.again_in,
    )


def _shape(weakness: Weakness, names: SystemNames, where: Sequence[Where]) -> WeaknessShape:
    return WeaknessShape(
        id=weakness.id,
        system=weakness.system,
        system_name=names[weakness.system],
        kind=weakness.kind,
        severity=SEVERITY[weakness.kind],
        state=weakness.state,
        objects=weakness.objects,
        evidence=weakness.evidence,
        spots=[_spot(each) for each in where],
        advice=ADVICE[weakness.kind],
        first_seen_at=weakness.first_seen_at,
        last_seen_at=weakness.last_seen_at,
        accepted_by=None if weakness.accepted_by is None else ActorShape.model_validate(weakness.accepted_by),
        accepted_until=weakness.accepted_until,
        reason=weakness.reason,
    )

"""Overrides: a house rule set aside by a named person, with a reason, until a time. Nobody overrides law. How often, and of which
value, anybody may see without a token; who and why, whoever is in oversight."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from rightcall.actors import Role
from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Line, Shape, Words
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.api.raisers import BandShape, Reading
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.house import House
from rightcall.ids import CallId, ControllerId, OverrideId
from rightcall.openness import actions as openness
from rightcall.openness.rules import set_aside
from rightcall.personal import Personal
from rightcall.policy import overriding
from rightcall.policy.overrides.model import Category, Named, Override, Past, Wanted
from rightcall.policy.overrides.rules import pasts
from rightcall.staff.model import Deed

router = APIRouter(tags=["overrides"])
SeeDoor = Annotated[Door, Depends(door_for(Deed.SEE_OVERRIDES))]
GiveDoor = Annotated[Door, Depends(door_for(Deed.GIVE_OVERRIDE))]


class OverrideForm(Form):
    """`name`: the person who answers for it; `reason`: why, in a sentence. Both are sealed. `until`: at most 30 days away.
    `purpose`, an id or a key, and `call` narrow it."""

    rule: Line
    category: Category
    name: Line
    reason: Words
    until: AwareDatetime
    purpose: Line | None = None
    call: UUID | None = None


class PastShape(Shape):
    """Of the rule, by whichever overrides: on how many of the last 90 days, with today, it was set aside, and how many times in a
    year."""

    days_of_90: int
    times_in_a_year: int

    @classmethod
    def of(cls, past: Past | None) -> "PastShape":
        return cls(days_of_90=0 if past is None else past.days, times_in_a_year=0 if past is None else past.times)


class OverrideShape(Shape):
    """`value`: what the rule protects. `in_force`: now. `uses`: verdicts that let something through by it."""

    id: UUID
    rule: str
    value: str
    purpose: UUID | None
    purpose_key: str | None
    call: UUID | None
    category: Category
    by: ActorShape
    begins_at: datetime
    until: datetime
    ended_at: datetime | None
    ended_by: ActorShape | None
    in_force: bool
    uses: int
    past: PastShape
    statement: UUID


class NamedShape(OverrideShape):
    """`name` and `reason` are null once they were erased."""

    name: str | None
    reason: str | None


class PublicShape(Shape):
    """`first`, `last`: the months in which it began, and in which it ends or ended. `narrowed_to`: all, one purpose, or one call.
    Nobody's name, no call, and nothing exact that a call could be found by."""

    rule: str
    value: str
    role: Role
    category: Category
    narrowed_to: Literal["all", "one_purpose", "one_call"]
    first: str
    last: str
    in_force: bool
    uses: BandShape
    past: PastShape


@router.get("/overrides")
def list_overrides(door: SeeDoor) -> Items[OverrideShape]:
    """Those of the last year, in force or over; the last to end first."""

    def deed(tx: Transaction) -> Items[OverrideShape]:
        seen = _seen(tx, door.house)
        return Items(items=[_shape(door.house, each, seen) for each in overriding.overrides(tx, door.house.clock)])

    return door.run(deed)


@router.post("/overrides", status_code=201)
def give_override(door: GiveDoor, form: OverrideForm) -> OverrideShape:
    """Set a house rule aside from now on. 403 for law and for the charter, which nobody overrides."""

    def deed(tx: Transaction) -> OverrideShape:
        wanted = Wanted(
            rule=form.rule,
            purpose=None if form.purpose is None else purpose_of(tx, form.purpose),
            call=None if form.call is None else CallId(form.call),
            category=form.category,
            name=Personal(form.name),
            reason=Personal(form.reason),
            until=form.until,
        )
        house = door.house
        given = overriding.give(tx, house.vault, house.clock, house.rules, wanted, by=door.actor)
        return _shape(house, given, _seen(tx, house))

    return door.run(deed)


@router.get("/overrides/{override}")
def get_override(door: SeeDoor, override: UUID) -> NamedShape:
    """One, with whose word it was and why."""

    def deed(tx: Transaction) -> NamedShape:
        return _named(door.house, overriding.named(tx, door.house.vault, OverrideId(override)), _seen(tx, door.house))

    return door.run(deed)


@router.post("/overrides/{override}/end")
def end_override(door: GiveDoor, override: UUID) -> OverrideShape:
    """The rule holds again from now on; what is captured by it is closed within a second or so. Again is fine."""

    def deed(tx: Transaction) -> OverrideShape:
        ended = overriding.end(tx, door.house.clock, OverrideId(override), by=door.actor)
        return _shape(door.house, ended, _seen(tx, door.house))

    return door.run(deed)


@router.post("/overrides/{override}/forget")
def forget_override(door: GiveDoor, override: UUID) -> NamedShape:
    """Destroy the key of its name and reason, such as where that person asks for it. 409 while it is in force. Again is fine."""

    def deed(tx: Transaction) -> NamedShape:
        house, id = door.house, OverrideId(override)
        overriding.forget(tx, house.vault, house.clock, id, by=door.actor)
        return _named(house, overriding.named(tx, house.vault, id), _seen(tx, house))

    return door.run(deed)


@router.get("/public/overrides")
def public_overrides(
    house: Reading,
    controller: Annotated[UUID, Query(description="Id of the controller whose house rules they are.")],
) -> Items[PublicShape]:
    """Without a token: which house rules were set aside in the last year, by which role, for what sort of reason, until when, and
    how often that let something through. What was set aside for one call is told when the month in which that ended is over."""

    def deed(tx: Transaction) -> Items[PublicShape]:
        controllers.get(tx)
        told = openness.overrides_told(tx, house.clock)
        past = pasts(told, house.clock.now())
        return Items(items=[_public(house, each, past) for each in told])

    return house.database.run(ControllerId(controller), deed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What is said of an override besides itself."""

    keys: Keys
    past: Mapping[str, Past]


def _seen(tx: Transaction, house: House) -> _Seen:
    return _Seen(keys=keys_of(tx), past=overriding.past(tx, house.clock))


def _shape(house: House, override: Override, seen: _Seen) -> OverrideShape:
    return OverrideShape(
        id=override.id,
        rule=override.rule,
        value=override.value,
        purpose=override.purpose,
        purpose_key=None if override.purpose is None else seen.keys[override.purpose],
        call=override.call,
        category=override.category,
        by=ActorShape.of(override.by),
        begins_at=override.begins_at,
        until=override.until,
        ended_at=override.ended_at,
        ended_by=ActorShape.of(override.ended_by),
        in_force=override.is_in_force(house.clock.now()),
        uses=override.uses,
        past=PastShape.of(seen.past.get(override.rule)),
        statement=override.statement,
    )


def _named(house: House, named: Named, seen: _Seen) -> NamedShape:
    return NamedShape(
        **dict(_shape(house, named.override, seen)), name=overriding.shown(named.name), reason=overriding.shown(named.reason)
    )


def _public(house: House, override: Override, past: Mapping[str, Past]) -> PublicShape:
    told = set_aside(override)
    return PublicShape(
        rule=override.rule,
        value=override.value,
        role=override.by.role,
        category=override.category,
        narrowed_to=_narrowed(override),
        first=f"{told.first:%Y-%m}",
        last=f"{told.last:%Y-%m}",
        in_force=override.is_in_force(house.clock.now()),
        uses=BandShape.of(told.uses),
        past=PastShape.of(past.get(override.rule)),
    )


def _narrowed(override: Override) -> Literal["all", "one_purpose", "one_call"]:
    if override.call is not None:
        return "one_call"
    return "all" if override.purpose is None else "one_purpose"

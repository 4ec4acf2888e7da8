"""Other systems of the controller: registered with their address sealed, looked at again, retired. An address goes in and never
comes out; what a system can do, it says itself when it is opened."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Line, Shape
from rightcall.api.named import purpose_of
from rightcall.database.connection import Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.ports import Ability, Load
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans import unfitting
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import (
    LONGEST_LABEL,
    Change,
    Erases,
    NewSystem,
    OwnNumber,
    RegisteredSystem,
    SystemName,
    SystemUse,
    TermFrom,
)
from rightcall.discovery.systems.ways import Way, abilities_by, changed_way
from rightcall.ids import SystemId
from rightcall.personal import Personal
from rightcall.staff.model import Deed

router = APIRouter(prefix="/systems", tags=["systems"])
Address = Annotated[str, Field(min_length=1, max_length=2000)]
Label = Annotated[str, Field(max_length=LONGEST_LABEL)]
_MOST = 200


class UseForm(Form):
    """What lies in such objects and fields serves `purpose` (an id or a key). `*` stands for any characters."""

    purpose: Line
    objects: Line = "*"
    fields: Line = "*"
    category: Line | None = None
    term_from: TermFrom = TermFrom.FIRST_SEEN
    term_field: Line | None = None
    term_days: int | None = None


class NumberForm(Form):
    """The form of customer or case numbers: a name, and a regular expression of RE2."""

    name: Line
    expression: Annotated[str, Field(min_length=1, max_length=1000)]


class LoadForm(Form):
    """How many bytes and rows a second may be read there; left out, as fast as it goes."""

    bytes: int | None = None
    rows: int | None = None

    def load(self) -> Load:
        return Load(bytes=self.bytes, rows=self.rows)


class SystemForm(Form):
    """`address` is a path on Rightcall's machine, or a URL with its credentials. It is sealed, and never shown again. `load`: how
    hard it may be worked. `erases` left out and `corrects` false: it is for reading alone. `corrects`: what is wrong there is put
    right by Rightcall, and read back. `writing`: how to get in to change things, where that is another way."""

    name: Line
    address: Address
    erases: Erases | None = None
    corrects: bool = False
    writing: Address | None = None
    regions: list[Line] = Field(default_factory=list, max_length=_MOST)
    uses: list[UseForm] = Field(default_factory=list, max_length=_MOST)
    numbers: list[NumberForm] = Field(default_factory=list, max_length=_MOST)
    load: LoadForm = Field(default_factory=lambda: LoadForm())
    copy_of: list[Line] = Field(default_factory=list, max_length=_MOST, description="Systems that it holds again, by id or name.")


class CheckForm(Form):
    """What is so from now on; what is left out stays as it is. `read_only`: nothing is changed there any more."""

    address: Address | None = None
    erases: Erases | None = None
    corrects: bool | None = None
    writing: Address | None = None
    read_only: bool = False
    regions: list[Line] | None = Field(default=None, max_length=_MOST)
    uses: list[UseForm] | None = Field(default=None, max_length=_MOST)
    numbers: list[NumberForm] | None = Field(default=None, max_length=_MOST)
    load: LoadForm | None = None
    copy_of: list[Line] | None = Field(default=None, max_length=_MOST)


class WordsForm(Form):
    """What those outside are told of it; what is left out stays as it is. `labels`: what customers read instead of its name, by
    language (BCP 47); an empty one is taken away. `keepers_language`: in which those who look after it are written to; empty is
    the controller's."""

    labels: dict[Line, Label] = Field(default_factory=dict, max_length=_MOST)
    keepers_language: Label | None = None


class UseShape(Shape):
    purpose: UUID
    objects: str
    fields: str
    category: str | None
    term_from: TermFrom
    term_field: str | None
    term_days: int | None


class NumberShape(Shape):
    name: str
    expression: str


class LoadShape(Shape):
    bytes: int | None
    rows: int | None


class SystemShape(Shape):
    """`abilities`: what it declared when it was last checked. `erasable`: it may be erased in, can, and can be looked at
    again whether it was. `labels`: what customers read instead of its name, by language. `keepers_language` None: the
    controller's."""

    id: UUID
    name: str
    kind: str
    abilities: list[Ability]
    erasable: bool
    erases: Erases | None
    corrects: bool
    regions: list[str]
    uses: list[UseShape]
    numbers: list[NumberShape]
    copy_of: list[UUID]
    owner: ActorShape
    registered_at: datetime
    checked_at: datetime
    retired_at: datetime | None
    statement: UUID
    load: LoadShape
    labels: dict[str, str]
    keepers_language: str | None


class KindShape(Shape):
    """How many findings of a type lie there, in how many objects."""

    type: str
    findings: int
    objects: int


class MisfitShape(Shape):
    """A shape of `uses` that fits none of the objects that scans listed, with names like it; or a table's name that several
    schemas have, which it is for all."""

    objects: str
    like: list[str]
    several: list[str]
    says: str


class SystemDetail(SystemShape):
    found: list[KindShape]
    misfits: list[MisfitShape]


@router.get("")
def list_systems(door: Annotated[Door, Depends(door_for(Deed.SEE_SYSTEMS))]) -> Items[SystemShape]:
    """All of them by name, retired ones too."""
    return door.run(lambda tx: Items(items=[_shape(each) for each in systems.systems(tx)]))


@router.post("", status_code=201)
def register_system(door: Annotated[Door, Depends(door_for(Deed.CHANGE_SYSTEMS))], form: SystemForm) -> SystemShape:
    """It is opened once, and says what it can do. 503 where it does not answer, 409 where the name is taken; 400 where it is to
    be erased in, and cannot erase or not be looked at again."""
    name = SystemName(text=form.name)
    writing = None if form.writing is None else Personal(form.writing)
    way = Way(address=Personal(form.address), erases=form.erases, corrects=form.corrects, writing=writing)
    abilities = abilities_by(door.house.opener_for(door.controller), way)

    def deed(tx: Transaction) -> SystemShape:
        new = NewSystem(
            name=name,
            address=Personal(form.address),
            regions=tuple(form.regions),
            uses=_uses(tx, form.uses),
            numbers=_numbers(form.numbers),
            load=form.load.load(),
            copy_of=_named(tx, form.copy_of),
            erases=form.erases,
            corrects=form.corrects,
            writing=writing,
        )
        made = systems.register(tx, door.house.vault, door.house.clock, new, abilities=abilities, by=door.actor)
        return _shape(made)

    return door.run(deed)


@router.get("/{system}")
def get_system(door: Annotated[Door, Depends(door_for(Deed.SEE_SYSTEMS))], system: str) -> SystemDetail:
    """One system by its id or name, and how much of what was found lies there."""

    def deed(tx: Transaction) -> SystemDetail:
        found = systems.get(tx, system)
        kinds = findings.count_by_type(tx, found.id).items()
        shown = [KindShape(type=type, findings=number, objects=objects) for type, (number, objects) in kinds]
        misfits = [
            MisfitShape(objects=each.objects, like=list(each.like), several=list(each.several), says=unfitting.told(each))
            for each in unfitting.misfits_of(tx, door.house.vault, found)
        ]
        return SystemDetail(**_shape(found).model_dump(), found=shown, misfits=misfits)

    return door.run(deed)


@router.post("/{system}/check")
def check_system(door: Annotated[Door, Depends(door_for(Deed.CHANGE_SYSTEMS))], system: str, form: CheckForm) -> SystemShape:
    """Opened again: what it can do now. What the form names is so from now on. 503 where it does not answer: nothing changed."""

    house = door.house

    def ways(tx: Transaction) -> tuple[RegisteredSystem, Change, Way]:
        found, change = systems.get(tx, system), _change(tx, form)
        return found, change, changed_way(tx, house.vault, found, change)

    found, change, way = door.run(ways)
    abilities = abilities_by(house.opener_for(door.controller), way)
    return door.run(
        lambda tx: _shape(systems.checked(tx, house.vault, house.clock, found, change, abilities=abilities, by=door.actor))
    )


@router.post("/{system}/words")
def put_words(door: Annotated[Door, Depends(door_for(Deed.CHANGE_SYSTEMS))], system: str, form: WordsForm) -> SystemShape:
    """How customers read of it, and in which language its keepers are written to. It is not opened for that. Again is fine."""

    def deed(tx: Transaction) -> SystemShape:
        found, keepers = systems.get(tx, system), form.keepers_language
        return _shape(systems.put_words(tx, door.house.clock, found, form.labels, keepers_language=keepers, by=door.actor))

    return door.run(deed)


@router.post("/{system}/retire")
def retire_system(door: Annotated[Door, Depends(door_for(Deed.CHANGE_SYSTEMS))], system: str) -> SystemShape:
    """It is looked at no more: its address and every place that was known in it are dark from now on. Again is fine."""

    def deed(tx: Transaction) -> SystemShape:
        found = systems.get(tx, system)
        return _shape(scans.retire_system(tx, door.house.vault, door.house.clock, found, by=door.actor))

    return door.run(deed)


def _change(tx: Transaction, form: CheckForm) -> Change:
    return Change(
        address=None if form.address is None else Personal(form.address),
        regions=None if form.regions is None else tuple(form.regions),
        uses=None if form.uses is None else _uses(tx, form.uses),
        numbers=None if form.numbers is None else _numbers(form.numbers),
        load=None if form.load is None else form.load.load(),
        copy_of=None if form.copy_of is None else _named(tx, form.copy_of),
        erases=form.erases,
        corrects=form.corrects,
        writing=None if form.writing is None else Personal(form.writing),
        read_only=form.read_only,
    )


def _uses(tx: Transaction, forms: list[UseForm]) -> tuple[SystemUse, ...]:
    return tuple(
        SystemUse(
            purpose=purpose_of(tx, form.purpose),
            objects=form.objects,
            fields=form.fields,
            category=form.category,
            term_from=form.term_from,
            term_field=form.term_field,
            term_days=form.term_days,
        )
        for form in forms
    )


def _numbers(forms: list[NumberForm]) -> tuple[OwnNumber, ...]:
    return tuple(OwnNumber(name=form.name, expression=form.expression) for form in forms)


def _named(tx: Transaction, names: list[str]) -> tuple[SystemId, ...]:
    return tuple(systems.get(tx, name).id for name in names)


def _shape(system: RegisteredSystem) -> SystemShape:
    return SystemShape(
        id=system.id,
        name=system.name.text,
        kind=system.kind,
        abilities=sorted(system.abilities),
        erasable=system.is_erasable,
        erases=system.erases,
        corrects=system.corrects,
        regions=list(system.regions),
        uses=[UseShape.model_validate(use) for use in system.uses],
        numbers=[NumberShape.model_validate(number) for number in system.numbers],
        copy_of=list(system.copy_of),
        owner=ActorShape.of(system.owner),
        registered_at=system.registered_at,
        checked_at=system.checked_at,
        retired_at=system.retired_at,
        statement=system.statement,
        load=LoadShape.model_validate(system.load),
        labels=dict(system.labels),
        keepers_language=system.keepers_language,
    )

"""Shapes of where something lies, where in a call it was heard, and what it rests on that fell."""

from collections.abc import Collection, Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field

from rightcall.api.forms import Form, Line, Shape
from rightcall.discovery.systems.naming import SystemNames
from rightcall.holdings.model import Heard, Holding
from rightcall.holdings.places import Part, Place
from rightcall.holdings.provenance.model import FallReason
from rightcall.ids import HoldingId, ObjectId, SystemId
from rightcall.personal import Personal
from rightcall.vault.model import Dark, DarkReason

Milliseconds = Annotated[int, Field(ge=0, le=86_400_000 * 7)]
Characters = Annotated[int, Field(ge=0, le=2_147_483_647)]
Turn = Annotated[int, Field(ge=1, le=1_000_000)]


class PartShape(Shape):
    """The part of the origin: null where it was the whole of it."""

    field: str | None
    turn: int | None
    from_ms: int | None
    until_ms: int | None
    start: int | None
    end: int | None

    @classmethod
    def of(cls, part: Part | None) -> "PartShape | None":
        return None if part is None else cls.model_validate(part)


class PlaceShape(Shape):
    """`system` null: Rightcall itself. `object_name`, `row` and `path` are sealed under the person's key. They may tell of the
    person, all but names of tables and of files about many, and are shown for a purpose alone: `shown` says whether they are
    here. `dark` says why they cannot be read any more; `object` is null then. Characters from `start` to before `end`."""

    system: UUID | None
    system_name: str | None
    object: UUID | None
    object_name: str | None
    row: str | None
    field: str | None
    path: str | None
    start: int | None
    end: int | None
    shown: bool
    dark: DarkReason | None

    @classmethod
    def of(
        cls,
        opened: Place | Dark,
        holding: Holding,
        systems: SystemNames,
        *,
        databases: Collection[SystemId],
        named: Mapping[ObjectId, str],
        shown: bool,
    ) -> "PlaceShape":
        """`shown`: for a purpose. `databases`: systems whose objects are tables. `named`: other objects that may be named."""
        place = holding.place if isinstance(opened, Dark) else opened
        told = shown or holding.sealed_place is None
        return cls(
            system=place.system,
            system_name=None if place.system is None else systems.get(place.system),
            object=None if isinstance(opened, Dark) else place.object,
            object_name=_bare(place.object_name) if told or place.system in databases else _named(opened, named),
            row=_bare(place.row) if told else None,
            field=place.field,
            path=_bare(place.path) if told else None,
            start=place.start,
            end=place.end,
            shown=told and isinstance(opened, Place),
            dark=opened.reason if isinstance(opened, Dark) else None,
        )


class HeardShape(Shape):
    """Where in its call it was heard or read: the turn, counted from 1; milliseconds since the call began."""

    turn: int | None
    from_ms: int | None
    until_ms: int | None

    @classmethod
    def of(cls, heard: Heard | None) -> "HeardShape | None":
        return None if heard is None else cls(turn=heard.turn, from_ms=heard.from_ms, until_ms=heard.until_ms)


class TaintShape(Shape):
    """It rests on `origin`, which may be itself, and that fell."""

    origin: UUID
    reason: FallReason


class PartForm(Form):
    """A holding that something was made from: the whole of it, or a field, a turn, a time in milliseconds from its beginning,
    characters of it."""

    holding: UUID
    field: Line | None = None
    turn: Turn | None = None
    from_ms: Milliseconds | None = None
    until_ms: Milliseconds | None = None
    start: Characters | None = None
    end: Characters | None = None

    @property
    def part(self) -> Part | None:
        """None for the whole of it."""
        if all(each is None for each in (self.field, self.turn, self.from_ms, self.until_ms, self.start, self.end)):
            return None
        return Part(
            origin=HoldingId(self.holding),
            field=self.field,
            turn=self.turn,
            from_ms=self.from_ms,
            until_ms=self.until_ms,
            start=self.start,
            end=self.end,
        )


def _named(opened: Place | Dark, named: Mapping[ObjectId, str]) -> str | None:
    return None if isinstance(opened, Dark) or opened.object is None else named.get(opened.object)


def _bare(value: Personal[str] | None) -> str | None:
    return None if value is None else value.reveal("show where something lies")

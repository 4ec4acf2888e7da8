"""What a system of one's own answers (docs/reference/own-system.yaml), parsed strictly: it was written by others."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from rightcall.discovery.ports import Ability, Gone

MOST_ROWS = 1000
Name = StrictStr


class Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Abilities(Answer):
    version: Literal[1]
    abilities: frozenset[Ability]


class Object(Answer):
    name: Name = Field(min_length=1, max_length=1000)
    fingerprint: str | None = Field(default=None, max_length=1000)
    size: int | None = Field(default=None, ge=0)


class Objects(Answer):
    items: tuple[Object, ...] = Field(max_length=MOST_ROWS)
    next: str | None = Field(max_length=10_000)


class OneRow(Answer):
    key: Name = Field(max_length=1000)
    cells: tuple[str | None, ...]


class SomeRows(Answer):
    fields: tuple[Name, ...]
    rows: tuple[OneRow, ...] = Field(max_length=MOST_ROWS)
    next: str | None = Field(max_length=10_000)


class Fields(Answer):
    fields: dict[str, str | None]


class Found(Answer):
    found: tuple[Gone, ...]


class Obstacle(Answer):
    why: Literal["pointed_at", "must_not_be_empty", "changed", "not_such", "under_hold", "other"] = "other"

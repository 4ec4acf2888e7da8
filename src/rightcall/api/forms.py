"""Forms that several routes share: bounded words, lists with a cursor, who did it."""

from typing import Annotated, Generic, TypeVar, overload
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from rightcall.actors import Actor, Role
from rightcall.policy.reasons import is_blank, names_case, says_why

T = TypeVar("T")

_NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", strip_whitespace=True)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=8000, pattern=_NO_CONTROLS)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Limit = Annotated[int, Query(ge=1, le=500, description="How many at most.")]


def _reason(text: str) -> str:
    """What is blank was not given, and is weighed so."""
    if not is_blank(text) and not says_why(text):
        raise PydanticCustomError("no_reason", "no reason")
    return text


def _case(text: str) -> str:
    if not is_blank(text) and not names_case(text):
        raise PydanticCustomError("no_case", "no case")
    return text


Reason = Annotated[str, StringConstraints(max_length=500), AfterValidator(_reason)]
Case = Annotated[str, StringConstraints(max_length=200), AfterValidator(_case)]


class Form(BaseModel):
    """What is sent to us. An unknown member is a mistake, not something to overlook."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shape(BaseModel):
    """What we answer, read off the domain's own types."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Items(Shape, Generic[T]):
    """A list. `next` goes into `after` of the next request; null where there is no more."""

    items: list[T]
    next: UUID | None = None


class ActorShape(Shape):
    """`id` is a token's, a subject's, or the system's own."""

    id: UUID
    role: Role

    @overload
    @classmethod
    def of(cls, actor: Actor) -> "ActorShape": ...

    @overload
    @classmethod
    def of(cls, actor: None) -> None: ...

    @classmethod
    def of(cls, actor: Actor | None) -> "ActorShape | None":
        return None if actor is None else cls(id=actor.id, role=actor.role)

"""What somebody filled into a form. A field that cannot be read is told at that field, with what to do; what the deed behind it
does not take, at the head of the form. What they wrote is kept, and nothing was done."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from rightcall.design.tongues import NAMES
from rightcall.errors import Conflict, Malformed, NotFound

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
LONGEST = 4_000
MOST_ROWS = 50
MENDABLE = (Malformed, Conflict, NotFound)
"""What somebody can mend in a form that was not taken."""


class Unread(Malformed):
    """One field could not be read."""

    def __init__(self, name: str, says: str) -> None:
        super().__init__(says)
        self.name = name


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent, or as it is offered. `says`: what is wrong, with the field `at`, or with the whole where that is
    empty."""

    given: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    at: str = ""
    says: str = ""

    def one(self, name: str, otherwise: str = "") -> str:
        """What stands in a field, without blanks around it."""
        return (self.given.get(name) or [otherwise])[0].strip()

    def every(self, name: str) -> Sequence[str]:
        """What was chosen of several."""
        return self.given.get(name, ())

    def wrong(self, name: str) -> str:
        return self.says if name == self.at else ""

    def read(self, name: str, reader: Callable[[str], T]) -> T:
        """Unread, at this field, where the reader cannot take what stands there."""
        text = self.one(name)
        if len(text) > LONGEST:
            raise Unread(name, f"This is too long: at most {LONGEST} characters.")
        try:
            return reader(text)
        except MENDABLE as error:
            raise Unread(name, str(error)) from error

    def maybe(self, name: str, reader: Callable[[str], T]) -> T | None:
        """None where nothing stands there."""
        return self.read(name, reader) if self.one(name) else None

    def but(self, error: Exception, *, without: Sequence[str] = ()) -> "Filled":
        """The same form, not taken. `without`: fields that are not shown again."""
        given = {name: values for name, values in self.given.items() if name not in without}
        return replace(self, given=given, at=error.name if isinstance(error, Unread) else "", says=str(error))

    def texts(self, name: str) -> dict[str, str]:
        """What was written in each language; the fields are named `label.da`."""
        return {field.removeprefix(f"{name}."): self.one(field) for field in self.given if field.startswith(f"{name}.")}

    def languages(self, name: str) -> list[tuple[str, str]]:
        """In which it may be written: those that pages speak, and any other in which it is; each with what it calls itself."""
        return [(each, NAMES.get(each, each)) for each in dict.fromkeys([*NAMES, *self.texts(name)])]

    def rows(self, part: str) -> int:
        """How many there are of a list, empty ones too; one at least. Fields of a row are named `harms.0.how`."""
        place = re.compile(rf"{part}\.(\d{{1,2}})\.[a-z]+")
        found = [int(match[1]) for name in self.given if (match := place.fullmatch(name))]
        return min(max(found, default=0) + 1, MOST_ROWS)

    def kept(self, part: str, names: Sequence[str]) -> list[int]:
        """The rows in which something is written."""
        return [nth for nth in range(self.rows(part)) if any(self.one(f"{part}.{nth}.{name}") for name in names)]

    def one_more(self, part: str, row: Mapping[str, str]) -> "Filled":
        """With another row at the end of a list."""
        nth = self.rows(part)
        return replace(self, given={**self.given, **{f"{part}.{nth}.{name}": [said] for name, said in row.items()}})


class Wrongs(dict[str, str]):
    """By the name of a field what is amiss there, where all of it is told at once."""

    def reading(self, name: str, read: Callable[[], T]) -> T | None:
        """What `read` gives; where it says no, None, and why stands at this field. What was said there before stays."""
        try:
            return read()
        except MENDABLE as error:
            self.setdefault(name, str(error))
            return None


EMPTY = Filled()


async def _sent(request: Request) -> Filled:
    form = await request.form()
    given: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            given.setdefault(name, []).append(_plain(value))
    return Filled(given)


def _plain(text: str) -> str:
    """A form ends each line by two signs (HTML 4.10.21), everything else by one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


Sent = Annotated[Filled, Depends(_sent)]
"""The form of this request."""


def offered(**values: object) -> Filled:
    """A form that has something in it already; nothing for None."""
    return Filled({name: [str(value)] for name, value in values.items() if value is not None})


def words(text: str) -> str:
    if not text:
        raise Malformed("Fill this in.")
    return text


def one_of(kinds: type[E]) -> Callable[[str], E]:
    def reader(text: str) -> E:
        if text not in [each.value for each in kinds]:
            raise Malformed("Choose one of the list.")
        return kinds(text)

    return reader


def an_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Malformed("Choose one of the list.") from None


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed("Give a day, such as 2026-12-31.") from None


def moment_in(zone: str) -> Callable[[str], datetime]:
    """Of a moment as fields of forms write it, in the zone in which pages tell moments."""

    def reader(text: str) -> datetime:
        try:
            return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise Malformed("Give a day and a time, such as 2026-12-31 14:30.") from None

    return reader


def typed(at: datetime, zone: str) -> str:
    """A moment as such a field wants it."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def number(least: int, most: int) -> Callable[[str], int]:
    def reader(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most):
            raise Malformed(f"Give a whole number from {least} to {most}.")
        return int(text)

    return reader

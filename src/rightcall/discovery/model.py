"""What a scan finds and what it passes over. No value that was found is kept in any of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from rightcall.discovery.detection.model import Finding
from rightcall.errors import Outage
from rightcall.personal import Personal


class SourceGone(Outage):
    """The source itself cannot be read (any more)."""


class RulesGone(Outage):
    """The detectors do not find what they must find, so a scan would find nothing and mean nothing."""


class NothingRead(Outage):
    """Of the whole source nothing could be read: that nothing was found says nothing."""


class OutputGone(Outage):
    """Nobody takes the findings (any more)."""


class Reason(StrEnum):
    """Why an object was not read, or not all of it, or not as it stands."""

    LINK = "symbolic link"
    SPECIAL = "socket, pipe or device"
    TOO_LARGE = "too large"
    PACKED = "packed in a way that is not opened"
    BINARY = "not text"
    UNREADABLE = "could not be read"
    NO_RIGHT = "this account has no right to read it"
    HIDDEN = "row security would hide rows of it from this account"
    VIEW = "a view: its rows lie in other tables"
    FOREIGN = "kept in another database"
    ELSEWHERE = "kept elsewhere, at an address that is not asked"
    CHANGED = "changed while it was read"
    TOO_SLOW = "took longer than it may"
    VANISHED = "no longer there"
    ENCRYPTED = "encrypted or behind a password"
    BROKEN = "broken"
    BOMB = "unpacks to far more than it is"
    TOO_DEEP = "nested too deep"
    TOO_MANY = "more parts than are looked at"
    TOO_LONG = "a row or cell too long to be read as one"
    NAME = "a name that leads out of its archive"
    PICTURES = "no text: pictures"
    DATABASE = "a database: to be scanned as a system of its own"
    SOUND = "sound: not listened to"
    STOPS_READERS = "stopped whoever read it"
    NULLS = "nulls in its text: read without them"
    MIXED = "several encodings: each stretch read in its own"
    GUESSED = "letters whose encoding is a guess"
    LOST = "bytes that stand for no letter"


REPAIRED = frozenset({Reason.NULLS, Reason.MIXED, Reason.GUESSED, Reason.LOST})
"""All of it was read, though not as it stands."""


class NotRead(Exception):
    """An object that is passed over, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """What a found value says of whose it is, in the one form that it is compared in. It lives as long as the value does.
    `context`: what its blind is bound to."""

    kind: str
    context: str
    value: Personal[str]


class Clues(Protocol):
    """The clues of a value of that type, which stood in that field."""

    def __call__(self, type: str, value: str, field: str | None, /) -> Sequence[Clue]: ...


class Dated(Protocol):
    """The day in its row that the term of what was found counts from; None where it counts from no such day, or there is none.
    The cells by their heads."""

    def __call__(self, object: str, type: str, field: str, cells: Mapping[str, str | None], /) -> date | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something in an object. In a table the finding's place is that within the cell of `row` and `field`; in a conversation
    within its turn, which is the `row`, and `at` is when it began, in seconds. What has the same `record` in the same object was
    said of one thing: a row, a message, a short text of one person, else an entry or a line. `dated_on`: what its term counts
    from, where its row tells. `of_staff`: of somebody who works there, and not of whom the record is about. `of_another`: of
    somebody else of whom the record tells too, as of the husband, or of whom it quotes. `of_writer`: its file names them as who
    wrote it, and `Writers` says whether that is whom it is about."""

    object: str
    finding: Finding
    row: str | None = None
    field: str | None = None
    at: float | None = None
    record: str = ""
    clues: Sequence[Clue] = ()
    dated_on: date | None = None
    of_staff: bool = False
    of_another: bool = False
    of_writer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """`field`: only this part of it; the rest was read. `bytes`: of so many it is said, where that is known."""

    object: str
    reason: Reason
    field: str | None = None
    bytes: int = 0

    @property
    def place(self) -> str:
        """Its name; a part of it as what lies within others is told."""
        name = self.object if self.field is None else f"{self.object}!/{self.field}"
        return f"{name}, {self.bytes:,} {'byte' if self.bytes == 1 else 'bytes'} of it" if self.bytes else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """So much of this object has been read, so many rows of it where it is a table; `is_whole` at its end."""

    object: str
    bytes: int
    is_whole: bool
    rows: int = 0


Event = Found | PassedOver | Read

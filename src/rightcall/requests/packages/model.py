"""A package: the copy that a person asked for (GDPR Art. 15, 20), how far it is, and what became of each thing that is held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from rightcall.ids import CallId, HoldingId, RequestId, SubjectId

PackageId = NewType("PackageId", UUID)


class State(StrEnum):
    """`waiting`: for somebody's word about a thing. `ready`: made, and not handed over. `handed`: it opens for whoever has the
    link and the code, and for nobody else. `gone`: let go; nothing opens it."""

    MAKING = "making"
    WAITING = "waiting"
    READY = "ready"
    HANDED = "handed"
    GONE = "gone"


class Phase(StrEnum):
    """What is done, in this order. `heard`, `written`: what is there in which others are heard or told of is looked for first,
    so that somebody decides before anything is put together. `processors`: what those answer that were asked for their copy is
    waited for. `end`: the directory."""

    HEARD = "heard"
    WRITTEN = "written"
    CALLS = "calls"
    THINGS = "things"
    USES = "uses"
    PROCESSORS = "processors"
    FRONT = "front"
    END = "end"


class Became(StrEnum):
    """What became of a thing. `masked`: it is in the package, without what is about others. `waits`: for somebody's word. `dark`:
    nobody can open it any more. `gone`: it is not there any more. Neither of these is held any more. `away`: its system did not
    answer, or cannot hand it out, or it is still being recorded."""

    GIVEN = "given"
    MASKED = "masked"
    WITHHELD = "withheld"
    WAITS = "waits"
    DARK = "dark"
    GONE = "gone"
    AWAY = "away"


class Why(StrEnum):
    """Why a thing is not in the package, not as it is, or waits. `of_another`: it is of somebody else of whom the record tells,
    and is covered. `others_heard`: several people speak on it, and no machine parts them safely. `others_written`: it cannot be
    read well enough to mask what is about others. `rights_of_others`: somebody looked, and the others' rights weigh more (Art.
    15(4)). `secret`: a card's number or a password, which is shown to nobody. `verdict_no`: a rule says no. `not_sound`: nothing
    in it can be played. `damaged`: what is kept of it is damaged or missing. `still_recorded`: the call went on when the package
    was made. `held`: a duty alone keeps it, which the person is told of. Of what is dark or gone it is why (`DarkReason`)."""

    OF_ANOTHER = "of_another"
    OTHERS_HEARD = "others_heard"
    OTHERS_WRITTEN = "others_written"
    RIGHTS_OF_OTHERS = "rights_of_others"
    SECRET = "secret"  # noqa: S105 - a word of ours
    VERDICT_NO = "verdict_no"
    NOT_SOUND = "not_sound"
    DAMAGED = "damaged"
    STILL_RECORDED = "still_recorded"
    QUARANTINED = "quarantined"
    HELD = "held"
    SYSTEM_AWAY = "system_away"
    CANNOT_EXPORT = "cannot_export"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """`until`: it is let go then at the latest. `sealed_key`: what its parts open with, sealed. `opened_at`: when the code was
    shown first; `taken_at`: when its last byte went out."""

    id: PackageId
    request: RequestId
    subject: SubjectId
    state: State
    phase: Phase
    cursor: str | None
    sealed_key: bytes | None = field(repr=False)
    asked_at: datetime
    until: datetime
    made_at: datetime | None = None
    handed_at: datetime | None = None
    tries: int = 0
    opened_at: datetime | None = None
    taken_at: datetime | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file in the package, as its directory tells it: `offset` within its part. `is_streamed`: its size stands behind it."""

    name: str
    offset: int
    crc: int
    packed: int
    length: int
    is_packed: bool
    is_streamed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A sealed piece of the file, under its name in the object store."""

    number: int
    object: UUID
    sealed_length: int
    plain_length: int
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What became of one holding. `pieces`: in how many files its sound is, and how their names end."""

    holding: HoldingId
    state: Became
    why: str | None = None
    call: CallId | None = None
    pieces: int = 0
    ending: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many things became what. `of_another`: of those that are covered, what is of kin, or of whom somebody quotes."""

    by_state: Mapping[Became, int]
    of_another: int = 0

    @property
    def looked_at(self) -> int:
        return sum(self.by_state.values())

    @property
    def held(self) -> int:
        return self.looked_at - self.ended

    @property
    def ended(self) -> int:
        """What was held, and is not there any more or cannot be opened by anybody."""
        return self.by_state.get(Became.GONE, 0) + self.by_state.get(Became.DARK, 0)

    @property
    def given(self) -> int:
        return self.by_state.get(Became.GIVEN, 0) + self.by_state.get(Became.MASKED, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What the person is given, once: the link's secret for one way, the code for another. Kept nowhere."""

    package: PackageId
    link: str = field(repr=False)
    code: str = field(repr=False)
    until: datetime

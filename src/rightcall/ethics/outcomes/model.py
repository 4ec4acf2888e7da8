"""How one call went: what the contact centre's systems tell of it, and what Rightcall saw on the wire. Figures and keys only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.ids import CallId


class Resolved(StrEnum):
    """Whether the caller got what they called for, in the words of the contact centre's own systems."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class EndedBy(StrEnum):
    """Who ended the call. `us`: an agent or a machine of the contact centre."""

    CALLER = "caller"
    US = "us"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How one call went, as the contact centre's systems tell it. What they do not know is left out. `queue` is a key, never a
    person's name or number; `language` a BCP 47 tag."""

    waited_seconds: int | None = None
    handled_seconds: int | None = None
    transfers: int | None = None
    resolved: Resolved = Resolved.UNKNOWN
    ended_by: EndedBy = EndedBy.UNKNOWN
    queue: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The same as Rightcall itself saw it on the wire: how long an agent was there, how many agents came after the first, and
    who left first, where the recording client said so."""

    handled_seconds: int | None
    transfers: int | None
    ended_by: EndedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOutcome:
    """One row. `report` is None where only the wire is known, `seen` where the call was not on our wire or is too fresh."""

    call: CallId
    report: Report | None
    seen: Seen | None
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Of calls of earlier days something was told or forgotten since it was last counted. `forgotten`: somebody's calls were."""

    forgotten: bool

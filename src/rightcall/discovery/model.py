"""What a scan finds and what it passes over. No value that was found is kept in any of these."""

from dataclasses import dataclass, field
from enum import StrEnum

from rightcall.discovery.detection.model import Finding
from rightcall.errors import Outage


class SourceGone(Outage):
    """The source itself cannot be read (any more)."""


class OutputGone(Outage):
    """Nobody takes the findings (any more)."""


class Reason(StrEnum):
    """Why an object was not read."""

    LINK = "symbolic link"
    SPECIAL = "socket, pipe or device"
    TOO_LARGE = "too large"
    PACKED = "compressed, an archive or an office document"
    BINARY = "not text"
    UNREADABLE = "could not be read"


class NotRead(Exception):
    """An object that is passed over, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    object: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    object: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """So much of this object has been read; `is_whole` at its end."""

    object: str
    bytes: int
    is_whole: bool


Event = Found | PassedOver | Read


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a scan amounts to so far."""

    objects: int = 0
    bytes: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)

    def count(self, event: Event) -> None:
        if isinstance(event, Found):
            self.findings[event.finding.type] = self.findings.get(event.finding.type, 0) + 1
        elif isinstance(event, PassedOver):
            self.skipped[event.reason.value] = self.skipped.get(event.reason.value, 0) + 1
        else:
            self.bytes += event.bytes
            self.objects += event.is_whole

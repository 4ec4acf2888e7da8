"""What a scan finds and what it passes over. No value that was found is kept in any of these."""

from dataclasses import dataclass, field
from enum import StrEnum

from rightcall.errors import Outage

LEAST = 0.4
"""What is less likely than this is not told, unless somebody asks for it."""


class SourceGone(Outage):
    """The source itself cannot be read (any more)."""


class OutputGone(Outage):
    """Nobody takes the findings (any more)."""


class Kind(StrEnum):
    PAYMENT_CARD = "payment_card"
    CARD_CODE = "card_code"
    IBAN = "iban"
    EMAIL = "email"
    PHONE = "phone"
    IP_ADDRESS = "ip_address"
    DATE_OF_BIRTH = "date_of_birth"
    US_SSN = "us_ssn"
    UK_NINO = "uk_nino"
    DE_STEUER_ID = "de_steuer_id"
    FR_NIR = "fr_nir"
    DK_CPR = "dk_cpr"
    SE_PERSONNUMMER = "se_personnummer"
    FI_HETU = "fi_hetu"
    NL_BSN = "nl_bsn"
    ES_DNI = "es_dni"
    ES_NIE = "es_nie"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a person in a text. Offsets count characters; `type` is a `Kind` or the name of a given pattern."""

    start: int
    end: int
    type: str
    confidence: float
    why: str

    def moved(self, by: int) -> "Finding":
        return Finding(start=self.start + by, end=self.end + by, type=self.type, confidence=self.confidence, why=self.why)


class Reason(StrEnum):
    """Why an object was not read."""

    LINK = "symbolic link"
    SPECIAL = "socket, pipe or device"
    TOO_LARGE = "too large"
    PACKED = "compressed, an archive or an office document"
    BINARY = "not text"
    UNREADABLE = "could not be read"


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

"""The data map: one thing that is held about a person, where it came from, until when, who used it, and what keeps it longer.

Whether a holding can still be read is not written here. It follows from the keys, and the vault alone knows them: so erasing
a person changes no row of the map, however much is held.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.errors import Malformed
from rightcall.ids import CallId, HoldId, HoldingId, PurposeId, StatementId, StreamId, SubjectId, VerdictId
from rightcall.policy.model import Act
from rightcall.purposes.model import LawfulBasis

_NAME = re.compile(r"[a-z](?:[a-z0-9]|-(?!-)){2,59}")
_LONG_NUMBER = re.compile(r"[0-9]{7}")


class HoldingKind(StrEnum):
    """A stream is what one party said in one call, as received. A field and a row live in another system."""

    STREAM = "stream"
    TRANSCRIPT = "transcript"
    FIELD = "field"
    ROW = "row"


class Source(StrEnum):
    """How a holding reached us."""

    SIPREC = "siprec"
    VCON = "vcon"
    API = "api"
    DERIVED = "derived"
    SCAN = "scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a holding came from: how, by whom, when, on which basis, made from which other holdings."""

    source: Source
    actor: Actor
    at: datetime
    basis: LawfulBasis
    derived_from: tuple[HoldingId, ...] = ()

    def __post_init__(self) -> None:
        if (self.source is Source.DERIVED) != bool(self.derived_from):
            raise Malformed("A derived holding names what it was made from, and no other holding does.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """For `purpose` it is kept until the end of `last_day` (UTC), and not a day longer."""

    purpose: PurposeId
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHolding:
    """`object_key` is empty where the bytes are not in our object store (a field, a row)."""

    id: HoldingId
    subject: SubjectId
    kind: HoldingKind
    terms: tuple[Term, ...]
    mediatype: str
    provenance: Provenance
    call: CallId | None = None
    stream: StreamId | None = None
    object_key: str = ""

    def __post_init__(self) -> None:
        if not self.terms:
            raise Malformed("A holding needs a purpose to be kept for. Name at least one, with its last day.")
        if len({term.purpose for term in self.terms}) != len(self.terms):
            raise Malformed("A holding has one term for each purpose. Name each purpose once.")
        if self.id in self.provenance.derived_from:
            raise Malformed("A holding is not made from itself. Name the holdings it was made from.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """`sealed_length`, `complete` and `sha256` (of the sealed bytes) are None until it is finished; `complete` is False where it
    was cut off, by a power loss say. `disposed_at`: when its bytes were confirmed gone."""

    id: HoldingId
    subject: SubjectId
    kind: HoldingKind
    call: CallId | None
    stream: StreamId | None
    terms: tuple[Term, ...]
    made_at: datetime
    mediatype: str
    provenance: Provenance
    object_key: str
    sealed_length: int | None
    complete: bool | None
    sha256: bytes | None
    disposed_at: datetime | None
    statement: StatementId

    @property
    def purposes(self) -> tuple[PurposeId, ...]:
        return tuple(term.purpose for term in self.terms)

    def last_day(self, purpose: PurposeId) -> date | None:
        """None where the holding does not serve that purpose."""
        return next((term.last_day for term in self.terms if term.purpose == purpose), None)


class Disposal(StrEnum):
    """How it was confirmed that a holding's bytes are gone."""

    BYTES_DELETED = "bytes_deleted"
    NOTHING_WRITTEN = "nothing_written"
    OTHER_SYSTEM_CONFIRMED = "other_system_confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One line of the access log: who did what with a holding, for which purpose, by which verdict."""

    holding: HoldingId
    subject: SubjectId
    purpose: PurposeId
    by: Actor
    act: Act
    verdict: VerdictId | None
    at: datetime
    statement: StatementId


class HoldReason(StrEnum):
    """Why something may be kept beyond its term: GDPR Art. 17(3)(a) to (e), each named."""

    FREE_EXPRESSION = "free_expression"
    LEGAL_OBLIGATION = "legal_obligation"
    PUBLIC_HEALTH = "public_health"
    ARCHIVING = "archiving"
    LEGAL_CLAIMS = "legal_claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The smallest thing that can be held: one holding, for one purpose."""

    holding: HoldingId
    purpose: PurposeId


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldName:
    """A hold's name is a file reference, never a person: lower-case letters, digits and single hyphens."""

    text: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.text) or _LONG_NUMBER.search(self.text):
            raise Malformed(
                "Name the hold by its file reference: 3 to 60 lower-case letters, digits and single hyphens, beginning with a "
                "letter, and no more than six digits in a row, for example dispute-2026-114."
            )

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A named, dated, owned reason to keep the smallest slice longer. `until`: the last day (UTC) that it keeps anything; after
    it the slices are dark at once, and the hold is lifted by itself."""

    id: HoldId
    name: HoldName
    reason: HoldReason
    owner: Actor
    placed_at: datetime
    until: date
    slices: tuple[Slice, ...]
    lifted_at: datetime | None
    statement: StatementId

    def keeps(self, today: date) -> bool:
        """Whether what it holds may be read, and goes on being kept."""
        return self.lifted_at is None and today <= self.until

    def slice_of(self, holding: HoldingId) -> Slice | None:
        return next((each for each in self.slices if each.holding == holding), None)

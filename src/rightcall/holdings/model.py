"""The data map: one thing that is held about a person, where it came from, until when, and who used it.

Whether a holding can still be read is not written here. It follows from the keys, and the vault alone knows them: so erasing
a person changes no row of the map, however much is held.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Self

from rightcall.actors import Actor
from rightcall.errors import Malformed
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.places import OURS, Part, Place
from rightcall.ids import CallId, HoldingId, PurposeId, StatementId, StreamId, SubjectId
from rightcall.purposes.model import LawfulBasis


class HoldingKind(StrEnum):
    """A stream is what one party said in one call, as received. A field, a row, a stretch of text and a file live in another
    system."""

    STREAM = "stream"
    TRANSCRIPT = "transcript"
    FIELD = "field"
    ROW = "row"
    TEXT = "text"
    FILE = "file"


class Source(StrEnum):
    """How a holding came to be: recorded, taken in, told by a program, made from others, found by a scan, typed in by somebody,
    brought in with others from elsewhere, or filled in on a form by the person."""

    SIPREC = "siprec"
    VCON = "vcon"
    API = "api"
    DERIVED = "derived"
    SCAN = "scan"
    ENTRY = "entry"
    IMPORT = "import"
    FORM = "form"


FIRST_HAND = frozenset({Source.SIPREC, Source.VCON, Source.API})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Where in its call it was heard or read: which turn, counted from 1, and when, in milliseconds since the call began."""

    turn: int | None = None
    from_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a holding came from: how, by whom, when, on which basis, made from which other holdings, or from which parts of them.
    `basis` is None where nobody has said one: of what lies elsewhere alone."""

    source: Source
    actor: Actor
    at: datetime
    basis: LawfulBasis | None
    derived_from: tuple[HoldingId, ...] = ()
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        if self.source is Source.DERIVED and not self.derived_from:
            raise Malformed("A derived holding names what it was made from.")
        if self.derived_from and self.source in FIRST_HAND:
            raise Malformed("What was recorded or taken in was made from nothing that we hold. Name another source.")
        if any(part.origin not in self.derived_from for part in self.parts):
            raise Malformed("A part is of a holding that this one was made from. Name that holding too.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """For `purpose` it is kept until the end of `last_day` (UTC), and not a day longer. None: nobody has said how long, which
    is so only of what lies elsewhere."""

    purpose: PurposeId
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHolding:
    """What we keep ourselves. `object_key` is empty where the bytes are not in our object store."""

    id: HoldingId
    subject: SubjectId
    kind: HoldingKind
    terms: tuple[Term, ...]
    mediatype: str
    provenance: Provenance
    call: CallId | None = None
    stream: StreamId | None = None
    object_key: str = ""
    category: Category = Category.VOICE_COMMUNICATION_RECORDING

    def __post_init__(self) -> None:
        if not self.terms or len(self.last_days) != len(self.terms):
            raise Malformed("A holding needs a purpose to be kept for. Name at least one, with its last day.")
        _ = self.basis
        if len({term.purpose for term in self.terms}) != len(self.terms):
            raise Malformed("A holding has one term for each purpose. Name each purpose once.")
        if self.id in self.provenance.derived_from:
            raise Malformed("A holding is not made from itself. Name the holdings it was made from.")

    @property
    def basis(self) -> LawfulBasis:
        """What we keep ourselves has one."""
        if self.provenance.basis is None:
            raise Malformed("A holding needs a lawful basis to be kept on. Name it.")
        return self.provenance.basis

    @property
    def last_days(self) -> tuple[date, ...]:
        """One for each purpose, in the same order."""
        return tuple(term.last_day for term in self.terms if term.last_day is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewForeign:
    """What another system keeps about a person, so that it stands on the map: where it lies, never the value. Its purpose,
    basis and term are what is known of them. `id` may be that of the finding it comes from: registered again, nothing changes.
    `sensitivity` None: that of its category."""

    id: HoldingId
    subject: SubjectId
    category: Category
    place: Place
    provenance: Provenance
    kind: HoldingKind = HoldingKind.FIELD
    terms: tuple[Term, ...] = ()
    sensitivity: Sensitivity | None = None
    mediatype: str = "text/plain"
    call: CallId | None = None
    heard: Heard | None = None

    def __post_init__(self) -> None:
        if self.place.system is None:
            raise Malformed("This is for what another system keeps. Name the system; what we keep ourselves is recorded.")
        if self.heard is not None and self.call is None:
            raise Malformed("A turn or a time is of a call. Name the call.")
        if len({term.purpose for term in self.terms}) != len(self.terms):
            raise Malformed("A holding has one term for each purpose. Name each purpose once.")
        if len({term.last_day is None for term in self.terms}) > 1:
            raise Malformed("Say the last day of each purpose, or of none.")
        if self.id in self.provenance.derived_from:
            raise Malformed("A holding is not made from itself. Name the holdings it was made from.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What came of a batch: `new` on the map; `back` where they had been gone; `known` that were there already. `statement` is
    None where nothing changed."""

    new: tuple[HoldingId, ...]
    back: tuple[HoldingId, ...]
    known: int
    statement: StatementId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFor:
    """A holding, until when it is kept for one purpose, and whether we keep it ourselves."""

    holding: HoldingId
    last_day: date
    is_ours: bool


class Remnants(NamedTuple):
    """What is to be let go of holdings of ours: their bytes. Of many, `place` is what their keys begin with, and each ends with
    its id; of one that lies alone it is its key, and empty where nothing was written. `is_finished`: nobody writes them any
    more."""

    place: str
    holdings: Sequence[HoldingId]
    is_finished: bool
    lie_together: bool = False

    def lies_with(self, other: Self) -> bool:
        return self.lie_together and self.place == other.place

    def without(self, staying: Collection[HoldingId]) -> Self:
        return self._replace(holdings=[each for each in self.holdings if each not in staying])


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """`sealed_length`, `complete` and `sha256` (of the sealed bytes) are None until it is finished; `complete` is False where it
    was cut off, by a power loss say. `disposed_at`: when its bytes were confirmed gone. `gone_at`: since when a scan does not
    find it in its system any more; `unlinked_at`: since when it is known not to be about its subject, whose it is then nobody
    knows, and it is gone from them too. `sealed_place`: what of its place only its person's key opens."""

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
    category: Category = Category.VOICE_COMMUNICATION_RECORDING
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    place: Place = OURS
    sealed_place: bytes | None = field(default=None, repr=False)
    heard: Heard | None = None
    gone_at: datetime | None = None
    unlinked_at: datetime | None = None

    @property
    def is_ours(self) -> bool:
        """Whether we keep it ourselves. Else another system does, and no lock of ours is on it."""
        return self.place.system is None

    @property
    def is_there(self) -> bool:
        """Neither disposed of nor gone from where it was."""
        return self.disposed_at is None and self.gone_at is None

    @property
    def is_cut(self) -> bool:
        """A stretch of a recording that was sealed anew for a hold: nothing but the hold's key ever opened it."""
        return self.kind is HoldingKind.STREAM and self.provenance.source is Source.DERIVED

    @property
    def remnants(self) -> Remnants | None:
        """None where there is nothing of ours any more."""
        if not self.is_ours or self.disposed_at is not None:
            return None
        return Remnants(self.object_key, (self.id,), is_finished=not self.object_key or self.complete is not None)

    @property
    def purposes(self) -> tuple[PurposeId, ...]:
        return tuple(term.purpose for term in self.terms)

    def last_day(self, purpose: PurposeId) -> date | None:
        """None where the holding does not serve that purpose, and where nobody has said until when."""
        return next((term.last_day for term in self.terms if term.purpose == purpose), None)


class Disposal(StrEnum):
    """How it was confirmed that a holding's bytes are gone."""

    BYTES_DELETED = "bytes_deleted"
    NOTHING_WRITTEN = "nothing_written"
    OTHER_SYSTEM_CONFIRMED = "other_system_confirmed"
